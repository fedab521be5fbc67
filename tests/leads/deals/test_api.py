"""Deals and campaigns by REST."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from rest_framework.test import APIClient

from accounts.enums import Scope
from accounts.models import Organisation
from accounts.services.tokens import create_token
from leads.models import Campaign, CustomerEvent, DealStep, Lead, Opportunity
from smarketing import time_source
from tests.leads.deals.deal_records import deal_of, sql_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(rep):
    return client_of(rep)


def client_of(user):
    at = time_source.now()
    _token, secret = create_token(
        user, name="T", scopes=tuple(Scope), expires_at=at + timedelta(days=1), at=at
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def post(client, path, body, **headers):
    return client.post(f"/api/v1/{path}", body, format="json", headers=headers)


def test_a_conversion_happens_once_and_says_so(api, rep, manager_sales):
    lead = sql_of(rep)
    path, body = f"leads/{lead.pk}/convert/", {"amount": "1200.50", "currency": "EUR"}
    made = post(api, path, body, **{"Idempotency-Key": "a"})
    assert made.status_code == 201
    assert (made.json()["amount"], made.json()["is_first"]) == ("1200.50", True)
    again = post(api, path, body, **{"Idempotency-Key": "a"})
    assert (again.status_code, again.json()) == (201, made.json())
    other = post(client_of(manager_sales), path, {"reason_note": "x"})
    assert (other.status_code, other.json()["code"]) == (409, "already_there")
    assert Opportunity.objects.count() == 1


@pytest.mark.parametrize("amount", ["-1", "NaN", "1e999", "9" * 30, "1.234,56", "1.001"])
def test_amounts_that_are_none_are_refused_at_the_field(amount, api, rep):
    lead = sql_of(rep)
    answer = post(api, f"leads/{lead.pk}/convert/", {"amount": amount})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["amount"])
    assert Lead.objects.get(pk=lead.pk).stage == "SQL"


def test_a_deal_is_read_changed_stepped_and_won(api, rep):
    deal = deal_of(rep, currency="USD")
    path = f"opportunities/{deal.pk}/"
    read = api.get(f"/api/v1/{path}").json()
    changed = post(api, f"{path}change/", {"note": "Keen", "version": read["version"]}).json()
    assert (changed["note"], changed["amount"]) == ("Keen", read["amount"])
    stale = post(api, f"{path}change/", {"note": "x", "version": read["version"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    DealStep.objects.create(name="Pilot", key="pilot", position=90)
    last = api.get("/api/v1/deal-steps/").json()[-1]
    moved = post(api, f"{path}step/", {"step": last["id"]}).json()
    assert (last["name"], moved["step"]["name"]) == ("Pilot", "Pilot")
    asked = post(api, f"{path}win/", {})
    assert (asked.status_code, list(asked.json()["fields"])) == (422, ["rate"])
    won = post(api, f"{path}win/", {"rate": "0.9"}).json()
    assert (won["state"], won["rate"], won["lead"]["stage"]) == ("WON", "0.90000000", "CUSTOMER")
    assert [d["id"] for d in api.get("/api/v1/opportunities/?state=WON").json()["results"]] == [
        deal.pk
    ]


def test_a_loss_names_reason_and_day(api, rep):
    deal = deal_of(rep)
    day = (time_source.now() + timedelta(days=60)).date().isoformat()
    body = {"reason": "price", "try_again_on": day}
    lost = post(api, f"opportunities/{deal.pk}/lose/", body).json()
    assert (lost["state"], lost["try_again_on"]) == ("LOST", day)
    assert lost["lead"]["disposition"] == "LOST"


def test_what_follows_the_sale_is_told(api, rep):
    deal = deal_of(rep)
    post(api, f"opportunities/{deal.pk}/win/", {})
    path = f"leads/{deal.lead_id}/customer-events/"
    zone = ZoneInfo(Organisation.objects.get().zone)
    today = time_source.now().astimezone(zone).date().isoformat()
    told = post(api, path, {"kind": "RENEWED", "occurred_on": today, "amount": "5"})
    assert (told.status_code, told.json()["amount"]) == (201, "5.00")
    assert [e["kind"] for e in api.get(f"/api/v1/{path}").json()] == ["RENEWED"]
    assert CustomerEvent.objects.get().actor == rep


def test_the_board_tells_its_totals_and_their_age(api, rep):
    deal_of(rep)
    body = api.get("/api/v1/board/?owner=me").json()
    column = next(c for c in body["columns"] if c["stage"] == "OPPORTUNITY")
    assert (column["count"], column["amounts"]) == (1, {"EUR": "10000.00"})
    assert body["counted_at"]


def test_campaigns_are_planned_by_marketing(api, marketer):
    planner = client_of(marketer)
    body = {"name": "Fair", "channel": "event", "budget": "100"}
    assert post(api, "campaigns/", body).status_code == 403
    made = post(planner, "campaigns/", body).json()
    assert (made["name"], made["budget"], made["leads"]) == ("Fair", "100.00", 0)
    path = f"campaigns/{made['id']}/"
    cost = post(planner, f"{path}costs/", {"spent_on": "2026-03-01", "amount": "7.5"}).json()
    assert api.get(f"/api/v1/{path}").json()["cost"] == "7.50"
    assert [c["id"] for c in api.get(f"/api/v1/{path}costs/").json()] == [cost["id"]]
    changed = post(planner, f"{path}change/", {**body, "name": "Fair 2"}).json()
    assert changed["name"] == "Fair 2"
    assert post(planner, f"{path}costs/{cost['id']}/remove/", {}).status_code == 204
    assert Campaign.objects.get().budget == Decimal(100)
    assert len(api.get("/api/v1/campaigns/").json()) == 1


def test_lists_refuse_what_they_cannot_read(api):
    for query, field in (("size=0", "size"), ("sort=x", "sort"), ("owner=x", "owner")):
        answer = api.get(f"/api/v1/opportunities/?{query}")
        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert api.get("/api/v1/opportunities/?after=made-up").status_code == 404
