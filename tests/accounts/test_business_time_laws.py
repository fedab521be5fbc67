"""The laws of business time, and every answer against a minute-by-minute oracle."""

import struct
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from accounts.business_time import BusinessTime, BusinessTimeError, Week, Windows
from accounts.business_time.timeline import STRIDE
from tests.accounts.business_time_oracle import MinuteOracle

ZONES = [
    "UTC",
    "Europe/Rome",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Havana",
    "Atlantic/Azores",
    "Africa/Casablanca",
    "Pacific/Apia",
]
# Days beside which the zones above turn, the end of a year, and the day Samoa left out.
TURNS = [
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2026, 2, 15),
    date(2026, 6, 10),
    date(2026, 12, 31),
    date(2011, 12, 30),
]
lawful = settings(derandomize=True, max_examples=80, deadline=None)


@st.composite
def windows(draw: st.DrawFn) -> Windows:
    """Up to three windows, edges on any five minutes, so that all kinds meet a turn."""
    edges = draw(st.lists(st.integers(0, 288), max_size=6, unique=True).map(sorted))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return Week.of({1: [(5 * start, 5 * end) for start, end in pairs]}).on(1)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[BusinessTime, date]:
    """A calendar of any zone, and the day around which it is asked."""
    day = draw(st.sampled_from(TURNS))
    near = st.integers(-3, 3).map(lambda n: day + timedelta(days=n))
    week = Week(tuple(draw(windows()) for _ in range(7)))
    exceptions = draw(st.dictionaries(near, windows(), max_size=2))
    holidays = draw(st.frozensets(near, max_size=2))
    assume(not week.is_closed)
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    return BusinessTime(zone, week, exceptions, holidays), day


# Odd ticks on purpose: an answer is exact to the microsecond.
offsets = st.builds(
    lambda minutes, ticks: timedelta(minutes=minutes, microseconds=ticks),
    st.integers(-2 * 1440, 2 * 1440),
    st.sampled_from([0, 0, 1, -1, 30_000_001]),
)
durations = st.builds(
    lambda minutes, ticks: timedelta(minutes=minutes, microseconds=ticks),
    st.integers(0, 3 * 1440),
    st.sampled_from([0, 0, 1, 59_999_999]),
)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def oracle_of(calendar: BusinessTime, day: date) -> MinuteOracle:
    return _oracle(
        calendar.zone,
        calendar.week,
        tuple(calendar.exceptions.items()),
        calendar.holidays,  # type: ignore[arg-type]
        day,
    )


@cache
def _oracle(
    zone: ZoneInfo,
    week: Week,
    exceptions: tuple[tuple[date, Windows], ...],
    holidays: frozenset[date],
    day: date,
) -> MinuteOracle:
    reach = timedelta(days=4)
    return MinuteOracle(
        zone=zone,
        week=week,
        exceptions=dict(exceptions),
        holidays=holidays,
        first=noon(day) - reach,
        last=noon(day) + reach,
    )


@lawful
@given(calendars(), offsets, offsets)
def test_elapsed_is_what_the_oracle_counts(
    asked: tuple[BusinessTime, date], one: timedelta, other: timedelta
) -> None:
    calendar, day = asked
    start, end = sorted((noon(day) + one, noon(day) + other))
    wanted = oracle_of(calendar, day).elapsed(start, end)
    assert calendar.elapsed(start, end) == wanted
    assert calendar.elapsed_many([(start, end), (end, start)]) == [wanted, timedelta(0)]


@lawful
@given(calendars(), offsets, durations)
def test_add_ends_where_the_oracle_ends(
    asked: tuple[BusinessTime, date], offset: timedelta, duration: timedelta
) -> None:
    calendar, day = asked
    start = noon(day) + offset
    wanted = oracle_of(calendar, day).add(start, duration)
    assume(wanted is not None)
    assert calendar.add(start, duration) == wanted


@lawful
@given(calendars(), offsets)
def test_is_open_and_next_opening_are_those_of_the_oracle(
    asked: tuple[BusinessTime, date], offset: timedelta
) -> None:
    calendar, day = asked
    at, oracle = noon(day) + offset, oracle_of(calendar, day)
    assert calendar.is_open(at) == oracle.is_open(at)
    later = [minute for minute in oracle.open if minute + timedelta(minutes=1) > at]
    assume(later)
    assert calendar.next_opening(at) == max(at, later[0])


@lawful
@given(calendars(), offsets, st.integers(0, 3))
def test_the_end_of_a_business_day_is_that_of_the_oracle(
    asked: tuple[BusinessTime, date], offset: timedelta, days: int
) -> None:
    calendar, day = asked
    start = noon(day) + offset
    closings = oracle_of(calendar, day).closings()
    today = start.astimezone(calendar.zone).date()
    later = [closings[on] for on in sorted(closings) if on > today]
    if days == 0 and today in closings and closings[today] >= start:
        wanted = closings[today]
    else:
        assume(len(later) >= max(days, 1))
        wanted = later[max(days, 1) - 1]
    assert calendar.end_of_business_day(start, days) == wanted


