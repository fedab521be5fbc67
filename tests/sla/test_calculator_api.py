"""The goal calculator by REST."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from accounts.enums import Scope
from accounts.models import User
from sla.models import Agreement, SavedScenario
from tests.leads.api.conftest import caller

pytestmark = pytest.mark.django_db
GOAL = {
    "customers": "1",
    "starts": "2026-04-15",
    "stages": ["LEAD", "MQL"],
    "shares": {"LEAD": "3/10", "MQL": "1/3"},
    "lags": {"MQL": "40"},
}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


def test_one_customer_needs_three_mqls_and_ten_leads(rep: User) -> None:
    answer = caller(rep, Scope.LEADS_READ).post(
        "/api/v1/goal-calculator/", {**GOAL, "customers": "2/3"}, format="json"
    )
    assert answer.status_code == 200
    told = [(one["stage"], one["needed"], one["exact"]) for one in answer.json()["stages"]]
    assert told == [("LEAD", 7, "20/3"), ("MQL", 2, "2"), ("CUSTOMER", 1, "2/3")]
    assert answer.json()["stages"][1]["first_on"] == "2026-02-20"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"customers": "0"}, "customers"),
        ({"revenue": "5"}, "revenue"),
        ({"shares": {"CUSTOMER": "1"}}, "shares"),
        ({"shares": {"MQL": "1.5"}}, "shares"),
        ({"shares": {"MQL": "1/0"}}, "shares"),
        ({"stages": []}, "stages"),
        ({"starts": "1999-12-31"}, "starts"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(
    rep: User, wrong: dict[str, object], field: str
) -> None:
    api = caller(rep, Scope.LEADS_READ)
    answer = api.post("/api/v1/goal-calculator/", {**GOAL, **wrong}, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_a_scenario_is_kept_read_promised_and_deleted(manager_sales: User) -> None:
    api = caller(manager_sales, Scope.LEADS_READ, Scope.LEADS_WRITE)
    kept = api.post("/api/v1/scenarios/", {**GOAL, "name": "Spring"}, format="json")
    assert kept.status_code == 201
    url = f"/api/v1/scenarios/{kept.json()['id']}/"
    assert api.get(url).json() == api.get("/api/v1/scenarios/").json()[0]
    assert [one["needed"] for one in api.get(url).json()["answer"]["stages"]] == [10, 3, 1]
    promised = api.post(f"{url}promise/", {}, format="json")
    assert promised.status_code == 200
    assert promised.json()["number"] == Agreement.objects.get().number
    assert api.delete(url).status_code == 204
    assert SavedScenario.objects.count() == 0
