"""When things happen in the demo: in working hours of the office in Bologna, never by chance.

People write on any working day. On Tuesdays and Thursdays Marketing hands over and Sales moves its
leads on; most leads are decided on within the hour, many by the afternoon, a few days too late. In
one month, four months ago, half of them waited too long. So each session is a few calls of each
service, and a year is loaded in seconds.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Europe/Rome")
DAY = timedelta(days=1)
MORNING, SOON, AFTERNOON = time(10, 10), time(10, 40), time(15, 30)
# Days from each weekday to the session that follows or is held on it.
TO_SESSION = (1, 0, 1, 0, 4, 3, 2)
SATURDAY = 5
WAVE_MONTHS_AGO = 4
# Of twenty decisions, how many come too late: in the month of the wave, before it, after it.
LATE_IN_WAVE, LATE_BEFORE, LATE_AFTER = 10, 2, 1
# (opens, closes) of a working day, hour by hour.
WINDOWS = ((time(9), time(13)), (time(14), time(18)))


def captured_at(day: date) -> datetime:
    """Return when somebody writes to us who does so about that day."""
    return _at(day - max(0, day.weekday() - SATURDAY + 1) * DAY, MORNING)


def session_at(day: date) -> datetime:
    """Return the morning of the session of that day, or of the next one."""
    return _at(session_on(day), MORNING)


def session_on(day: date) -> date:
    """Return the session of that day, or the next one."""
    return day + TO_SESSION[day.weekday()] * DAY


def decided_at(n: int, handed_over: date, today: date) -> datetime:
    """Return when Sales decides on lead `n`, which a session handed over."""
    of_twenty = n * 7 % 20
    if of_twenty < _late(handed_over, today):
        return _at(session_on(handed_over + DAY), AFTERNOON)
    return _at(handed_over, AFTERNOON if n % 3 == 0 else SOON)


def in_wave(day: date, today: date) -> bool:
    """Tell whether the day lies in the month in which decisions were late."""
    return _months(today) - _months(day) == WAVE_MONTHS_AGO


def at_work(at: datetime) -> datetime:
    """Return `at`, or the next minutes in which the office is open; `at` in any zone."""
    told = at.astimezone(OFFICE)
    for opens, closes in WINDOWS:
        if told.weekday() < SATURDAY and told.time() < closes:
            begins = datetime.combine(told.date(), opens, OFFICE)
            return max(told, begins + timedelta(minutes=told.minute))
    return at_work(datetime.combine(told.date() + DAY, WINDOWS[0][0], OFFICE) + _minutes(told))


def worked_before(at: datetime, hours: float) -> datetime:
    """Return the instant so many hours of work before `at`; holidays are not looked at."""
    left = timedelta(hours=hours)
    day = at.astimezone(OFFICE).date()
    while True:
        for opens, closes in reversed(WINDOWS if day.weekday() < SATURDAY else ()):
            begins = datetime.combine(day, opens, OFFICE)
            ends = min(at, datetime.combine(day, closes, OFFICE))
            if ends - begins > left:
                return ends - left
            left -= max(timedelta(), ends - begins)
        day -= DAY


def _late(handed_over: date, today: date) -> int:
    ago = _months(today) - _months(handed_over)
    if ago == WAVE_MONTHS_AGO:
        return LATE_IN_WAVE
    return LATE_AFTER if ago < WAVE_MONTHS_AGO else LATE_BEFORE


def _months(day: date) -> int:
    return day.year * 12 + day.month


def _minutes(at: datetime) -> timedelta:
    return timedelta(minutes=at.minute)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, OFFICE)
