"""The demo's people work when offices are open, and decide in the order of things."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from leads.demo.days import (
    OFFICE,
    at_work,
    captured_at,
    decided_at,
    in_wave,
    session_at,
    worked_before,
)

TODAY = date(2026, 11, 23)


def rome(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of 2026 in Bologna."""
    return datetime(2026, month, day, hour, minute, tzinfo=OFFICE)


def test_who_writes_at_a_weekend_is_read_on_friday() -> None:
    assert captured_at(date(2026, 3, 7)) == rome(3, 6, 10, 10)  # a Saturday
    assert captured_at(date(2026, 3, 8)) == rome(3, 6, 10, 10)
    assert captured_at(date(2026, 3, 9)) == rome(3, 9, 10, 10)


def test_sessions_are_on_tuesdays_and_thursdays() -> None:
    assert [session_at(date(2026, 3, day)).day for day in range(2, 9)] == [3, 3, 5, 5, 10, 10, 10]


@pytest.mark.parametrize("n", range(40))
def test_a_decision_follows_its_handoff(n: int) -> None:
    handed_over = session_at(date(2026, 3, 3))
    assert handed_over < decided_at(n, handed_over.date(), TODAY) <= rome(3, 5, 15, 30)


def test_half_of_the_waves_decisions_are_late() -> None:
    def late(day: date) -> int:
        return sum(decided_at(n, day, TODAY).date() > day for n in range(20))

    assert (late(date(2026, 7, 14)), in_wave(date(2026, 7, 14), TODAY)) == (10, True)
    assert (late(date(2026, 6, 16)), in_wave(date(2026, 6, 16), TODAY)) == (2, False)
    assert (late(date(2026, 8, 18)), in_wave(date(2026, 8, 18), TODAY)) == (1, False)


def test_work_waits_for_the_office() -> None:
    assert at_work(rome(3, 3, 10, 17)) == rome(3, 3, 10, 17)
    assert at_work(rome(3, 3, 13, 5)) == rome(3, 3, 14, 5)
    assert at_work(rome(3, 6, 18, 30)) == rome(3, 9, 9, 30)
    assert at_work(datetime(2026, 3, 3, 5, 10, tzinfo=UTC)) == rome(3, 3, 9, 10)


def test_hours_of_work_are_counted_back_over_nights_and_weekends() -> None:
    assert worked_before(rome(3, 3, 10), 0.5) == rome(3, 3, 9, 30)
    assert worked_before(rome(3, 3, 15), 2) == rome(3, 3, 12)
    assert worked_before(rome(3, 9, 10), 2) == rome(3, 6, 17)
    assert worked_before(rome(3, 8, 12), 1) == rome(3, 6, 17)  # asked on a Sunday
