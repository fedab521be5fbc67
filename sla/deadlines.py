"""When a clock falls due, when it is at risk, and when each level of its ladder is reached. Pure.

Shares count in business time of the whole span from start to due; `held` is business time by which
everything after a pause moves. Source: the exact rules of clocks in the product's own design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from accounts.business_time import BusinessTime
from sla.promises import Target

NOTHING = timedelta(0)
WHOLE = Decimal(1)


@dataclass(frozen=True)
class Deadlines:
    """The instants of one clock. `levels` pairs each share of the ladder with its instant."""

    due_at: datetime
    risk_at: datetime
    levels: tuple[tuple[Decimal, datetime], ...] = ()

    def next_level_after(self, sent: Decimal | None) -> datetime | None:
        """Return when the first level above `sent` is reached; None when there is none."""
        later = [at for share, at in self.levels if sent is None or share > sent]
        return min(later, default=None)


def deadlines(
    calendar: BusinessTime,
    started_at: datetime,
    target: Target,
    *,
    warning_share: Decimal,
    shares: Sequence[Decimal] = (),
    held: timedelta = NOTHING,
) -> Deadlines:
    """Return the instants of a clock that started at `started_at`.

    Raises BusinessTimeError when the calendar has no such time left.
    """
    span = span_of(calendar, started_at, target)
    due_at = due_of(calendar, started_at, target)
    if held:
        due_at = calendar.add(due_at, held)
    # The whole share is the due instant itself, and most ladders tell it.
    at = {WHOLE: due_at}
    for share in (warning_share, *shares):
        if share not in at:
            at[share] = calendar.add(started_at, share_of(span, share) + held)
    return Deadlines(due_at, at[warning_share], tuple((share, at[share]) for share in shares))


def due_of(calendar: BusinessTime, started_at: datetime, target: Target) -> datetime:
    """Return when a clock is due that was never held."""
    if target.duration is not None:
        return calendar.add(started_at, target.duration)
    return calendar.end_of_business_day(started_at, target.days or 0)


def span_of(calendar: BusinessTime, started_at: datetime, target: Target) -> timedelta:
    """Return the business time that the target gives, whatever it is told in."""
    if target.duration is not None:
        return target.duration
    return calendar.elapsed(started_at, due_of(calendar, started_at, target))


@lru_cache(maxsize=4_096)  # the same few targets and shares, for every clock
def share_of(span: timedelta, share: Decimal) -> timedelta:
    """Return a share of a span, to the microsecond."""
    microseconds = Decimal(span // timedelta(microseconds=1)) * share
    return timedelta(microseconds=int(microseconds))


def lateness(calendar: BusinessTime, due_at: datetime, stopped_at: datetime) -> timedelta:
    """Return the business time from due to stop; nothing when it was in time."""
    return calendar.elapsed(due_at, stopped_at) if stopped_at > due_at else NOTHING
