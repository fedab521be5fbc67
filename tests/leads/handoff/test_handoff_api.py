"""The verbs by REST: one endpoint each, and words for every no."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from leads.enums import Disposition, LifecycleStage
from leads.models import Competitor, Feedback, Lead, Queue, Reason, StageTransition
from tests.conftest import AT
from tests.leads.api.conftest import caller
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition


def post(client, lead: Lead, verb: str, **data):
    return client.post(f"/api/v1/leads/{lead.pk}/{verb}/", data, format="json")


def standing_of(lead: Lead) -> tuple[str, str]:
    lead.refresh_from_db()
    return lead.stage, lead.disposition


def test_each_verb_does_what_it_says(marketer, rep):
    globex = Competitor.objects.create(name="Globex", key="globex")
    marketing, sales = caller(marketer), caller(rep)
    cases = [
        (marketing, S.LEAD, "qualify", {"answers": {"budget": True}}, (S.MQL, D.OPEN)),
        (marketing, S.LEAD, "nurture", {}, (S.LEAD, D.RECYCLED)),
        (marketing, S.LEAD, "disqualify", {"reason": "spam"}, (S.LEAD, D.DISQUALIFIED)),
        (sales, S.MQL, "accept", {"fit_rating": 5}, (S.SAL, D.OPEN)),
        (sales, S.MQL, "reject", {"reason": "wrong_fit"}, (S.MQL, D.DISQUALIFIED)),
        (sales, S.SAL, "recycle", {"reason": "no_contact"}, (S.SAL, D.RECYCLED)),
        (sales, S.SQL, "disqualify", {"reason": "wrong_fit"}, (S.SQL, D.DISQUALIFIED)),
        (sales, S.SQL, "lose", {"reason": "bought_elsewhere", "competitor": globex.pk},
         (S.SQL, D.LOST)),
    ]  # fmt: skip
    for n, (client, stage, verb, data, there) in enumerate(cases):
        lead = lead_at(stage, owner=rep if stage != S.LEAD else None, email=f"p{n}@acme.example")
        answer = post(client, lead, verb, **data)
        assert (answer.status_code, standing_of(lead)) == (200, there), verb
        body = answer.json()
        assert (body["lead"]["stage"], body["lead"]["disposition"]) == there
        assert body["undo"]["id"]


def test_bad_data_goes_and_comes_back(marketer, rep):
    lead = lead_at(S.MQL, owner=rep)
    body = post(caller(rep), lead, "reject", reason="bad_data", note="No phone").json()["lead"]
    assert (body["queue"], body["owner"], body["returned_at"] is not None) == ("FIX", None, True)
    body = post(caller(marketer), lead, "rework-done").json()["lead"]
    assert (body["queue"], body["owner"]["id"], body["returned_at"]) == (None, rep.pk, None)


def test_a_decision_is_undone_by_its_id(rep):
    lead = lead_at(S.MQL, owner=rep)
    undo = post(caller(rep), lead, "accept").json()["undo"]
    url = f"/api/v1/leads/undo/{undo['id']}/"
    assert caller(rep).post(url).json() == {"leads": [lead.pk]}
    assert standing_of(lead) == (S.MQL, D.OPEN)
    again = caller(rep).post(url)
    assert (again.status_code, again.json()["code"]) == (409, "already_undone")


def test_after_the_window_the_undo_is_refused(rep):
    lead = lead_at(S.MQL, owner=rep)
    with time_machine.travel(AT, tick=False):
        client = caller(rep)
        undo = post(client, lead, "accept").json()["undo"]
        assert undo["until"] == "2026-03-03T10:00:10Z"
    with time_machine.travel(AT + timedelta(seconds=10, microseconds=1), tick=False):
        answer = client.post(f"/api/v1/leads/undo/{undo['id']}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late")
    assert standing_of(lead) == (S.SAL, D.OPEN)


def test_the_fit_is_rated_later(rep, marketer):
    lead = lead_at(S.MQL, owner=rep)
    assert post(caller(rep), lead, "rate", fit_rating=4).json()["code"] == "not_decided"
    post(caller(rep), lead, "accept")
    assert post(caller(marketer), lead, "rate", fit_rating=4).status_code == 403
    assert post(caller(rep), lead, "rate", fit_rating=6).status_code == 400
    assert post(caller(rep), lead, "rate", fit_rating=4).status_code == 200
    assert Feedback.objects.get().fit_rating == 4


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        ({"reason": "weather"}, 409, "reason_unknown"),
        ({"reason": "other"}, 409, "disposition_needed"),
        ({"reason": "other", "disposition": "LOST"}, 409, "reason_note_needed"),
        ({"reason": "duplicate"}, 409, "no_other_lead"),
        ({"reason": "not_now", "until": "2020-01-01T00:00:00Z"}, 409, "until_is_past"),
        ({"reason": "bought_elsewhere", "competitor": 77}, 400, "invalid"),
        ({}, 400, "invalid"),
    ],
)
def test_a_refused_rejection_says_why_and_changes_nothing(data, status, code, rep):
    lead = lead_at(S.MQL, owner=rep)
    before = facts(lead)
    answer = post(caller(rep), lead, "reject", **data)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert facts(lead) == before
    assert Feedback.objects.count() == 0


def test_a_duplicate_of_another_person_is_refused_at_its_field(rep):
    lead = lead_at(S.MQL, owner=rep)
    berta = lead_at(S.SAL, owner=rep, email="berta@acme.example", given_name="Berta")
    before = (facts(lead), facts(berta))
    answer = post(caller(rep), lead, "reject", reason="duplicate", duplicate_of=berta.pk)
    said = "That lead is Berta's, another contact. Merge the two contacts first."
    assert answer.status_code == 409
    assert answer.json() == {
        "code": "other_person", "message": said, "fields": {"duplicate_of": [said]},
    }  # fmt: skip
    assert (facts(lead), facts(berta)) == before


def test_a_missing_right_is_403_and_an_unknown_lead_404(marketer, rep):
    lead = lead_at(S.MQL)
    answer = post(caller(marketer), lead, "accept")
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_side")
    lead.pk = 0
    assert post(caller(rep), lead, "accept").status_code == 404


def test_what_is_missing_for_an_mql_is_named(marketer):
    from leads.models import StageDefinition  # noqa: PLC0415

    StageDefinition.objects.filter(stage="MQL", state="IN_FORCE").update(state="RETIRED")
    StageDefinition.objects.create(
        stage="MQL", version=2, state="IN_FORCE", responsible="SHARED", created_at=AT,
        criteria=[
            {"kind": "filled", "field": "contact.phone", "required": True},
            {"kind": "question", "key": "budget", "label": "Has a budget", "required": True},
        ],
    )  # fmt: skip
    lead = lead_at(S.LEAD)
    before = facts(lead)
    answer = post(caller(marketer), lead, "qualify")
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (
        409, "criteria_missing", "MQL still asks for: Phone is filled in, Has a budget.",
    )  # fmt: skip
    assert facts(lead) == before
    lead.contact.phone = "1"
    lead.contact.save(update_fields=["phone"])
    assert post(caller(marketer), lead, "qualify", answers={"budget": True}).status_code == 200
    kept = StageTransition.objects.get(lead=lead, to_stage="MQL").evidence
    assert [one["met"] for one in kept["definitions"][-1]["criteria"]] == [True, True]


def test_the_same_key_decides_once(rep):
    lead = lead_at(S.MQL, owner=rep)
    client = caller(rep)
    url, key = f"/api/v1/leads/{lead.pk}/accept/", {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first = client.post(url, {}, format="json", **key)
    second = client.post(url, {}, format="json", **key)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert lead.transitions.filter(to_stage="SAL").count() == 1


def test_the_reasons_are_listed_as_the_pad_has_them(rep):
    Reason.objects.filter(code="spam").update(is_active=False)
    rows = caller(rep).get("/api/v1/reasons/").json()
    assert [row["key"] for row in rows[:9]] == [1, 2, 3, 4, 5, 6, 7, 8, None]
    assert "spam" not in [row["code"] for row in rows]
    assert rows[0] == {
        "code": "not_now", "label": "Not now", "outcome": "RECYCLE",
        "dispositions": ["RECYCLED"], "key": 1, "note_needed": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "disposition", "allowed"),
    [
        (S.LEAD, D.OPEN, True), (S.MQL, D.OPEN, True), (S.SAL, D.OPEN, False),
        (S.SQL, D.OPEN, False), (S.OPPORTUNITY, D.OPEN, False), (S.SAL, D.RECYCLED, True),
        (S.CUSTOMER, D.WON, True),
    ],
)  # fmt: skip
def test_marketing_mail_rests_while_sales_works(stage, disposition, allowed, rep):
    lead = lead_at(stage, disposition)
    body = caller(rep).get(f"/api/v1/leads/{lead.pk}/").json()
    assert body["marketing_mail_allowed"] is allowed


def test_without_seeded_rows_the_verbs_work_all_the_same(rep):
    Reason.objects.all().delete()
    Queue.objects.all().delete()
    lead = lead_at(S.MQL, owner=rep)
    assert post(caller(rep), lead, "reject", reason="not_now").status_code == 200
    assert standing_of(lead) == (S.MQL, D.RECYCLED)
