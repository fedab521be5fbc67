"""What a calendar means from a given instant on: a few due instants and the days ahead. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.business_time import BusinessTime, BusinessTimeError, Windows

DAYS_AHEAD = 14
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class DayAhead:
    """One local day: its windows and what makes it differ from its weekday."""

    day: date
    windows: Windows
    holiday: str = ""
    note: str = ""
    is_exception: bool = False

    @property
    def is_holiday(self) -> bool:
        """Whether the holiday closes it: an exception outranks it."""
        return bool(self.holiday) and not self.is_exception


@dataclass(frozen=True)
class CalendarPreview:
    """Answers to the questions that people ask of a calendar; None: it has no such time left."""

    is_open: bool
    next_opening_at: datetime | None
    one_hour_at: datetime | None
    one_day_at: datetime | None
    second_day_at: datetime | None
    week: timedelta
    days: list[DayAhead]


def preview(
    calendar: BusinessTime,
    at: datetime,
    *,
    holidays: Mapping[date, str],
    notes: Mapping[date, str],
) -> CalendarPreview:
    """The preview as seen at `at`; `holidays` and `notes` name the days that have a name."""
    today = at.astimezone(calendar.zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
    return CalendarPreview(
        is_open=calendar.is_open(at),
        next_opening_at=_or_none(lambda: calendar.next_opening(at)),
        one_hour_at=_or_none(lambda: calendar.add(at, HOUR)),
        one_day_at=_or_none(lambda: calendar.end_of_business_day(at, 1)),
        second_day_at=_or_none(lambda: calendar.end_of_business_day(at, 2)),
        week=_length_of_week(calendar),
        days=[_day_ahead(calendar, day, holidays, notes) for day in days],
    )


def minutes_of(windows: Windows) -> timedelta:
    """How long a day is open by the wall clock."""
    return timedelta(minutes=sum(end - start for start, end in windows))


def _length_of_week(calendar: BusinessTime) -> timedelta:
    if calendar.always_open:
        return timedelta(days=7)
    return sum((minutes_of(windows) for windows in calendar.week.days), timedelta(0))


def _day_ahead(
    calendar: BusinessTime, day: date, holidays: Mapping[date, str], notes: Mapping[date, str]
) -> DayAhead:
    if calendar.always_open:
        return DayAhead(day, calendar.windows_on(day))
    return DayAhead(
        day=day,
        windows=calendar.windows_on(day),
        holiday=holidays.get(day, ""),
        note=notes.get(day, ""),
        is_exception=day in calendar.exceptions,
    )


def _or_none(ask: Callable[[], datetime]) -> datetime | None:
    try:
        return ask()
    except BusinessTimeError:
        return None
