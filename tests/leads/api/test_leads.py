"""The API of leads: shapes, rights, idempotency, errors of one form, statements."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.enums import Scope
from leads.enums import Cause, Disposition, LifecycleStage
from leads.models import Campaign, Contact, Lead, ProductLine, Source, StageTransition
from tests.leads.api.conftest import caller
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
LEADS = "/api/v1/leads/"


def test_a_lead_reads_whole(marketer_api, rep):
    line = ProductLine.objects.create(name="Disks", key="disks")
    lead = lead_at(
        S.MQL, owner=rep, given_name="Anna", family_name="Rossi", company="Acme",
        product_line_id=line.pk, score=42,
    )  # fmt: skip
    body = marketer_api.get(f"{LEADS}{lead.pk}/").json()
    created = lead.created_at.isoformat().replace("+00:00", "Z")
    assert body == {
        "id": lead.pk, "stage": "MQL", "disposition": "OPEN", "origin": "marketing",
        "returning": False, "score": 42,
        "contact": {
            "id": lead.contact_id, "name": "Anna Rossi", "email": "anna@acme.example",
            "given_name": "Anna", "family_name": "Rossi", "phone": "", "job_title": "",
            "country": "", "city": "",
            "company": {"id": lead.contact.company_id, "name": "Acme"},
        },
        "owner": {"id": rep.pk, "name": "Bruno Conti", "email": "bruno@acme.test"},
        "source": None, "campaign": None, "product_line": {"id": line.pk, "name": "Disks"},
        "lead_at": lead.lead_at.isoformat().replace("+00:00", "Z"),
        "mql_at": lead.mql_at.isoformat().replace("+00:00", "Z"),
        "sal_at": None, "sql_at": None, "opportunity_at": None, "customer_at": None,
        "closed_at": None, "created_at": created, "queue": None, "returned_at": None,
        "nurture_until": None, "marketing_mail_allowed": True, "version": lead.version,
    }  # fmt: skip


def test_creating_answers_201_then_200_and_makes_one(marketer_api, marketer):
    Campaign.objects.create(name="Fair", key="fair", channel="event")
    body = {
        "email": "Anna@ACME.example", "given_name": "Anna", "source": "google", "campaign": "FAIR",
    }  # fmt: skip
    first = marketer_api.post(LEADS, body)
    again = marketer_api.post(LEADS, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (Contact.objects.count(), Lead.objects.count(), Source.objects.count()) == (1, 1, 1)
    row = StageTransition.objects.get()
    assert (row.cause, row.actor) == (Cause.API, marketer)
    lead = Lead.objects.get()
    assert (lead.source.name, lead.campaign.name) == ("google", "Fair")


def test_a_source_is_one_in_any_spelling(marketer_api):
    for n, name in enumerate(["Google", "google", " GOOGLE "]):
        marketer_api.post(LEADS, {"email": f"p{n}@acme.example", "source": name})
    assert list(Source.objects.values_list("name", flat=True)) == ["Google"]


def test_a_contact_may_be_known_by_its_outside_id_only(marketer_api):
    body = {"external_id": {"system": "crm", "id": "7"}}
    assert marketer_api.post(LEADS, body).status_code == 201
    assert marketer_api.post(LEADS, body).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"email": "nobody"}, 400, "invalid", "email"),
        ({"email": "a@acme.example", "stage": "CUSTOMER"}, 400, "invalid", "stage"),
        ({"email": "a@acme.example", "given_name": "x\x00"}, 400, "invalid", "given_name"),
        ({"external_id": {"system": "CRM!", "id": "7"}}, 400, "invalid", "external_id"),
        ({}, 422, "bad_input", "email"),
        ({"email": "a@acme.example", "campaign": "none"}, 422, "bad_input", "campaign"),
        ({"email": "a@acme.example", "product_line": "x"}, 422, "bad_input", "product_line"),
    ],
)
def test_bad_input_names_its_field_and_leaves_nothing(body, status, code, field, marketer_api):
    answer = marketer_api.post(LEADS, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert list(answer.json()["fields"]) == [field]
    assert (Contact.objects.count(), Lead.objects.count()) == (0, 0)


def test_a_new_source_does_not_outlive_a_refusal(rep_api):
    answer = rep_api.post(LEADS, {"email": "a@acme.example", "stage": "MQL", "source": "New"})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_side")
    assert Source.objects.count() == 0


def test_moving_and_being_refused(marketer_api, rep_api):
    lead = lead_at(S.LEAD)
    url = f"{LEADS}{lead.pk}/move/"
    moved = marketer_api.post(url, {"to_stage": "MQL", "expected": "LEAD"})
    assert (moved.status_code, moved.json()["stage"]) == (200, "MQL")
    before = facts(lead)
    again = marketer_api.post(url, {"to_stage": "MQL"})
    assert (again.status_code, again.json()) == (
        409,
        {
            "code": "already_there",
            "message": "Alice Rossi has already moved this lead to MQL.",
            "fields": {},
        },
    )
    foreign = marketer_api.post(url, {"to_stage": "SAL"})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "wrong_side")
    unclear = rep_api.post(url, {})
    assert (unclear.status_code, list(unclear.json()["fields"])) == (400, ["to_stage"])
    no_reason = rep_api.post(url, {"disposition": "RECYCLED"})
    assert (no_reason.status_code, no_reason.json()["code"]) == (409, "reason_needed")
    assert facts(lead) == before
    closed = rep_api.post(url, {"disposition": "RECYCLED", "reason": "not_now"})
    assert closed.json()["disposition"] == "RECYCLED"


def test_rights(marketer, newcomer, facilitator):
    lead = lead_at(S.LEAD)
    url = f"{LEADS}{lead.pk}/"
    reader = caller(marketer, Scope.LEADS_READ)
    assert APIClient().get(LEADS).status_code == 401
    assert caller(newcomer).get(LEADS).status_code == 403
    assert reader.get(LEADS).status_code == 200
    assert reader.post(LEADS, {"email": "a@acme.example"}).status_code == 403
    assert reader.post(f"{url}move/", {"to_stage": "MQL"}).status_code == 403
    assert caller(marketer, Scope.LEADS_WRITE).get(LEADS).status_code == 403
    assert caller(facilitator).get(url).status_code == 200
    assert caller(facilitator).post(f"{url}move/", {"to_stage": "MQL"}).status_code == 403
    assert caller(marketer).get(f"{LEADS}{lead.pk + 1}/").status_code == 404
    assert Lead.objects.count() == 1


def test_reps_see_their_team_only_where_that_is_set(rep, sales, manager_sales, organisation):
    api = caller(rep)
    mine, foreign = lead_at(S.SAL, owner=rep), lead_at(S.LEAD, email="b@acme.example")
    assert len(api.get(LEADS).json()["results"]) == 2
    type(organisation).objects.update(reps_see_own_team_only=True)
    assert [row["id"] for row in api.get(LEADS).json()["results"]] == [mine.pk]
    assert api.get(f"{LEADS}{foreign.pk}/").status_code == 404
    assert api.post(f"{LEADS}{foreign.pk}/move/", {"to_stage": "SAL"}).status_code == 404
    assert len(caller(manager_sales).get(LEADS).json()["results"]) == 2


def test_pages_go_forth_and_back(marketer_api):
    ids = [lead_at(S.LEAD, email=f"p{n}@acme.example").pk for n in range(5)][::-1]
    first = marketer_api.get(f"{LEADS}?size=2").json()
    second = marketer_api.get(first["next"]).json()
    third = marketer_api.get(second["next"]).json()
    assert [[r["id"] for r in page["results"]] for page in (first, second, third)] == [
        ids[:2], ids[2:4], ids[4:],
    ]  # fmt: skip
    assert (first["previous"], third["next"]) == (None, None)
    back = marketer_api.get(third["previous"]).json()
    assert back["results"] == second["results"]
    assert marketer_api.get(back["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    "query",
    ["size=0", "size=101", "size=1e9", "size=x", "sort=email", "after=x", "before=%00",
     "stage=PROSPECT", "source=abc", "source=99999999999999999999", "began_from=31-02-2026",
     "owner=everyone", "disposition=GONE"],
)  # fmt: skip
def test_unreadable_queries_are_refused_with_a_reason(query, marketer_api):
    answer = marketer_api.get(f"{LEADS}?{query}")
    assert answer.status_code == (
        404
        if query.startswith(("after", "before"))
        else 400
        if answer.json()["code"] == "invalid"
        else 422
    )
    assert set(answer.json()) == {"code", "message", "fields"}


@pytest.mark.parametrize("many", [1, 3, 50])
def test_a_page_costs_one_statement(many, marketer_api):
    for n in range(many):
        lead_at(S.LEAD, email=f"p{n}@c{n}.example")
    with CaptureQueriesContext(connection) as captured:
        assert len(marketer_api.get(LEADS).json()["results"]) == many
    mine = [q for q in captured if 'FROM "leads_lead"' in q["sql"]]
    # The token, its use noted, roles, teams; then the page.
    assert (len(mine), len(captured) <= 6) == (1, True)


def test_a_rep_who_sees_his_team_only_may_begin_what_he_does_not_see(rep_api, rep, organisation):
    type(organisation).objects.update(reps_see_own_team_only=True)
    body = {"email": "anna@acme.example"}
    first = rep_api.post(LEADS, body)
    assert (first.status_code, first.json()["contact"]["email"]) == (201, "anna@acme.example")
    again = rep_api.post(LEADS, body)
    assert (again.status_code, again.json()["code"]) == (409, "already_open")
    assert "id" not in again.json()
    assert Lead.objects.count() == 1
