"""A commitment is typed row by row; what is wrong is said at its row, and nothing changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from sla.commitment_facts import CommitmentFacts, whats_wrong
from sla.enums import CommitmentKind, Metric, PeriodKind, Side
from sla.models import Commitment
from sla.services.drafting import start_draft
from tests.conftest import AT

NEW = "agreement-commitment-new"
LADDER = [
    {"share": 75, "tell_owner": "on"},
    {"share": 150, "tell_head": "on", "reroute": "on"},
]
TO_ASSIGN = {"kind": "TIME_TO_ASSIGN", "target_minutes": "60"}
DEALS: dict[str, Any] = {"kind": "REVENUE", "period": "QUARTER", "target": "300000"}


def typed(bands: Any = (), levels: Any = (), shares: Any = (), **fields: Any) -> dict[str, Any]:
    """What the browser sends: the fields, and every row under its number."""
    data: dict[str, Any] = dict(fields)
    for prefix, rows in (("band", bands), ("rung", levels), ("part", shares)):
        data |= {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
        for n, row in enumerate(rows):
            data |= {f"{prefix}-{n}-{name}": str(value) for name, value in row.items()}
    return data


@pytest.fixture
def head(client: Client, manager_sales: User) -> User:
    """The head of Sales over a draft, signed in."""
    start_draft(actor=manager_sales, at=AT)
    client.force_login(manager_sales)
    return manager_sales


def said(row: Commitment) -> list[tuple[Any, ...]]:
    """The parts of a split, in order."""
    return list(row.shares.order_by("user__name").values_list("user", "target"))


def test_a_time_is_typed_and_read_back(client: Client, head: User) -> None:
    bands = [{"score_from": 90, "target_minutes": 15}]
    url = reverse(NEW, args=["sales"])
    data = typed(bands=bands, levels=LADDER, floor="85", **TO_ASSIGN)
    assert client.post(url, data).status_code == 302
    row = Commitment.objects.get(kind=CommitmentKind.TIME_TO_ASSIGN)
    assert row.floor == Decimal("0.85")
    assert list(row.bands.values_list("score_from", "target_minutes")) == [(90, 15)]
    rungs = row.levels.values_list("share", "tell_owner", "tell_head", "reroute")
    assert [tuple(map(float, rung)) for rung in rungs] == [(0.75, 1, 0, 0), (1.5, 0, 1, 1)]
    words = client.get(reverse("agreement-commitment", args=[row.pk])).content.decode()
    for name, value in (("band-0-score_from", 90), ("rung-1-share", 150), ("floor", 85)):
        assert f'name="{name}" value="{value}"' in words
    assert "Under 85 % of deadlines kept" in client.get(
        reverse("agreement-draft-part", args=["sales"])
    ).content.decode().replace("\xa0", " ").replace("85%", "85 %")


def test_what_is_wrong_is_said_at_its_row(client: Client, head: User) -> None:
    rows = [
        {"share": 50, "tell_head": "on", "reroute": "on"},
        {"share": 100},
        {"share": 50, "tell_owner": "on"},
        {"tell_owner": "on"},
    ]
    before = Commitment.objects.count()
    answer = client.post(reverse(NEW, args=["sales"]), typed(levels=rows, **TO_ASSIGN))
    levels = answer.context["form"].rows.levels
    assert (answer.status_code, Commitment.objects.count()) == (422, before)
    assert [list(form.errors) for form in levels] == [["reroute"], ["share"], ["share"], ["share"]]
    words = answer.content.decode()
    for said in (
        "Only what is late is given to somebody else.",
        "Say whom this rung tells.",
        "This stands in another row already.",
    ):
        assert said in words


def test_an_emptied_row_is_none(client: Client, head: User) -> None:
    client.post(reverse(NEW, args=["sales"]), typed(levels=LADDER, **TO_ASSIGN))
    row = Commitment.objects.get(kind=CommitmentKind.TIME_TO_ASSIGN)
    kept = [{"share": ""}, *LADDER[1:], {}]
    url = reverse("agreement-commitment", args=[row.pk])
    assert client.post(url, typed(levels=kept, **TO_ASSIGN)).status_code == 302
    assert [float(share) for share in row.levels.values_list("share", flat=True)] == [1.5]


@pytest.mark.parametrize(
    ("second", "status"), [("179999.99", 422), ("180000", 302), ("180000.01", 422)]
)
def test_the_parts_add_up(second: str, status: int, client: Client, head: User, rep: User) -> None:
    goal = Commitment.objects.get(kind=CommitmentKind.REVENUE)
    shares = [{"user": head.pk, "amount": "120000"}, {"user": rep.pk, "amount": second}]
    url = reverse("agreement-commitment", args=[goal.pk])
    answer = client.post(url, typed(shares=shares, **DEALS))
    assert answer.status_code == status
    parts = [(rep.pk, Decimal(18_000_000)), (head.pk, Decimal(12_000_000))]
    assert said(goal) == (parts if status == 302 else [])
    if status == 422:
        last = answer.context["form"].rows.shares.forms[-1]
        total = Decimal(120000) + Decimal(second)
        assert last.errors["amount"] == [f"The parts come to {total}, the target is 300000."]
        assert f'value="{second}"' in answer.content.decode()  # nothing typed is lost


def test_a_split_is_of_people_of_the_side_and_of_counts(
    client: Client, head: User, rep: User, marketer: User
) -> None:
    before = Commitment.objects.count()
    volume: dict[str, Any] = {"kind": "VOLUME", "stage": "SQL", "period": "MONTH", "target": "10"}
    url = reverse(NEW, args=["sales"])
    stranger = client.post(url, typed(shares=[{"user": marketer.pk, "amount": "10"}], **volume))
    assert list(stranger.context["form"].rows.shares.forms[0].errors) == ["user"]
    rate = {"kind": "RATE", "metric": "ACCEPTANCE", "period": "MONTH", "target": "80"}
    refused = client.post(url, typed(shares=[{"user": rep.pk, "amount": "80"}], **rate))
    assert "Only volume and revenue are split to persons." in refused.content.decode()
    assert (stranger.status_code, refused.status_code) == (422, 422)
    assert Commitment.objects.count() == before


def test_both_teams_promise_revenue_alone(client: Client, head: User) -> None:
    page = client.get(reverse(NEW, args=["both"]))
    assert page.context["form"].fields["kind"].choices == [("REVENUE", "Revenue")]
    wrong = client.post(reverse(NEW, args=["both"]), typed(**TO_ASSIGN))
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["kind"])


def test_a_lowest_share_is_of_times_alone(client: Client, head: User) -> None:
    rate = typed(kind="RATE", metric="ACCEPTANCE", period="MONTH", target="80", floor="60")
    assert client.post(reverse(NEW, args=["sales"]), rate).status_code == 302
    row = Commitment.objects.get(metric=Metric.ACCEPTANCE)
    assert (row.side, row.period, row.target, row.floor) == (
        Side.SALES, PeriodKind.MONTH, Decimal("0.8"), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "most", "fields"),
    [
        ("target_minutes", 99_999, {}),
        ("target_days", 366, {"target_minutes": ""}),
        ("score_from", 99_999, {}),
        ("score_below", 99_999, {}),
    ],
)
def test_what_no_clock_could_run_is_refused_at_its_field(
    client: Client, head: User, name: str, most: int, fields: dict[str, str]
) -> None:
    before = Commitment.objects.count()
    url = reverse(NEW, args=["sales"])
    answer = client.post(url, typed(**TO_ASSIGN | fields | {name: str(most + 1)}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [name]
    assert Commitment.objects.count() == before
    assert client.post(url, typed(**TO_ASSIGN | fields | {name: str(most)})).status_code == 302
    row = Commitment.objects.get(kind=CommitmentKind.TIME_TO_ASSIGN)
    assert getattr(row, name) == most


def test_what_sales_says_is_answered_by_marketing_alone(client: Client, head: User) -> None:
    for kind in ("TIME_TO_REWORK", "TIME_TO_ACKNOWLEDGE_FEEDBACK"):
        data = typed(kind=kind, target_minutes="60")
        before = Commitment.objects.count()
        answer = client.post(reverse(NEW, args=["sales"]), data)
        assert (answer.status_code, Commitment.objects.count()) == (422, before)
        assert list(answer.context["form"].errors) == ["kind"]
        assert client.post(reverse(NEW, args=["marketing"]), data).status_code == 302
        facts = CommitmentFacts(side=Side.SALES, kind=CommitmentKind(kind), target_minutes=60)
        assert list(whats_wrong(facts)) == ["kind"]


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"target_minutes": 99_999}, None),
        ({"target_minutes": 100_000}, "target_minutes"),
        ({"target_days": 366}, None),
        ({"target_days": 367}, "target_days"),
        ({"target_minutes": 60, "bands": {60: 99_999}}, None),
        ({"target_minutes": 60, "bands": {60: 100_000}}, "bands"),
        ({"target_minutes": 60, "bands": {100_000: 30}}, "bands"),
        ({"target_minutes": 60, "attempts": 100}, "attempts"),
        ({"target_minutes": 60, "score_from": -100_000}, "score_from"),
    ],
)
def test_times_and_scores_have_limits(facts: dict[str, Any], name: str | None) -> None:
    said = CommitmentFacts(side=Side.SALES, kind=CommitmentKind.TIME_TO_DECIDE, **facts)
    assert list(whats_wrong(said)) == ([name] if name else [])


def test_a_target_fits_its_column() -> None:
    def wrong(target: str) -> list[str]:
        return list(
            whats_wrong(
                CommitmentFacts(
                    side=Side.BOTH,
                    kind=CommitmentKind.REVENUE,
                    period=PeriodKind.MONTH,
                    target=Decimal(target),
                )
            )
        )

    assert wrong("99999999999999.9999") == []
    assert wrong("100000000000000") == ["target"]
