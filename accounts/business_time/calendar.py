"""The business calendar as a pure value: how much time was open, and when a target is due."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from accounts.business_time.errors import BusinessTimeError
from accounts.business_time.timeline import (
    FIRST_YEAR,
    LAST_YEAR,
    REACH,
    YEAR_STARTS,
    Timeline,
    spans_of,
    to_instant,
    to_microseconds,
    year_of,
)
from accounts.business_time.week import ALL_DAY, Week, Windows, normal_windows

CLOSED_WEEK = Week()
LAST_CLOSING_ORDINAL = date(LAST_YEAR, 12, 30).toordinal()  # served in every zone


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name, or BusinessTimeError."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BusinessTimeError("unknown_zone", zone=name) from None


@dataclass(frozen=True)
class BusinessTime:
    """A week of windows in a zone, with what departs from it.

    `exceptions` gives single dates their own windows (none: closed) and outranks `holidays`,
    which close a date. `always_open` means true 24x7: pure UTC, no turn of the zone, no holiday
    and no exception counts. A calendar that is never open is refused.

    Durations are exact timedeltas of business time, instants are aware and come back in UTC.
    Years 1970 to 2199 are served; whatever lies outside raises BusinessTimeError.
    Each UTC year is resolved once, when first asked for, and kept: keep the calendar to be quick.
    """

    zone: ZoneInfo
    week: Week = CLOSED_WEEK
    exceptions: Mapping[date, Windows] = field(default_factory=dict, hash=False)
    holidays: Container[date] = field(default=frozenset(), hash=False)
    always_open: bool = False
    _years: dict[int, Timeline] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        exceptions = {day: normal_windows(windows) for day, windows in self.exceptions.items()}
        object.__setattr__(self, "exceptions", MappingProxyType(exceptions))
        if not self.always_open and self.week.is_closed and not any(exceptions.values()):
            raise BusinessTimeError("no_open_window")

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The open time within `[start, end)`; zero when the end does not come after the start."""
        first, last = to_microseconds(start), to_microseconds(end)
        return timedelta(microseconds=self._used_between(first, last) if first < last else 0)

    def elapsed_many(self, intervals: Iterable[tuple[datetime, datetime]]) -> list[timedelta]:
        """`elapsed` of each interval, in order; quicker than asking one by one."""
        edges = [(to_microseconds(start), to_microseconds(end)) for start, end in intervals]
        if not edges:
            return []
        used = self._timeline(min(map(min, edges)), max(map(max, edges))).used_until
        return [
            timedelta(microseconds=used(end) - used(start) if start < end else 0)
            for start, end in edges
        ]

    def add(self, start: datetime, duration: timedelta | int) -> datetime:
        """The least instant `t >= start` with `elapsed(start, t) == duration`.

        An int is a number of business seconds. Nothing added is the start itself, open or not; a
        duration used up exactly at a closing ends at that closing. Raises BusinessTimeError for a
        negative duration and when the calendar has no such time left.
        """
        at, left = to_microseconds(start), _microseconds_of(duration)
        if left == 0:
            return to_instant(at)
        first = year_of(at)
        for year in range(first, LAST_YEAR + 1):
            resolved = self._year(year)
            used = resolved.used_until(at) if year == first else 0
            if left <= resolved.total - used:
                return to_instant(resolved.reach(used + left))
            left -= resolved.total - used
        raise BusinessTimeError("windows_run_out", last=LAST_YEAR)

    def add_many(self, targets: Iterable[tuple[datetime, timedelta | int]]) -> list[datetime]:
        """`add` for each pair of start and duration, in order."""
        return [self.add(start, duration) for start, duration in targets]

    def end_of_business_day(self, start: datetime, days: int) -> datetime:
        """The last closing of the `days`-th business day after the local day of `start`.

        The start day is day 0, open or not: from a Saturday, day 1 is Monday, and so it is from
        Friday evening. Day 0 itself ends at its last closing; when that has passed, or the start
        day is closed, the next business day stands in for it, so that nothing is due before it
        starts. A business day is a local day with open time. Raises BusinessTimeError for a
        negative number and when the calendar has no such day left.
        """
        at = to_microseconds(start)
        if days < 0:
            raise BusinessTimeError("negative_days")
        today = start.astimezone(self.zone).toordinal()
        left = max(days, 1)
        for ordinal in range(today, LAST_CLOSING_ORDINAL + 1):
            closing = self._closing(ordinal)
            if closing is None:
                continue
            if ordinal == today:
                if days == 0 and closing >= at:
                    return to_instant(closing)
                continue
            left -= 1
            if left == 0:
                return to_instant(closing)
        raise BusinessTimeError("windows_run_out", last=LAST_YEAR)

    def is_open(self, at: datetime) -> bool:
        """Whether the instant lies in a window: an opening does, a closing does not."""
        instant = to_microseconds(at)
        return self._year(year_of(instant)).next_open(instant) == instant

    def next_opening(self, at: datetime) -> datetime:
        """The instant itself when open, else the next opening; BusinessTimeError when none is."""
        instant = to_microseconds(at)
        for year in range(year_of(instant), LAST_YEAR + 1):
            opening = self._year(year).next_open(instant)
            if opening is not None:
                return to_instant(opening)
        raise BusinessTimeError("windows_run_out", last=LAST_YEAR)

    def windows_on(self, day: date) -> Windows:
        """A date's local windows: its exception's, none on a holiday, else its weekday's."""
        if self.always_open:
            return ALL_DAY
        windows = self.exceptions.get(day)
        if windows is not None:
            return windows
        return () if day in self.holidays else self.week.days[day.weekday()]

    def business_days(self, first_on: date, last_on: date) -> int:
        """The number of dates with a window from the first to the last, both included."""
        for day in (first_on, last_on):
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise BusinessTimeError(
                    "instant_out_of_range",
                    instant=day,
                    first=FIRST_YEAR,
                    last=LAST_YEAR,
                )
        days = range(first_on.toordinal(), last_on.toordinal() + 1)
        return sum(1 for ordinal in days if self.windows_on(date.fromordinal(ordinal)))

    def _used_between(self, first: int, last: int) -> int:
        first_year, last_year = year_of(first), year_of(last)
        whole = sum(self._year(year).total for year in range(first_year, last_year))
        until_first = self._year(first_year).used_until(first)
        return whole + self._year(last_year).used_until(last) - until_first

    def _timeline(self, first: int, last: int) -> Timeline:
        years = range(year_of(first), year_of(last) + 1)
        if len(years) == 1:
            return self._year(years[0])
        return Timeline.chained([self._year(year) for year in years])

    def _year(self, year: int) -> Timeline:
        timeline = self._years.get(year)
        if timeline is None:
            timeline = self._years[year] = self._resolve(year)
        return timeline

    def _resolve(self, year: int) -> Timeline:
        start, end = YEAR_STARTS[year - FIRST_YEAR : year - FIRST_YEAR + 2]
        if self.always_open:
            return Timeline([start], [end], [end - start])
        first = date(year, 1, 1).toordinal() - REACH
        last = date(year, 12, 31).toordinal() + REACH
        days = [self.windows_on(date.fromordinal(ordinal)) for ordinal in range(first, last + 1)]
        return Timeline.of(spans_of(self.zone, first, days), start, end)

    def _closing(self, ordinal: int) -> int | None:
        """The last closing of a local day, or None when it has no open time."""
        windows = self.windows_on(date.fromordinal(ordinal))
        spans = spans_of(self.zone, ordinal, [windows]) if windows else []
        return max((end for _, end in spans), default=None)


def _microseconds_of(duration: timedelta | int) -> int:
    if isinstance(duration, timedelta):
        microseconds = duration // timedelta(microseconds=1)
    else:
        microseconds = duration * 1_000_000
    if microseconds < 0:
        raise BusinessTimeError("negative_duration")
    return microseconds
