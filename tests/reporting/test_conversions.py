"""The conversion matrix and the triangles: shares of cohorts, to the tick and month by month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead
from leads.services.facts import derive_all_due
from reporting.panels import PANELS
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
MATRIX = PANELS["conversions"]
TO_MQL, TO_CUSTOMER = PANELS["births-mql"], PANELS["births-customer"]
TICK = timedelta(microseconds=1)


@pytest.fixture
def leads(rep: User) -> list[Lead]:
    made = [
        lead_at(S.LEAD, email="a@acme.example"),
        lead_at(S.MQL, owner=rep, email="b@acme.example"),
        lead_at(S.SQL, D.RECYCLED, owner=rep, email="d@acme.example"),
        lead_at(S.CUSTOMER, D.WON, owner=rep, email="e@acme.example"),
    ]
    derive_all_due()
    return made


def test_every_later_stage_has_its_share(leads: list[Lead], marketer: User) -> None:
    figures = MATRIX.count(view_of(marketer, days="2026-02"))
    assert rows_of(figures) == {
        "LEAD": [4, Fraction(3, 4), Fraction(1, 2), Fraction(1, 2), Fraction(1, 4),
                 Fraction(1, 4), 2],
        "MQL": [3, None, Fraction(2, 3), Fraction(2, 3), Fraction(1, 3), Fraction(1, 3), 1],
        "SAL": [2, None, None, 1, Fraction(1, 2), Fraction(1, 2), 0],
        "SQL": [2, None, None, None, Fraction(1, 2), Fraction(1, 2), 0],
        "OPPORTUNITY": [1, None, None, None, None, 1, 0],
    }  # fmt: skip
    assert all(row.is_pending for row in figures.rows)


def test_neighbours_agree_with_the_cohorts(leads: list[Lead], marketer: User) -> None:
    view = view_of(marketer, days="2026-02")
    matrix, cohorts = rows_of(MATRIX.count(view)), rows_of(PANELS["cohorts"].count(view))
    for place, (key, values) in enumerate(cohorts.items()):
        assert (values[0], values[2]) == (matrix[key][0], matrix[key][1 + place])


def test_a_stage_passed_over_was_reached(leads: list[Lead], marketer: User) -> None:
    Lead.objects.filter(pk=leads[3].pk).update(sql_at=None)
    derive_all_due()
    found = rows_of(MATRIX.count(view_of(marketer, days="2026-02")))
    assert found["SAL"][3] == 1  # to SQL: both, one by passing over it
    assert found["SQL"][0] == 1  # only one entered it


def test_reached_in_time_to_the_tick(leads: list[Lead], marketer: User) -> None:
    born = Lead.objects.get(pk=leads[3].pk).lead_at
    assert born is not None
    view = view_of(marketer, AT + timedelta(days=200), days="2026-02")
    for late, told in ((timedelta(0), Fraction(1, 4)), (TICK, 0)):
        at = born + timedelta(days=90) + late
        Lead.objects.filter(pk=leads[3].pk).update(customer_at=at, closed_at=at)
        derive_all_due()
        figures = MATRIX.count(view)
        assert rows_of(figures)["LEAD"][5] == told
        assert not any(row.is_pending for row in figures.rows)


@pytest.mark.parametrize("panel", [MATRIX, TO_MQL, TO_CUSTOMER], ids=lambda panel: panel.key)
def test_no_share_is_above_one(leads: list[Lead], marketer: User, panel: Any) -> None:
    figures = panel.count(view_of(marketer, days="2026"))
    shares = [value for row in figures.rows for value in row.values if isinstance(value, Fraction)]
    assert shares
    assert all(0 <= one <= 1 for one in shares)


def birth(email: str, lead_at_: datetime, mql_at: datetime | None = None) -> None:
    """An open lead with these instants."""
    lead = lead_at(S.MQL if mql_at else S.LEAD, email=email)
    Lead.objects.filter(pk=lead.pk).update(lead_at=lead_at_, mql_at=mql_at)


@pytest.fixture
def born(rep: User) -> None:
    """Four leads born in December, of which one came in it, one in January, one in March; one
    born with the new year in Rome."""
    december = datetime(2025, 12, 10, 8, tzinfo=UTC)
    birth("a@acme.example", december, datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC))
    birth("b@acme.example", december, datetime(2025, 12, 31, 23, tzinfo=UTC))
    birth("c@acme.example", december, datetime(2026, 3, 1, 12, tzinfo=UTC))
    birth("d@acme.example", december)
    birth("e@acme.example", datetime(2025, 12, 31, 23, tzinfo=UTC))
    derive_all_due()


def test_who_had_become_an_mql_by_the_end_of_each_month(born: None, marketer: User) -> None:
    figures = TO_MQL.count(view_of(marketer, days="2026-02"))
    found = rows_of(figures)
    assert list(found)[0::11] == ["2025-03", "2026-02"]
    quarter, half = Fraction(1, 4), Fraction(1, 2)
    # December, January and February are over on 3 March; the third came in March.
    assert found["2025-12"] == [4, quarter, half, half, *[None] * 9, 3, 1]
    assert found["2026-01"] == [1, 0, 0, *[None] * 10, 0, 1]
    assert found["2026-02"] == [0, *[None] * 12, 0, 0]
    assert rows_of(TO_CUSTOMER.count(view_of(marketer, days="2026-02")))["2025-12"] == [
        4, 0, 0, 0, *[None] * 9, 0, 4,
    ]  # fmt: skip


def test_a_month_counts_from_the_tick_at_which_it_is_over(born: None, marketer: User) -> None:
    end = view_of(marketer, days="2026-03").span.end
    for at, told in ((end - TICK, None), (end, Fraction(3, 4))):
        found = rows_of(TO_MQL.count(view_of(marketer, at, days="2026-02")))
        assert found["2025-12"][4] == told


def test_months_that_have_not_begun_are_left_out(born: None, marketer: User) -> None:
    found = rows_of(TO_MQL.count(view_of(marketer, days="2026")))
    assert list(found) == ["2026-01", "2026-02", "2026-03"]


def test_the_picture_marks_what_is_not_over(born: None, marketer: User) -> None:
    assert TO_MQL.draw is not None
    option = TO_MQL.draw(TO_MQL.count(view_of(marketer, days="2026-02")))
    assert option is not None
    told, growing = option["series"]
    assert (0, 0, 25) in told["data"]
    assert {"value": [3, 0, 0], "visualMap": False} in growing["data"]
    assert len(told["data"]) + len(growing["data"]) == 24  # two months with leads


def test_the_picture_of_a_month_that_has_just_begun(marketer: User) -> None:
    birth("a@acme.example", AT - timedelta(days=1))
    derive_all_due()
    assert TO_MQL.draw is not None
    option = TO_MQL.draw(TO_MQL.count(view_of(marketer, days="2026-03")))
    assert option is not None
    told, growing = option["series"]
    assert (len(told["data"]), len(growing["data"])) == (0, 12)
