"""Borders of months and quarters in the organisation's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla.enums import PeriodKind
from sla.periods import Period, last_periods, period_at, period_of_day

ROME = ZoneInfo("Europe/Rome")
TICK = timedelta(microseconds=1)


def month(year: int, number: int, zone: ZoneInfo = ROME) -> Period:
    return Period(PeriodKind.MONTH, date(year, number, 1), zone)


def test_the_last_evening_belongs_to_the_month_of_the_organisation() -> None:
    at = datetime(2026, 3, 31, 23, 30, tzinfo=ROME)
    assert period_at(PeriodKind.MONTH, at, ROME) == month(2026, 3)
    assert period_at(PeriodKind.MONTH, at.astimezone(ZoneInfo("Asia/Tokyo")), ROME) == month(
        2026, 3
    )


def test_borders_one_tick_before_at_and_after() -> None:
    march = month(2026, 3)
    assert march.start == datetime(2026, 2, 28, 23, 0, tzinfo=UTC)
    assert march.end == datetime(2026, 3, 31, 22, 0, tzinfo=UTC)  # summer time began meanwhile
    assert [march.contains(march.start + n * TICK) for n in (-1, 0, 1)] == [False, True, True]
    assert [march.contains(march.end + n * TICK) for n in (-1, 0, 1)] == [True, False, False]


@pytest.mark.parametrize("kind", list(PeriodKind))
def test_neighbours_leave_no_gap_and_never_overlap(kind: PeriodKind) -> None:
    period = period_of_day(kind, date(2024, 1, 31), ROME)
    for _n in range(40):
        following = period.next()
        assert following.start == period.end
        assert following.first_on == period.last_on + timedelta(days=1)
        assert following.previous() == period
        period = following


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 6, 30)),
        (date(2025, 12, 31), date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_quarters(day: date, first: date, last: date) -> None:
    period = period_of_day(PeriodKind.QUARTER, day, ROME)
    assert (period.first_on, period.last_on) == (first, last)


def test_a_midnight_that_does_not_exist_moves_on_by_the_gap() -> None:
    # In Beirut the clocks of 29 March 2026 jump from midnight to one.
    beirut = ZoneInfo("Asia/Beirut")
    day = date(2026, 3, 29)
    start = Period(PeriodKind.MONTH, day, beirut).start
    assert start == datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    assert start.astimezone(beirut).hour == 1


def test_the_last_six_end_with_the_one_asked_for() -> None:
    found = last_periods(month(2026, 3), 6)
    assert [one.first_on.month for one in found] == [10, 11, 12, 1, 2, 3]
    assert found[0].first_on.year == 2025
