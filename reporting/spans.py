"""Which span of days a report is about, as its address says it. Pure: no ORM, no now.

An address names a month (`2026-11`), a quarter (`2026-Q4`), a year (`2026`) or days from and to,
both included. Borders lie at midnight in the organisation's zone, whoever looks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from leads.selectors.figures.cut import Span
from sla.enums import PeriodKind
from sla.periods import Period, period_of_day

DAY = timedelta(days=1)
LONGEST_DAYS = 3 * 366
EARLIEST, LATEST = 1970, 2200
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
QUARTER = re.compile(r"(\d{4})-[Qq]([1-4])", re.ASCII)
YEAR = re.compile(r"(\d{4})", re.ASCII)


@dataclass(frozen=True)
class Days:
    """The days from `first` to `last`, both included, in `zone`; `name` is how an address says
    them."""

    first: date
    last: date
    zone: ZoneInfo
    name: str

    @property
    def span(self) -> Span:
        """The instants that belong to it."""
        return Span(_midnight(self.first, self.zone), _midnight(self.last + DAY, self.zone))

    def before(self) -> Days:
        """Return what came just before: the month, quarter or year before, else as many days."""
        last = self.first - DAY
        if not self.is_free:
            return read_days(self._neighbour(last), self.zone)
        first = last - (self.last - self.first)
        return _free(first, last, self.zone)

    def after(self) -> Days:
        """Return what comes just after it."""
        first = self.last + DAY
        if not self.is_free:
            return read_days(self._neighbour(first), self.zone)
        return _free(first, first + (self.last - self.first), self.zone)

    @property
    def is_free(self) -> bool:
        """Whether it is days from and to, and no month, quarter or year."""
        return "/" in self.name

    def _neighbour(self, day: date) -> str:
        if YEAR.fullmatch(self.name):
            return f"{day.year:04}"
        if QUARTER.fullmatch(self.name):
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        return f"{day.year:04}-{day.month:02}"


def month_of(at: datetime, zone: ZoneInfo) -> Days:
    """Return the month in which the instant `at` lies in `zone`."""
    day = at.astimezone(zone).date()
    return read_days(f"{day.year:04}-{day.month:02}", zone)


def read_days(name: str, zone: ZoneInfo) -> Days:
    """Return what `name` says: a month, a quarter, a year, or two days parted by a slash.

    Raises ValueError for what says none of them, ends before it begins or is too long.
    """
    if "/" in name:
        first, _slash, last = name.partition("/")
        return _free(date.fromisoformat(first), date.fromisoformat(last), zone)
    if found := MONTH.fullmatch(name):
        return _whole(PeriodKind.MONTH, date(_year(found[1]), int(found[2]), 1), zone, name)
    if found := QUARTER.fullmatch(name):
        begins = date(_year(found[1]), int(found[2]) * 3 - 2, 1)
        return _whole(PeriodKind.QUARTER, begins, zone, name.upper())
    if found := YEAR.fullmatch(name):
        year = _year(found[1])
        return Days(date(year, 1, 1), date(year, 12, 31), zone, name)
    raise ValueError(f"no period: {name!r}")


def _year(text: str) -> int:
    year = int(text)
    if not EARLIEST <= year <= LATEST:
        raise ValueError(f"no year of ours: {year}")
    return year


def _whole(kind: PeriodKind, day: date, zone: ZoneInfo, name: str) -> Days:
    period: Period = period_of_day(kind, day, zone)
    return Days(period.first_on, period.last_on, zone, name)


def _free(first: date, last: date, zone: ZoneInfo) -> Days:
    if last < first or (last - first).days >= LONGEST_DAYS or not EARLIEST <= first.year <= LATEST:
        raise ValueError("the days end before they begin, or are too many")
    return Days(first, last, zone, f"{first.isoformat()}/{last.isoformat()}")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
