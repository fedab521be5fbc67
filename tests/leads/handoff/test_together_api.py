"""One decision on several leads by REST: the refused are told, the others decided."""

from __future__ import annotations

import pytest

from leads.enums import LifecycleStage
from leads.models import Feedback
from leads.services.undoing import undo
from smarketing import time_source
from tests.leads.api.conftest import caller
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
S = LifecycleStage
URL = "/api/v1/leads/together/"
NOBODY = 2**31


def mqls(rep, n=2):
    return [lead_at(S.MQL, owner=rep, email=f"p{i}@acme.example") for i in range(n)]


def test_the_refused_are_told_and_the_rest_accepted(rep):
    first, second = mqls(rep)
    done = lead_at(S.SAL, owner=rep, email="s@acme.example")
    before = facts(done)
    body = {"leads": [first.pk, done.pk, NOBODY, second.pk, first.pk], "fit_rating": 4}
    answer = caller(rep).post(f"{URL}accept/", body, format="json")
    assert answer.status_code == 200
    told = answer.json()
    assert told["decided"] == [
        {"lead": lead.pk, "stage": "SAL", "disposition": "OPEN"} for lead in (first, second)
    ]
    assert [(one["lead"], one["code"]) for one in told["refused"]] == [
        (done.pk, "already_there"), (NOBODY, "not_found"),
    ]  # fmt: skip
    assert facts(done) == before
    assert list(Feedback.objects.values_list("fit_rating", flat=True)) == [4, 4]
    undo(told["undo"]["id"], actor=rep, at=time_source.now())
    first.refresh_from_db()
    assert first.stage == "MQL"


def test_several_are_rejected_for_one_reason_with_one_note(rep):
    leads = mqls(rep)
    body = {"leads": [lead.pk for lead in leads], "reason": "wrong_fit", "note": "Students."}
    answer = caller(rep).post(f"{URL}reject/", body, format="json")
    assert [one["disposition"] for one in answer.json()["decided"]] == ["DISQUALIFIED"] * 2
    assert set(Feedback.objects.values_list("reason", "text")) == {("wrong_fit", "Students.")}


def test_an_unknown_reason_or_another_side_changes_nothing(rep, marketer):
    leads = mqls(rep)
    before = [facts(lead) for lead in leads]
    ids = [lead.pk for lead in leads]
    client = caller(rep)
    for body in ({"leads": ids, "reason": "nonsense"}, {"leads": ids}, {"leads": []}):
        client.post(f"{URL}reject/", body, format="json")
    refused = caller(marketer).post(f"{URL}accept/", {"leads": ids}, format="json").json()
    assert (refused["decided"], refused["undo"]) == ([], None)
    assert [one["code"] for one in refused["refused"]] == ["wrong_side", "wrong_side"]
    assert [facts(lead) for lead in leads] == before


def test_several_are_qualified(marketer):
    leads = [lead_at(S.LEAD, email=f"p{i}@acme.example", company="Acme") for i in range(2)]
    body = {"leads": [lead.pk for lead in leads]}
    answer = caller(marketer).post(f"{URL}qualify/", body, format="json")
    assert [one["stage"] for one in answer.json()["decided"]] == ["MQL", "MQL"]


@pytest.mark.parametrize("n", [1, 3])
def test_it_costs_the_same_for_one_and_for_three(n, rep, django_assert_max_num_queries):
    ids = [lead.pk for lead in mqls(rep, n)]
    client = caller(rep)
    with django_assert_max_num_queries(18):
        answer = client.post(f"{URL}accept/", {"leads": ids}, format="json")
    assert len(answer.json()["decided"]) == n
