"""What is suggested after an activity, to the minute."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.business_time import BusinessTime, Week
from accounts.services.organisation import OFFICE_WEEK
from leads.cadence import Done, Suggestion, Why, suggest_next_step, was_late
from leads.enums import ActivityKind, Direction, NextStepKind

ROME = ZoneInfo("Europe/Rome")
OFFICE = BusinessTime(zone=ROME, week=Week.from_json(OFFICE_WEEK))
NIGHT_AND_DAY = BusinessTime(zone=ROME, week=Week.from_json(OFFICE_WEEK), always_open=True)
K, N = ActivityKind, NextStepKind


def rome(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2026; the 3rd is a Tuesday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ROME)


def after(kind=K.CALL, at=None, *, connected=None, attempts=1, most=5, inbound=False):
    direction = Direction.INBOUND if inbound else Direction.OUTBOUND
    done = Done(kind, direction, connected, (at or rome(3, 10)).astimezone(UTC))
    return suggest_next_step(done, attempts=attempts, most=most, working_time=OFFICE)


@pytest.mark.parametrize(
    ("called", "attempts", "again"),
    [
        (rome(3, 10), 1, rome(4, 15)),  # in the morning: tomorrow afternoon
        (rome(3, 12, 59), 1, rome(4, 15)),
        (rome(3, 13), 1, rome(4, 11)),  # the day's second half begins: tomorrow morning
        (rome(3, 16), 2, rome(4, 11)),
        (rome(3, 10), 3, rome(5, 15)),
        (rome(3, 10), 4, rome(6, 15)),
        (rome(6, 10), 1, rome(9, 15)),  # Friday: Monday
        (rome(7, 10), 1, rome(9, 15)),  # Saturday has no working time
        (rome(3, 20), 1, rome(4, 11)),
    ],
)
def test_who_was_not_reached_is_called_again_at_another_time_of_day(called, attempts, again):
    assert after(at=called, connected=False, attempts=attempts) == Suggestion(
        Why.NOT_REACHED, N.CALL, again
    )


@pytest.mark.parametrize(
    ("attempts", "why"),
    [(4, Why.NOT_REACHED), (5, Why.ENOUGH_ATTEMPTS), (6, Why.ENOUGH_ATTEMPTS)],
)
def test_after_enough_attempts_it_is_time_to_let_go(attempts, why):
    found = after(connected=False, attempts=attempts)
    assert (found.why, found.gives_up) == (why, why is Why.ENOUGH_ATTEMPTS)


@pytest.mark.parametrize("kind", [K.EMAIL, K.MESSAGE])
def test_what_was_written_is_followed_by_a_call(kind):
    assert after(kind) == Suggestion(Why.WAITS_FOR_ANSWER, N.CALL, rome(4, 15))


@pytest.mark.parametrize(("kind", "connected"), [(K.CALL, True), (K.MEETING, None)])
def test_who_was_spoken_with_gets_a_mail_next_morning(kind, connected):
    found = after(kind, connected=connected, attempts=9)
    assert found == Suggestion(Why.SPOKE, N.EMAIL, rome(4, 11))


def test_a_meeting_that_nobody_came_to_is_an_attempt_like_another():
    assert after(K.MEETING, connected=False).why is Why.WAITS_FOR_ANSWER


def test_who_wrote_to_us_is_called_within_a_business_hour():
    assert after(K.EMAIL, rome(3, 16, 30), inbound=True) == Suggestion(
        Why.THEY_WROTE, N.CALL, rome(4, 9, 30)
    )


def test_a_note_asks_for_nothing():
    assert after(K.NOTE) is None


def test_a_house_that_never_closes_has_halves_too():
    assert not was_late(NIGHT_AND_DAY, rome(3, 11, 59))
    assert was_late(NIGHT_AND_DAY, rome(3, 12))
    done = Done(K.CALL, Direction.OUTBOUND, False, rome(3, 10))
    found = suggest_next_step(done, attempts=1, most=5, working_time=NIGHT_AND_DAY)
    assert found == Suggestion(Why.NOT_REACHED, N.CALL, rome(4, 18))