@lawful
@given(calendars(), st.lists(offsets, min_size=3, max_size=3))
def test_elapsed_is_split_additive_and_monotone(
    asked: tuple[BusinessTime, date], moments: list[timedelta]
) -> None:
    calendar, day = asked
    first, middle, last = sorted(noon(day) + moment for moment in moments)
    whole = calendar.elapsed(first, last)
    assert whole == calendar.elapsed(first, middle) + calendar.elapsed(middle, last)
    assert timedelta(0) <= calendar.elapsed(first, middle) <= whole <= last - first
    assert calendar.elapsed(middle, last) <= whole


@lawful
@given(calendars(), offsets, durations)
def test_add_is_the_least_inverse_of_elapsed(
    asked: tuple[BusinessTime, date], offset: timedelta, duration: timedelta
) -> None:
    calendar, day = asked
    start = noon(day) + offset
    due = calendar.add(start, duration)
    assert due >= start
    assert calendar.elapsed(start, due) == duration
    if duration:
        assert calendar.elapsed(start, due - timedelta(microseconds=1)) < duration
    else:
        assert due == start


@lawful
@given(calendars(), offsets, durations, durations)
def test_add_is_monotone_and_adds_up(
    asked: tuple[BusinessTime, date], offset: timedelta, one: timedelta, other: timedelta
) -> None:
    calendar, day = asked
    start = noon(day) + offset
    assert calendar.add(start, one + other) == calendar.add(calendar.add(start, one), other)
    short, long = sorted((one, other))
    assert calendar.add(start, short) <= calendar.add(start, long)
    assert calendar.add(start, short) <= calendar.add(start + timedelta(minutes=7), short)


@lawful
@given(calendars(), offsets, st.integers(0, 5))
def test_a_later_business_day_never_ends_earlier(
    asked: tuple[BusinessTime, date], offset: timedelta, days: int
) -> None:
    calendar, day = asked
    start = noon(day) + offset
    end = calendar.end_of_business_day(start, days)
    assert start <= end <= calendar.end_of_business_day(start, days + 1)
    assert end <= calendar.end_of_business_day(start + timedelta(minutes=90), days)


@lawful
@given(calendars())
def test_a_week_survives_json(asked: tuple[BusinessTime, date]) -> None:
    week = asked[0].week
    assert Week.from_json(week.to_json()) == week


def nested(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    days = st.sampled_from(["1", "7", "8", "x"])
    return st.lists(inner, max_size=3) | st.dictionaries(days, inner, max_size=3)


@lawful
@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), nested))
@example({"1": [["09:00", "17:00"]]})
def test_any_json_is_a_week_or_refused(value: object) -> None:
    try:
        week = Week.from_json(value)
    except BusinessTimeError:
        return
    assert Week.from_json(week.to_json()) == week


def turns_of(zone: str) -> list[tuple[int, int]]:
    """The instants since 1970 at which the zone takes another offset, with that offset."""
    data = resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()
    counts = struct.unpack(">6l", data[20:44])
    utc, standard, leaps, times, types, letters = counts
    second = 44 + times * 5 + types * 6 + letters + leaps * 8 + standard + utc
    times, types = struct.unpack(">6l", data[second + 20 : second + 44])[3:5]
    body = second + 44
    instants = struct.unpack(f">{times}q", data[body : body + 8 * times])
    kinds = data[body + 8 * times : body + 9 * times]
    infos = data[body + 9 * times : body + 9 * times + 6 * types]
    offsets = [struct.unpack(">l", infos[6 * n : 6 * n + 4])[0] for n in range(types)]
    found: list[tuple[int, int]] = []
    for instant, kind in zip(instants, kinds, strict=True):
        if instant > 0 and (not found or found[-1][1] != offsets[kind]):
            found.append((instant, offsets[kind]))
    return found


def all_zones() -> list[str]:
    return resources.files("tzdata").joinpath("zones").read_text().split()


def test_no_zone_turns_and_turns_back_within_a_stride() -> None:
    """The resolution of windows rests on this; new zone files must not break it."""
    quick = [
        (zone, one[0])
        for zone in all_zones()
        for one, other in zip(turns_of(zone), turns_of(zone)[1:], strict=False)
        if other[0] - one[0] < (STRIDE + 1) * 86_400
    ]
    assert quick == []


@pytest.mark.parametrize("year", [1970, 2038, 2100, 2199])
def test_the_first_and_the_far_years_are_served(year: int) -> None:
    calendar = BusinessTime(ZoneInfo("Europe/Rome"), Week.of({1: [(0, 1440)]}))
    assert calendar.elapsed(datetime(year, 2, 1, tzinfo=UTC), datetime(year, 3, 1, tzinfo=UTC)) == (
        timedelta(days=4)
    )
