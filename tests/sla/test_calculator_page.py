"""The goal calculator as a page: without JavaScript first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from sla.enums import AgreementState, CommitmentKind, Side
from sla.models import Agreement, Commitment, SavedScenario
from tests.sla.promising import in_force

pytestmark = pytest.mark.django_db
URL = "/sla/calculator/"
# One customer at 1/3 of MQLs and 3/10 of leads.
TYPED = {
    "aim": "customers",
    "amount": "1",
    "period": "MONTH",
    "starts": "2026-04-15",
    "stages": ["LEAD", "MQL"],
    "window": "90",
    "share_LEAD": "3/10",
    "share_MQL": "1/3",
    "lag_LEAD": "10",
    "lag_MQL": "40",
}
INPUTS = (
    "aim=customers&amount=1&period=MONTH&starts=2026-04-15&stages=LEAD&stages=MQL&window=90"
    "&share_LEAD=3%2F10&share_MQL=1%2F3&average_deal=&reps=4&hours=5&minutes=15&attempts=6"
)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


def needed(page: Any) -> list[tuple[str, int | None]]:
    return [(row.label, row.needed) for row in page.context["rows"]]


def test_one_customer_needs_three_mqls_and_ten_leads(client: Client, rep: User) -> None:
    client.force_login(rep)
    page = client.get(URL, TYPED)
    assert page.status_code == 200
    assert needed(page) == [("Lead", 10), ("MQL", 3), ("Customer", 1)]
    assert "Make these commitments" not in page.content.decode()


def test_leads_enter_as_much_before_as_they_take(client: Client, rep: User) -> None:
    client.force_login(rep)
    rows = client.get(URL, TYPED).context["rows"]
    entering = [(f"{row.row.first_on}", f"{row.row.last_on}") for row in rows]
    assert entering == [
        ("2026-02-10", "2026-03-11"),
        ("2026-02-20", "2026-03-21"),
        ("2026-04-01", "2026-04-30"),
    ]


def test_it_opens_with_an_answer_where_nothing_was_ever_measured(client: Client, rep: User) -> None:
    client.force_login(rep)
    page = client.get(URL)
    assert page.status_code == 200
    assert needed(page)[-1] == ("Customer", 10)
    assert "usual, nothing measured yet" in page.content.decode()


def test_revenue_without_any_deal_asks_for_one(client: Client, rep: User) -> None:
    client.force_login(rep)
    page = client.get(URL, {**TYPED, "aim": "revenue", "amount": "100,000"})
    assert page.status_code == 200
    assert "What is a deal worth?" in page.content.decode()
    told = client.get(
        URL, {**TYPED, "aim": "revenue", "amount": "100,000", "average_deal": "30000"}
    )
    assert needed(told)[-1] == ("Customer", 4)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "0"),
        ("amount", "many"),
        ("amount", ""),
        ("share_MQL", "101"),
        ("share_MQL", "2/1"),
        ("share_MQL", "1/0"),
        ("share_MQL", "-1"),
        ("lag_MQL", "3651"),
        ("stages", []),
        ("stages", ["CUSTOMER"]),
        ("window", "7"),
        ("starts", "1999-12-31"),
        ("reps", "-1"),
        ("hours", "25"),
        ("hours", "0"),
        ("marketing", "120"),
        ("average_deal", "0"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(
    client: Client, rep: User, field: str, value: Any
) -> None:
    client.force_login(rep)
    page = client.get(URL, {**TYPED, field: value})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]


def test_shares_of_stages_that_do_not_count_are_not_used(client: Client, rep: User) -> None:
    client.force_login(rep)
    page = client.get(URL, {**TYPED, "share_SAL": "50"})
    assert needed(page) == [("Lead", 10), ("MQL", 3), ("Customer", 1)]


def test_live_the_answer_alone_comes_back(client: Client, rep: User) -> None:
    client.force_login(rep)
    part = client.get(URL, TYPED, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="goal-answer"')
    assert 'id="id_share_MQL-hint" hx-swap-oob="true"' in part


def test_a_share_of_zero_is_told_without_a_number(client: Client, rep: User) -> None:
    client.force_login(rep)
    page = client.get(URL, {**TYPED, "share_MQL": "0"})
    assert needed(page) == [("Lead", None), ("MQL", None), ("Customer", 1)]


def test_a_scenario_is_kept_and_opened_as_it_was_typed(client: Client, rep: User) -> None:
    client.force_login(rep)
    kept = client.post(f"{URL}keep/", {"name": " Spring  plan ", "inputs": INPUTS})
    assert kept.status_code == 302
    row = SavedScenario.objects.get()
    assert row.name == "Spring plan"
    assert row.inputs["shares"] == {"LEAD": "3/10", "MQL": "1/3"}
    page = client.get(f"{URL}scenarios/{row.pk}/", follow=True)
    assert needed(page) == [("Lead", 10), ("MQL", 3), ("Customer", 1)]
    assert page.context["found"].period.first_on.isoformat() == "2026-04-01"


def test_a_name_is_used_once_and_the_goal_stays_typed(client: Client, rep: User) -> None:
    client.force_login(rep)
    for _again in range(2):
        page = client.post(f"{URL}keep/", {"name": "Plan", "inputs": INPUTS})
    assert page.status_code == 422
    assert "You keep one of this name already." in page.content.decode()
    assert needed(page) == [("Lead", 10), ("MQL", 3), ("Customer", 1)]
    assert SavedScenario.objects.count() == 1
    unnamed = client.post(f"{URL}keep/", {"name": " ", "inputs": INPUTS})
    assert unnamed.status_code == 422
    assert SavedScenario.objects.count() == 1


def test_scenarios_stand_side_by_side(client: Client, rep: User, marketer: User) -> None:
    for user, name in ((rep, "One"), (marketer, "Two")):
        client.force_login(user)
        client.post(f"{URL}keep/", {"name": name, "inputs": INPUTS})
    page = client.get(f"{URL}scenarios/")
    columns = page.context["columns"]
    assert [(one.row.name, one.may_delete) for one in columns] == [("Two", True), ("One", False)]
    assert dict(columns[0].lines)["Lead needed"] == "10"
    only = client.get(f"{URL}scenarios/", {"pick": columns[1].row.pk})
    assert [one.row.name for one in only.context["columns"]] == ["One"]


def test_another_ones_scenario_stays(client: Client, rep: User, marketer: User) -> None:
    client.force_login(rep)
    client.post(f"{URL}keep/", {"name": "One", "inputs": INPUTS})
    row = SavedScenario.objects.get()
    client.force_login(marketer)
    assert client.post(f"{URL}scenarios/{row.pk}/delete/").status_code == 403
    assert SavedScenario.objects.count() == 1
    client.force_login(rep)
    assert client.post(f"{URL}scenarios/{row.pk}/delete/").status_code == 302
    assert SavedScenario.objects.count() == 0


def test_the_list_costs_the_same_for_one_and_for_three(
    client: Client, rep: User, django_assert_num_queries: Any
) -> None:
    client.force_login(rep)
    client.post(f"{URL}keep/", {"name": "One", "inputs": INPUTS})
    client.get(f"{URL}scenarios/")
    with django_assert_num_queries(9):
        client.get(f"{URL}scenarios/")
    for name in ("Two", "Three"):
        client.post(f"{URL}keep/", {"name": name, "inputs": INPUTS})
    client.get(f"{URL}scenarios/")
    with django_assert_num_queries(9):
        client.get(f"{URL}scenarios/")


def test_a_goal_becomes_commitments_of_a_draft(client: Client, manager_sales: User) -> None:
    client.force_login(manager_sales)
    revenue = INPUTS.replace("aim=customers&amount=1", "aim=revenue&amount=100").replace(
        "average_deal=", "average_deal=100"
    )
    assert client.post(f"{URL}promise/", {"inputs": revenue}).status_code == 302
    draft = Agreement.objects.get(state=AgreementState.DRAFT)
    said = {
        (row.side, row.kind, row.stage, row.to_stage, row.target)
        for row in draft.commitments.filter(why__contains="goal calculator")
    }
    assert said == {
        (Side.BOTH, CommitmentKind.REVENUE, "", "", Decimal(10_000)),
        (Side.MARKETING, CommitmentKind.VOLUME, "LEAD", "", Decimal(10)),
        (Side.MARKETING, CommitmentKind.VOLUME, "MQL", "", Decimal(3)),
        (Side.SALES, CommitmentKind.VOLUME, "CUSTOMER", "", Decimal(1)),
        (Side.MARKETING, CommitmentKind.RATE, "LEAD", "MQL", Decimal("0.3")),
        (Side.SALES, CommitmentKind.RATE, "MQL", "CUSTOMER", Decimal("0.3333")),
        (Side.SALES, CommitmentKind.EFFORT, "", "", Decimal("0.2045")),  # 18 calls, 4 reps, 22 days
    }


def test_absurd_shares_are_told_kept_and_never_promised(
    client: Client, manager_sales: User
) -> None:
    client.force_login(manager_sales)
    absurd = urlencode(
        {"aim": "revenue", "amount": "100000000000", "average_deal": "0.01", "period": "MONTH",
         "window": "90", "stages": ["LEAD", "MQL", "SAL"], "share_LEAD": "1/999999999",
         "share_MQL": "1/999999999", "share_SAL": "1/99999999"},
        doseq=True,
    )  # fmt: skip
    page = client.get(f"{URL}?{absurd}")
    # 10^13 customers at one in 999 999 999 · 999 999 999 · 99 999 999 come of so many leads.
    leads = 10**13 * 999_999_999 * 999_999_999 * 99_999_999
    assert needed(page)[0] == ("Lead", leads)
    assert client.post(f"{URL}keep/", {"name": "Absurd", "inputs": absurd}).status_code == 302
    assert f"{leads:,}" in client.get(f"{URL}scenarios/").content.decode()
    refused = client.post(f"{URL}promise/", {"inputs": absurd})
    assert refused.status_code == 422
    assert not Agreement.objects.exists()


def test_a_name_is_of_letters_that_can_be_read(client: Client, rep: User) -> None:
    client.force_login(rep)
    page = client.post(f"{URL}keep/", {"name": "Plan\0", "inputs": INPUTS})
    assert (page.status_code, SavedScenario.objects.count()) == (422, 0)


def test_promising_again_changes_targets_and_keeps_the_promise(
    client: Client, manager_sales: User
) -> None:
    client.force_login(manager_sales)
    client.post(f"{URL}promise/", {"inputs": INPUTS})
    mqls = Commitment.objects.filter(kind=CommitmentKind.VOLUME, stage="MQL")
    lineage = mqls.get().lineage
    count = Commitment.objects.count()
    client.post(f"{URL}promise/", {"inputs": INPUTS.replace("amount=1", "amount=2")})
    assert (mqls.get().lineage, mqls.get().target) == (lineage, Decimal(6))
    assert Commitment.objects.count() == count


def test_a_version_in_force_stays_as_it_is(client: Client, manager_sales: User) -> None:
    agreement = in_force()
    client.force_login(manager_sales)
    client.post(f"{URL}promise/", {"inputs": INPUTS})
    assert agreement.commitments.count() == 0
    assert Agreement.objects.get(state=AgreementState.DRAFT).based_on_id == agreement.pk


def test_a_rep_promises_nothing(client: Client, rep: User) -> None:
    client.force_login(rep)
    assert client.post(f"{URL}promise/", {"inputs": INPUTS}).status_code == 403
    assert Commitment.objects.count() == 0
    assert Agreement.objects.count() == 0
