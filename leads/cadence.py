"""What to do next after an activity: the cadence of attempts. Pure: values only, no ORM, no now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum

from accounts.business_time import BusinessTime
from leads.enums import ActivityKind, Direction, NextStepKind

# Business days until the next attempt, by the attempts made so far; the last one goes on.
CADENCE = (1, 1, 2, 3, 5)
MOMENT = timedelta(microseconds=1)


class Why(Enum):
    """Why a next step is suggested."""

    NOT_REACHED = "not_reached"
    WAITS_FOR_ANSWER = "waits_for_answer"
    SPOKE = "spoke"
    THEY_WROTE = "they_wrote"
    ENOUGH_ATTEMPTS = "enough_attempts"


@dataclass(frozen=True)
class Done:
    """What was done: the activity just logged."""

    kind: ActivityKind
    direction: Direction
    connected: bool | None
    occurred_at: datetime


@dataclass(frozen=True)
class Suggestion:
    """The next step that follows; `gives_up` suggests recycling instead, and has neither."""

    why: Why
    kind: NextStepKind | None = None
    due_at: datetime | None = None

    @property
    def gives_up(self) -> bool:
        """Tell whether the reason "no contact after n attempts" is suggested."""
        return self.why is Why.ENOUGH_ATTEMPTS


def suggest_next_step(
    done: Done, *, attempts: int, most: int, working_time: BusinessTime
) -> Suggestion | None:
    """Return what to do after `done`, `attempts` being those made so far, this one included.

    Not reached: call again, after more business days each time, at the other half of the day;
    after `most` attempts, let go. They wrote: call within one business hour. Spoken with: follow
    up by e-mail on the next business day. A note asks for nothing.
    """
    if done.kind is ActivityKind.NOTE:
        return None
    if done.direction is Direction.INBOUND:
        due_at = working_time.add(done.occurred_at, timedelta(hours=1))
        return Suggestion(Why.THEY_WROTE, NextStepKind.CALL, due_at)
    if done.connected or (done.kind is ActivityKind.MEETING and done.connected is None):
        due_at = _at_half(working_time, done.occurred_at, days=1, late=False)
        return Suggestion(Why.SPOKE, NextStepKind.EMAIL, due_at)
    if attempts >= most:
        return Suggestion(Why.ENOUGH_ATTEMPTS)
    days = CADENCE[min(max(attempts, 1), len(CADENCE)) - 1]
    late = not was_late(working_time, done.occurred_at)
    due_at = _at_half(working_time, done.occurred_at, days=days, late=late)
    called = done.kind is ActivityKind.CALL
    why = Why.NOT_REACHED if called else Why.WAITS_FOR_ANSWER
    return Suggestion(why, NextStepKind.CALL, due_at)


def was_late(working_time: BusinessTime, instant: datetime) -> bool:
    """Tell whether `instant` lies in the second half of its day's working time."""
    begin, total = _day_of(working_time, instant)
    return total > timedelta(0) and working_time.elapsed(begin, instant) * 2 >= total


def _at_half(working_time: BusinessTime, start: datetime, *, days: int, late: bool) -> datetime:
    """The middle of the first or second half of the `days`-th business day, at a quarter hour."""
    closing = working_time.end_of_business_day(start, days)
    begin, total = _day_of(working_time, closing - MOMENT)
    reached = working_time.add(begin, total * (3 if late else 1) / 4)
    return reached - timedelta(
        minutes=reached.minute % 15, seconds=reached.second, microseconds=reached.microsecond
    )


def _day_of(working_time: BusinessTime, instant: datetime) -> tuple[datetime, timedelta]:
    """Return the local midnight before `instant` and how much of that day is open."""
    day = instant.astimezone(working_time.zone).date()
    begin = datetime.combine(day, time.min, working_time.zone)
    end = datetime.combine(day + timedelta(days=1), time.min, working_time.zone)
    return begin, working_time.elapsed(begin, end)
