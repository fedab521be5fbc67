"""Periodic jobs go on when somebody sets the clock back; small differences change nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from jobs.models import JobRun
from jobs.ticks import single_tick

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
runs: list[datetime] = []


@single_tick("sweep", MINUTE)
def sweep(at: datetime) -> int:
    runs.append(at)
    return 1


def tick(*instants: datetime) -> list[int | None]:
    found = []
    for instant in instants:
        with time_machine.travel(instant, tick=False):
            found.append(sweep())
    return found


def test_the_slots_of_a_clock_that_went_back_two_hours_run_once_more() -> None:
    back = NOW - timedelta(hours=2)
    assert tick(back, back + MINUTE, NOW) == [1, 1, 1]
    assert tick(back, back, back + MINUTE, back + MINUTE) == [1, None, 1, None]
    assert JobRun.objects.filter(job="sweep").count() == 3
    # And time goes on as usual, from slots that were never run to the one of before.
    assert tick(back + 2 * MINUTE, NOW, NOW + MINUTE) == [1, None, 1]


@pytest.mark.parametrize(("behind", "runs_again"), [(5, None), (6, 1)])
def test_clocks_that_differ_by_minutes_do_not_double_a_slot(
    behind: int, runs_again: int | None
) -> None:
    assert tick(NOW - behind * MINUTE, NOW) == [1, 1]
    assert tick(NOW - behind * MINUTE) == [runs_again]
