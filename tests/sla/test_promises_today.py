"""How the promises stand, on Today: both teams for heads, the own team for everybody else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from leads.enums import LifecycleStage
from sla.enums import CommitmentKind, PeriodKind, Side
from sla.selectors.promises_today import promises_of_both, promises_of_own
from smarketing import time_source
from tests.sla.promising import in_force
from tests.sla.test_measuring import figure

pytestmark = pytest.mark.django_db
LATE_IN_MONTH = datetime(2026, 3, 25, 10, tzinfo=UTC)


@pytest.fixture
def promised() -> None:
    """Marketing is behind with MQLs, Sales with SQLs, and both have a goal; nothing has come in."""
    in_force(
        figure(
            CommitmentKind.REVENUE, side=Side.BOTH, target=30_000_000, period=PeriodKind.QUARTER
        ),
        figure(CommitmentKind.VOLUME, side=Side.MARKETING, stage=LifecycleStage.MQL),
        figure(CommitmentKind.VOLUME, side=Side.SALES, stage=LifecycleStage.SQL),
        figure(CommitmentKind.VOLUME, side=Side.SALES, stage=LifecycleStage.SAL, target=2),
    )


def told(found: Any) -> list[tuple[str, list[str], int, int]]:
    """Each side: what is in trouble, how many are fine, how many cannot be told."""
    return [
        (one.side, [row.what for row in one.troubled], one.fine, one.silent)
        for one in found["sides"]
    ]


def test_heads_see_what_is_in_trouble_at_either_side(
    promised: None, manager_sales: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(13):
        found = promises_of_both(manager_sales, LATE_IN_MONTH)
    assert [one.what for one in found["goals"]] == ["Revenue from new customers"]
    assert told(found) == [
        ("marketing", ["Leads that become MQL"], 0, 0),
        ("sales", ["Leads that become SQL"], 0, 1),  # two a month: too few are expected to tell
    ]


def test_a_rep_sees_the_own_teams_promises(promised: None, rep: User) -> None:
    found = promises_of_own(rep, LATE_IN_MONTH)
    assert [one.side for one in found["sides"]] == ["sales"]
    whats = [row.what for row in found["sides"][0].rows]
    assert whats == ["Leads that become SQL", "Leads that become SAL"]
    assert len(found["goals"]) == 1


def test_today_tells_them(
    promised: None, marketer: User, manager_sales: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_source, "now", lambda: LATE_IN_MONTH)
    pages = {}
    for user in (marketer, manager_sales):
        client = Client()
        client.force_login(user)
        pages[user] = client.get("/").content.decode()
    assert "What we promised" in pages[marketer]
    assert "Leads that become MQL" in pages[marketer]
    assert "Leads that become SQL" not in pages[marketer]
    assert "Leads that become SQL" in pages[manager_sales]
    assert "What we promised" not in pages[manager_sales]


def test_without_an_agreement_nothing_is_told(marketer: User) -> None:
    assert promises_of_own(marketer, LATE_IN_MONTH) == {"goals": [], "sides": []}
