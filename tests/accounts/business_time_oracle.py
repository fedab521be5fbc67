"""Business time counted minute by minute: slow, plain, and without the fold of a datetime.

It walks every UTC minute of a short stretch, reads the wall clock, and finds each edge of a window
among the wall times seen: twice seen is ambiguous, never seen lies in a gap.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from accounts.business_time import Week, Windows

MINUTE = timedelta(minutes=1)


class MinuteOracle:
    """The open UTC minutes of the local days around `[first, last)`."""

    def __init__(
        self,
        *,
        zone: ZoneInfo,
        week: Week,
        exceptions: Mapping[date, Windows],
        holidays: frozenset[date],
        first: datetime,
        last: datetime,
    ) -> None:
        self.zone, self.week, self.exceptions, self.holidays = zone, week, exceptions, holidays
        self.first, self.last = first - timedelta(days=3), last + timedelta(days=3)
        self.seen = wall_clock(zone, self.first, self.last)
        self.spans = [span for day in self._days() for span in self._spans(day)]
        self.open = sorted({minute for span in self.spans for minute in _minutes(*span)})

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Whole and cut minutes of the open ones within the interval."""
        overlaps = (min(end, at + MINUTE) - max(start, at) for at in self.open)
        return sum((overlap for overlap in overlaps if overlap > timedelta(0)), timedelta(0))

    def add(self, start: datetime, duration: timedelta) -> datetime | None:
        """The least instant with that much elapsed, or None beyond the stretch."""
        if not duration:
            return start
        for at in self.open:
            usable = at + MINUTE - max(at, start)
            if usable <= timedelta(0):
                continue
            if duration <= usable:
                return max(at, start) + duration
            duration -= usable
        return None

    def is_open(self, at: datetime) -> bool:
        """Whether the minute of the instant is open."""
        return at.replace(second=0, microsecond=0) in self.open

    def closings(self) -> dict[date, datetime]:
        """The last closing of each local day that has open time."""
        closings: dict[date, datetime] = {}
        for day in self._days():
            ends = [end for _, end in self._spans(day)]
            if ends:
                closings[day] = max(ends)
        return closings

    def _days(self) -> list[date]:
        first = self.first.astimezone(self.zone).date() + timedelta(days=1)
        last = self.last.astimezone(self.zone).date() - timedelta(days=1)
        return [first + timedelta(days=n) for n in range((last - first).days)]

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        windows = self.exceptions.get(day)
        if windows is None:
            windows = () if day in self.holidays else self.week.on(day.isoweekday())
        midnight = datetime.combine(day, time.min)
        spans = [
            (
                self._instants(midnight + timedelta(minutes=start))[0],
                self._instants(midnight + timedelta(minutes=end))[-1],
            )
            for start, end in windows
        ]
        return [(start, end) for start, end in spans if start < end]

    def _instants(self, wall: datetime) -> list[datetime]:
        if wall in self.seen:
            return self.seen[wall]
        before = after = wall
        while before not in self.seen:
            before -= MINUTE
        while after not in self.seen:
            after += MINUTE
        gap = after - before - MINUTE
        return self.seen[wall + gap]


@cache
def wall_clock(zone: ZoneInfo, first: datetime, last: datetime) -> dict[datetime, list[datetime]]:
    """Each wall time seen within a stretch, with the UTC minutes at which it was seen."""
    seen: dict[datetime, list[datetime]] = {}
    at = first
    while at < last:
        seen.setdefault(at.astimezone(zone).replace(tzinfo=None, fold=0), []).append(at)
        at += MINUTE
    return seen


def _minutes(start: datetime, end: datetime) -> list[datetime]:
    return [start + MINUTE * n for n in range((end - start) // MINUTE)]
