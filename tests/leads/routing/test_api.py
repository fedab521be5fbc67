"""Take, give, reassign, assignments, pools, rules and the rehearsal by REST."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from leads.enums import LifecycleStage, QueueKind
from leads.models import Assignment, Lead, PoolMember, RoutingPool, RoutingRule
from leads.services.queues import queue_of
from tests.factories import member
from tests.leads.api.conftest import caller
from tests.leads.records import facts, lead_at
from tests.leads.routing.pools import country, pool_of, rule_for

pytestmark = pytest.mark.django_db
S = LifecycleStage


@pytest.fixture
def greta(sales):
    return member("greta@acme.test", Role.REP, team=sales, name="Greta Villa")


def test_take(rep):
    lead = lead_at(S.MQL)
    answer = caller(rep).post(f"/api/v1/leads/{lead.pk}/take/", {}, format="json")
    body = answer.json()
    assert (answer.status_code, body["lead"]["owner"]["id"]) == (200, rep.pk)
    caller(rep).post(f"/api/v1/leads/undo/{body['undo']['id']}/", {}, format="json")
    assert Lead.objects.get().owner is None


def test_a_repeated_take_is_answered_the_same(rep):
    lead = lead_at(S.MQL)
    client, url = caller(rep), f"/api/v1/leads/{lead.pk}/take/"
    first, again = (
        client.post(url, {}, format="json", headers={"Idempotency-Key": "k1"}) for _n in range(2)
    )
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "body", "status", "code"),
    [
        ("rep", {}, 409, "taken_meanwhile"),
        ("marketer", {"expected_version": 1}, 409, "taken_meanwhile"),
        ("rep", {"expected_version": 9}, 409, "changed_meanwhile"),
        ("rep", {"expected_version": 0}, 400, "invalid"),
    ],
)
def test_a_refused_take_changes_nothing(  # noqa: PLR0917  # a table
    who, body, status, code, request, greta
):
    lead = lead_at(S.MQL, owner=greta)
    before = facts(lead)
    client = caller(request.getfixturevalue(who))
    answer = client.post(f"/api/v1/leads/{lead.pk}/take/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (facts(lead), Assignment.objects.count()) == (before, 0)


def test_a_missing_right_is_403(marketer):
    lead = lead_at(S.MQL)
    answer = caller(marketer).post(f"/api/v1/leads/{lead.pk}/take/", {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_side")


def test_give(rep, greta, manager_sales):
    lead = lead_at(S.SAL, owner=rep)
    body = {"person": greta.pk, "note": "Her region.", "expected_owner": rep.pk}
    url = f"/api/v1/leads/{lead.pk}/give/"
    answer = caller(manager_sales).post(url, body, format="json")
    assert (answer.status_code, answer.json()["lead"]["owner"]["name"]) == (200, "Greta Villa")
    assert Assignment.objects.get().note == "Her region."
    again = caller(manager_sales).post(url, {**body, "person": rep.pk}, format="json")
    assert (again.status_code, again.json()["message"]) == (
        409,
        "Dario Greco gave this lead to Greta Villa meanwhile.",
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"queue": False}, 400),
        ({"person": 1, "pool": 1}, 400),
        ({"person": 10**9}, 422),
        ({"pool": 10**9}, 422),
    ],
    ids=str,
)
def test_a_gift_names_one_destination_that_is_there(body, status, rep, manager_sales):
    lead = lead_at(S.SAL, owner=rep)
    answer = caller(manager_sales).post(f"/api/v1/leads/{lead.pk}/give/", body, format="json")
    assert answer.status_code == status
    assert set(answer.json()["fields"]) <= {"person", "pool"}
    assert Lead.objects.get().owner == rep


def test_back_to_the_queue(rep, manager_sales):
    lead = lead_at(S.SAL, owner=rep)
    url = f"/api/v1/leads/{lead.pk}/give/"
    assert caller(manager_sales).post(url, {"queue": True}, format="json").status_code == 200
    lead.refresh_from_db()
    assert (lead.owner, lead.queue) == (None, queue_of(QueueKind.FALLBACK))


def test_reassign_all_of_a_person(rep, greta, manager_sales):
    leads = [lead_at(S.SAL, email=f"p{n}@acme.example", owner=rep) for n in range(3)]
    body = {"owner": rep.pk, "person": greta.pk}
    answer = caller(manager_sales).post("/api/v1/leads/reassign/", body, format="json").json()
    assert answer["assigned"] == [
        {"lead": lead.pk, "owner": greta.pk, "queue": None} for lead in leads
    ]
    assert answer["refused"] == []
    assert set(Lead.objects.values_list("owner", flat=True)) == {greta.pk}


def test_reassign_names_what_it_refused(rep, greta, manager_sales):
    mine, hers = lead_at(S.SAL, owner=rep), lead_at(S.SAL, email="b@b.example", owner=greta)
    body = {"leads": [mine.pk, hers.pk], "person": greta.pk}
    answer = caller(manager_sales).post("/api/v1/leads/reassign/", body, format="json").json()
    assert [one["lead"] for one in answer["assigned"]] == [mine.pk]
    assert [(one["lead"], one["code"]) for one in answer["refused"]] == [(hers.pk, "already_there")]


@pytest.mark.parametrize("body", [{"queue": True}, {"queue": True, "leads": [1], "owner": 1}])
def test_reassign_names_leads_in_one_way(body, manager_sales):
    answer = caller(manager_sales).post("/api/v1/leads/reassign/", body, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["leads"])


def test_assignments(rep, manager_sales):
    lead = lead_at(S.MQL)
    client = caller(rep)
    client.post(f"/api/v1/leads/{lead.pk}/take/", {}, format="json")
    caller(manager_sales).post(f"/api/v1/leads/{lead.pk}/give/", {"queue": True}, format="json")
    rows = client.get(f"/api/v1/leads/{lead.pk}/assignments/").json()
    assert [(row["cause"], row["queue"], row["owner"] and row["owner"]["id"]) for row in rows] == [
        ("REASSIGNED", "FALLBACK", None),
        ("TAKEN", None, rep.pk),
    ]


def test_pools_rules_and_the_rehearsal(rep, manager_sales):
    client = caller(manager_sales)
    seat = {"person": rep.pk, "weight": 2, "capacity": 5}
    pool = client.post("/api/v1/routing/pools/", {"name": "Italy", "people": [seat]}, format="json")
    assert pool.status_code == 201
    assert PoolMember.objects.get().capacity == 5
    body = {"name": "Italy", "pool": pool.json()["id"], "conditions": [country("Italy")]}
    rule = client.post("/api/v1/routing/rules/", body, format="json")
    assert (rule.status_code, rule.json()["position"]) == (201, 1)
    lead = lead_at(S.LEAD, country="Italy")
    (row,) = client.get("/api/v1/routing/rehearsal/").json()
    assert (row["lead"], row["owner"]["id"], row["cause"]) == (lead.pk, rep.pk, "RULE")
    assert row["why"] == {"rule": "Italy", "pool": "Italy"}
    (listed,) = client.get("/api/v1/routing/pools/").json()
    assert listed["people"] == [{**seat, "name": "Bruno Conti", "load": 0, "hindrance": ""}]
    assert [one["name"] for one in client.get("/api/v1/routing/rules/").json()] == ["Italy"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("pools", {"name": "X", "people": [{"person": 10**9}]}, "people"),
        ("pools", {"name": "Italy", "people": []}, "name"),
        ("rules", {"name": "X", "pool": 10**9}, "pool"),
        ("rules", {"name": "X", "pool": 0, "conditions": [{"kind": "magic"}]}, "conditions"),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_field(path, body, field, rep, manager_sales):
    pool = pool_of(rep, name="Italy")
    body = {**body, "pool": pool.pk} if body.get("pool") == 0 else body
    answer = caller(manager_sales).post(f"/api/v1/routing/{path}/", body, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert (RoutingPool.objects.count(), RoutingRule.objects.count()) == (1, 0)


def test_reps_set_nothing(rep):
    pool = rule_for(pool_of(rep)).pool
    body = {"name": "Mine", "pool": pool.pk}
    answer = caller(rep).post("/api/v1/routing/rules/", body, format="json")
    assert answer.status_code == 403
    assert RoutingRule.objects.count() == 1
