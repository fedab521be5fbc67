"""Months and quarters of the organisation. Pure: no database, no now.

Borders lie at midnight in the organisation's zone, whoever looks: what happened on the 31st at
23:30 there belongs to that month. Neighbours leave no gap and never overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sla.enums import PeriodKind

MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """One month or quarter, from `first_on` to `last_on`, both included, in `zone`."""

    kind: PeriodKind
    first_on: date
    zone: ZoneInfo

    @property
    def last_on(self) -> date:
        """The last day that belongs to it."""
        return _months_later(self.first_on, MONTHS[self.kind]) - DAY

    @property
    def start(self) -> datetime:
        """The first instant that belongs to it, in UTC."""
        return _midnight(self.first_on, self.zone)

    @property
    def end(self) -> datetime:
        """The first instant that no longer belongs to it: the start of the next, in UTC."""
        return self.next().start

    def next(self) -> Period:
        """Return the period of the same kind that follows at once."""
        return Period(self.kind, _months_later(self.first_on, MONTHS[self.kind]), self.zone)

    def previous(self) -> Period:
        """Return the period of the same kind that ends where this one begins."""
        return Period(self.kind, _months_later(self.first_on, -MONTHS[self.kind]), self.zone)

    def contains(self, at: datetime) -> bool:
        """Tell whether `at` belongs to it."""
        return self.start <= at < self.end


def period_at(kind: PeriodKind, at: datetime, zone: ZoneInfo) -> Period:
    """Return the period of this kind to which the instant `at` belongs."""
    return period_of_day(kind, at.astimezone(zone).date(), zone)


def period_of_day(kind: PeriodKind, day: date, zone: ZoneInfo) -> Period:
    """Return the period of this kind in which `day` lies."""
    months = MONTHS[kind]
    first_month = (day.month - 1) // months * months + 1
    return Period(kind, date(day.year, first_month, 1), zone)


def last_periods(last: Period, n: int) -> Sequence[Period]:
    """Return the `n` periods that end with `last`, the oldest first."""
    found = [last]
    while len(found) < n:
        found.append(found[-1].previous())
    return found[::-1]


def _months_later(day: date, months: int) -> date:
    ordinal = day.year * 12 + day.month - 1 + months
    return date(ordinal // 12, ordinal % 12 + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """A midnight that does not exist moves on by the gap; one that comes twice is the first."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
