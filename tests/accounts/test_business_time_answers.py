"""Business time: the known answers, every edge with one tick before and after, and refusals."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from accounts.business_time import BusinessTime, BusinessTimeError, Week, zone_named

ROME = ZoneInfo("Europe/Rome")
NEW_YORK = ZoneInfo("America/New_York")
OFFICE = Week.of({day: [(9 * 60, 17 * 60)] for day in range(1, 6)})
SPLIT = Week.of({day: [(9 * 60, 13 * 60), (14 * 60, 18 * 60)] for day in range(1, 6)})
SUNDAY_NIGHT = Week.of({7: [(0, 5 * 60)]})
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


def rome(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ROME)  # type: ignore[arg-type, misc]


def office(**changes: object) -> BusinessTime:
    return BusinessTime(ROME, OFFICE, **changes)  # type: ignore[arg-type]


def open_at(zone: ZoneInfo, *windows: tuple[int, int], weekday: int = 7) -> BusinessTime:
    return BusinessTime(zone, Week.of({weekday: windows}))


# 2026-01-03 is a Saturday.


def test_one_hour_from_saturday_is_monday_ten() -> None:
    assert office().add(rome(2026, 1, 3, 15), HOUR) == rome(2026, 1, 5, 10)


def test_a_holiday_on_monday_moves_it_to_tuesday() -> None:
    calendar = office(holidays={date(2026, 1, 5): "Holiday"})
    assert calendar.add(rome(2026, 1, 3, 15), HOUR) == rome(2026, 1, 6, 10)


def test_one_hour_from_friday_half_past_four_is_monday_half_past_nine() -> None:
    assert office().add(rome(2026, 1, 2, 16, 30), HOUR) == rome(2026, 1, 5, 9, 30)


def test_round_the_clock_ignores_the_turns_of_the_zone() -> None:
    calendar = BusinessTime(ROME, always_open=True)
    spring = calendar.add(datetime.fromisoformat("2026-03-29T00:00+01:00"), 8 * HOUR)
    autumn = calendar.add(datetime.fromisoformat("2026-10-25T00:00+02:00"), 8 * HOUR)
    assert spring.astimezone(ROME).isoformat() == "2026-03-29T09:00:00+02:00"
    assert autumn.astimezone(ROME).isoformat() == "2026-10-25T07:00:00+01:00"


def test_round_the_clock_knows_no_holiday_and_no_exception() -> None:
    day = date(2026, 1, 5)
    calendar = BusinessTime(ROME, holidays={day}, exceptions={day: ()}, always_open=True)
    assert calendar.elapsed(rome(2025, 12, 30), rome(2026, 1, 6)) == timedelta(days=7)
    assert calendar.is_open(rome(2026, 1, 5, 3))
    assert calendar.end_of_business_day(rome(2026, 1, 5, 3), 0) == rome(2026, 1, 6)
    assert calendar.end_of_business_day(rome(2026, 3, 28, 3), 1) == rome(2026, 3, 30)


def test_instants_come_back_in_utc() -> None:
    calendar = office()
    at = rome(2026, 1, 5, 8)
    answers = [calendar.add(at, 0), calendar.add(at, HOUR), calendar.next_opening(at)]
    answers.append(calendar.end_of_business_day(at, 1))
    assert [answer.tzinfo for answer in answers] == [UTC, UTC, UTC, UTC]


def test_nothing_added_is_the_start_itself_even_when_closed() -> None:
    assert office().add(rome(2026, 1, 3, 15), 0) == rome(2026, 1, 3, 15)


def test_a_target_used_up_at_closing_is_due_at_that_closing() -> None:
    calendar = office()
    assert calendar.add(rome(2026, 1, 2, 9), 8 * HOUR) == rome(2026, 1, 2, 17)
    assert calendar.add(rome(2026, 1, 2, 9), 8 * HOUR - TICK) == rome(2026, 1, 2, 17) - TICK
    assert calendar.add(rome(2026, 1, 2, 9), 8 * HOUR + TICK) == rome(2026, 1, 5, 9) + TICK


def test_a_target_used_up_at_new_year_midnight_is_due_then() -> None:
    calendar = open_at(ZoneInfo("UTC"), (0, 24 * 60), weekday=4)  # 2026-12-31 is a Thursday
    new_year = datetime(2027, 1, 1, tzinfo=UTC)
    assert calendar.add(new_year - HOUR, HOUR) == new_year
    assert calendar.next_opening(new_year) == new_year + timedelta(days=6)


def test_a_number_is_business_seconds() -> None:
    assert office().add(rome(2026, 1, 2, 16, 30), 3600) == rome(2026, 1, 5, 9, 30)


def test_elapsed_at_one_tick_before_at_and_after_each_edge() -> None:
    calendar = office()
    opening, closing = rome(2026, 1, 5, 9), rome(2026, 1, 5, 17)
    assert calendar.elapsed(opening - TICK, opening) == timedelta(0)
    assert calendar.elapsed(opening, opening + TICK) == TICK
    assert calendar.elapsed(closing - TICK, closing) == TICK
    assert calendar.elapsed(closing, closing + TICK) == timedelta(0)
    assert calendar.elapsed(opening - TICK, closing + TICK) == 8 * HOUR
    assert calendar.elapsed(opening + TICK, closing - TICK) == 8 * HOUR - 2 * TICK


def test_elapsed_of_nothing_and_of_a_backward_interval_is_zero() -> None:
    calendar = office()
    noon = rome(2026, 1, 5, 12)
    assert calendar.elapsed(noon, noon) == timedelta(0)
    assert calendar.elapsed(noon, noon - HOUR) == timedelta(0)
    assert calendar.elapsed_many([(noon, noon - HOUR)]) == [timedelta(0)]


def test_a_lunch_break_counts_nothing() -> None:
    calendar = BusinessTime(ROME, SPLIT)
    assert calendar.elapsed(rome(2026, 1, 5, 12), rome(2026, 1, 5, 15)) == 2 * HOUR
    assert calendar.add(rome(2026, 1, 5, 12), 2 * HOUR) == rome(2026, 1, 5, 15)
    assert not calendar.is_open(rome(2026, 1, 5, 13, 30))


def test_a_week_elapses_forty_hours_over_new_year() -> None:
    assert office().elapsed(rome(2025, 12, 29), rome(2026, 1, 5)) == 40 * HOUR


def test_many_answers_are_the_single_ones() -> None:
    calendar = office()
    intervals = [
        (rome(2025, 12, 31, 12), rome(2026, 1, 2, 12)),
        (rome(2026, 1, 5, 8), rome(2026, 1, 5, 10)),
    ]
    targets = [(rome(2026, 1, 2, 16), HOUR), (rome(2026, 1, 2, 16), 7200)]
    assert calendar.elapsed_many([]) == []
    assert calendar.elapsed_many(intervals[1:]) == [HOUR]
    assert calendar.elapsed_many(intervals) == [16 * HOUR, HOUR]
    assert calendar.add_many(targets) == [rome(2026, 1, 2, 17), rome(2026, 1, 5, 10)]


def test_is_open_and_next_opening_around_the_edges() -> None:
    calendar = office()
    opening, closing = rome(2026, 1, 5, 9), rome(2026, 1, 5, 17)
    moments = [opening - TICK, opening, closing - TICK, closing]
    assert [calendar.is_open(at) for at in moments] == [False, True, True, False]
    assert calendar.next_opening(opening - TICK) == opening
    assert calendar.next_opening(opening) == opening
    assert calendar.next_opening(closing - TICK) == closing - TICK
    assert calendar.next_opening(closing) == rome(2026, 1, 6, 9)
    assert calendar.next_opening(rome(2025, 12, 31, 20)) == rome(2026, 1, 1, 9)


@pytest.mark.parametrize(
    ("days", "closing"),
    [(0, (2026, 1, 5, 17)), (1, (2026, 1, 6, 17)), (4, (2026, 1, 9, 17)), (5, (2026, 1, 12, 17))],
)
def test_the_start_day_is_day_zero(days: int, closing: tuple[int, ...]) -> None:
    assert office().end_of_business_day(rome(2026, 1, 5, 10), days) == rome(*closing)


def test_from_a_closed_day_the_first_business_day_is_the_next_open_one() -> None:
    calendar = office()
    saturday = rome(2026, 1, 3, 15)
    assert calendar.end_of_business_day(saturday, 0) == rome(2026, 1, 5, 17)
    assert calendar.end_of_business_day(saturday, 1) == rome(2026, 1, 5, 17)
    assert calendar.end_of_business_day(saturday, 2) == rome(2026, 1, 6, 17)


def test_after_the_last_closing_day_zero_is_the_next_business_day() -> None:
    calendar = office()
    closing = rome(2026, 1, 2, 17)
    assert calendar.end_of_business_day(closing, 0) == closing
    assert calendar.end_of_business_day(closing + TICK, 0) == rome(2026, 1, 5, 17)
    assert calendar.end_of_business_day(closing + TICK, 1) == rome(2026, 1, 5, 17)


def test_the_start_day_is_local_to_the_zone_of_the_calendar() -> None:
    calendar = BusinessTime(NEW_YORK, OFFICE)
    still_monday = datetime(2026, 1, 6, 4, 59, tzinfo=UTC)
    tuesday = datetime(2026, 1, 6, 5, 0, tzinfo=UTC)
    assert calendar.end_of_business_day(still_monday, 1) == datetime(2026, 1, 6, 22, tzinfo=UTC)
    assert calendar.end_of_business_day(tuesday, 1) == datetime(2026, 1, 7, 22, tzinfo=UTC)


def test_an_exception_closes_a_day_replaces_it_and_outranks_a_holiday() -> None:
    holidays = {date(2026, 1, 6), date(2026, 1, 7)}
    exceptions = {date(2026, 1, 5): (), date(2026, 1, 6): ((10 * 60, 12 * 60),)}
    calendar = office(holidays=holidays, exceptions=exceptions)
    assert calendar.elapsed(rome(2026, 1, 5), rome(2026, 1, 10)) == 18 * HOUR
    assert calendar.windows_on(date(2026, 1, 5)) == ()
    assert calendar.windows_on(date(2026, 1, 6)) == ((600, 720),)
    assert calendar.windows_on(date(2026, 1, 7)) == ()
    assert calendar.windows_on(date(2026, 1, 8)) == ((540, 1020),)
    assert calendar.business_days(date(2026, 1, 5), date(2026, 1, 9)) == 3


# Turns of a zone. Rome: 2026-03-29 02:00 to 03:00 does not exist, 2026-10-25 02:00 to 03:00 is
# seen twice. Both are Sundays.


def test_a_window_over_the_gap_is_an_hour_shorter() -> None:
    calendar = BusinessTime(ROME, SUNDAY_NIGHT)
    assert calendar.elapsed(rome(2026, 3, 29), rome(2026, 3, 30)) == 4 * HOUR


def test_a_window_over_the_repeated_hour_is_an_hour_longer() -> None:
    calendar = BusinessTime(ROME, SUNDAY_NIGHT)
    assert calendar.elapsed(rome(2026, 10, 25), rome(2026, 10, 26)) == 6 * HOUR


def test_an_end_in_the_gap_moves_forward_by_it() -> None:
    calendar = open_at(ROME, (60, 150))
    assert calendar.end_of_business_day(rome(2026, 3, 29), 0) == rome(2026, 3, 29, 3, 30)
    assert calendar.elapsed(rome(2026, 3, 29), rome(2026, 3, 30)) == 1.5 * HOUR


def test_a_start_in_the_gap_moves_forward_by_it() -> None:
    calendar = open_at(ROME, (150, 300))
    assert calendar.next_opening(rome(2026, 3, 29)) == rome(2026, 3, 29, 3, 30)
    assert calendar.elapsed(rome(2026, 3, 29), rome(2026, 3, 30)) == 1.5 * HOUR


def test_a_window_within_the_gap_moves_as_a_whole_and_overlap_counts_once() -> None:
    alone = open_at(ROME, (135, 165))
    beside = open_at(ROME, (135, 165), (180, 240))
    assert alone.next_opening(rome(2026, 3, 29)) == rome(2026, 3, 29, 3, 15)
    assert alone.elapsed(rome(2026, 3, 29), rome(2026, 3, 30)) == 0.5 * HOUR
    assert beside.elapsed(rome(2026, 3, 29), rome(2026, 3, 30)) == HOUR


def test_a_window_that_the_gap_swallows_is_no_business_day() -> None:
    calendar = open_at(ROME, (120, 180))
    assert calendar.elapsed(rome(2026, 3, 29), rome(2026, 3, 30)) == timedelta(0)
    assert calendar.end_of_business_day(rome(2026, 3, 28), 1) == rome(2026, 4, 5, 3)


def test_an_ambiguous_start_is_the_first_and_an_ambiguous_end_the_second() -> None:
    starts, ends = open_at(ROME, (150, 300)), open_at(ROME, (60, 150))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert starts.next_opening(rome(2026, 10, 25)) == first
    assert ends.end_of_business_day(rome(2026, 10, 25), 0) == second


def test_windows_that_overlap_in_the_repeated_hour_count_once() -> None:
    calendar = open_at(ROME, (60, 150), (165, 240))
    assert calendar.elapsed(rome(2026, 10, 25), rome(2026, 10, 26)) == 4 * HOUR


def test_lord_howe_turns_by_half_an_hour() -> None:
    zone = ZoneInfo("Australia/Lord_Howe")  # 2026-10-04 02:00 to 02:30 does not exist
    calendar = open_at(zone, (60, 180))
    day = datetime(2026, 10, 4, tzinfo=zone)
    assert calendar.elapsed(day, day + timedelta(days=1)) == 1.5 * HOUR


def test_a_gap_at_midnight_opens_the_day_late() -> None:
    zone = ZoneInfo("America/Havana")  # 2026-03-08 00:00 to 01:00 does not exist
    calendar = BusinessTime(zone, Week.of({6: [(0, 1440)], 7: [(0, 1440)]}))
    saturday = datetime(2026, 3, 7, tzinfo=zone)
    assert calendar.elapsed(saturday, saturday + timedelta(days=3)) == 47 * HOUR
    assert calendar.end_of_business_day(saturday, 0) == datetime(2026, 3, 8, 5, tzinfo=UTC)


def last_sunday_of(year: int, month: int) -> date:
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=last.isoweekday() % 7)


@pytest.mark.parametrize("year", range(2014, 2031))
def test_an_ambiguous_midnight_ends_the_day_before_at_its_second_instant(year: int) -> None:
    """In every year, so that the turn meets every place of the stride in which days resolve."""
    zone = ZoneInfo("Atlantic/Azores")  # the last Sunday of October begins twice
    sunday = last_sunday_of(year, 10)
    second = datetime(year, 10, sunday.day, 1, tzinfo=UTC)
    saturdays = open_at(zone, (20 * 60, 24 * 60), weekday=6)
    assert saturdays.elapsed(second - timedelta(days=1), second + 9 * HOUR) == 5 * HOUR
    assert saturdays.end_of_business_day(second - 2 * HOUR, 0) == second
    sundays = open_at(zone, (0, 60))
    assert sundays.next_opening(second - timedelta(days=2)) == second - HOUR
    assert sundays.elapsed(second - timedelta(days=2), second + HOUR) == 2 * HOUR


def test_the_day_that_samoa_left_out_moves_to_the_next() -> None:
    zone = ZoneInfo("Pacific/Apia")  # there was no 2011-12-30, a Friday
    calendar = BusinessTime(zone, OFFICE)
    thursday = datetime(2011, 12, 29, tzinfo=zone)
    assert calendar.elapsed(thursday, datetime(2012, 1, 1, tzinfo=zone)) == 16 * HOUR
    assert calendar.add(thursday, 9 * HOUR) == datetime(2011, 12, 31, 10, tzinfo=zone)


# Refusals.


def refusal_of(call: object, *arguments: object) -> tuple[str, dict[str, object]]:
    with pytest.raises(BusinessTimeError) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.code, dict(caught.value.params)


def test_a_calendar_without_an_open_window_is_refused() -> None:
    closing = {date(2026, 1, 5): ()}
    assert refusal_of(BusinessTime, ROME) == ("no_open_window", {})
    assert refusal_of(BusinessTime, ROME, Week(), closing) == ("no_open_window", {})


def test_a_refusal_is_a_value_error_that_says_what_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"^The calendar has no open window\.$"):
        BusinessTime(ROME)


def test_an_exception_with_windows_is_enough() -> None:
    calendar = BusinessTime(ROME, exceptions={date(2026, 1, 5): ((540, 600),)})
    assert calendar.add(rome(2026, 1, 1), HOUR) == rome(2026, 1, 5, 10)


@pytest.mark.parametrize("question", ["add", "end_of_business_day"])
def test_windows_that_run_out_are_refused(question: str) -> None:
    calendar = BusinessTime(ROME, exceptions={date(2026, 1, 5): ((540, 600),)})
    answer = getattr(calendar, question)
    target = 3601 if question == "add" else 2
    assert refusal_of(answer, rome(2026, 1, 1), target) == ("windows_run_out", {"last": 2199})


def test_no_further_opening_is_refused() -> None:
    calendar = BusinessTime(ROME, exceptions={date(2026, 1, 5): ((540, 600),)})
    asked = (calendar.next_opening, rome(2026, 1, 5, 10))
    assert refusal_of(*asked) == ("windows_run_out", {"last": 2199})


def test_a_target_beyond_all_years_is_refused() -> None:
    code, _ = refusal_of(BusinessTime(ROME, always_open=True).add, rome(2026, 1, 5), 10**30)
    assert code == "windows_run_out"


@pytest.mark.parametrize("call", ["is_open", "next_opening"])
@pytest.mark.parametrize("year", [1, 1969, 2200, 9999])
def test_absurd_instants_are_refused(call: str, year: int) -> None:
    at = datetime(year, 6, 1, tzinfo=UTC)
    wanted = {"instant": at.isoformat(), "first": 1970, "last": 2199}
    assert refusal_of(getattr(office(), call), at) == ("instant_out_of_range", wanted)


def test_the_ends_of_the_calendar_of_python_are_refused_in_any_zone() -> None:
    calendar = office()
    for zone in (UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12)), ROME):
        for at in (datetime.min.replace(tzinfo=zone), datetime.max.replace(tzinfo=zone)):
            code, _ = refusal_of(calendar.elapsed, at, rome(2026, 1, 5))
            assert code == "instant_out_of_range"


def test_the_years_served_end_exactly() -> None:
    calendar = BusinessTime(ROME, always_open=True)
    first = datetime(1970, 1, 1, tzinfo=UTC)
    last = datetime(2200, 1, 1, tzinfo=UTC) - TICK
    assert calendar.elapsed(first, last) == last - first
    assert refusal_of(calendar.is_open, first - TICK)[0] == "instant_out_of_range"
    assert refusal_of(calendar.is_open, last + TICK)[0] == "instant_out_of_range"


def test_a_day_out_of_range_is_refused() -> None:
    counted = office().business_days
    assert refusal_of(counted, date(1, 1, 1), date(2026, 1, 1))[0] == "instant_out_of_range"
    assert refusal_of(counted, date(2026, 1, 1), date(9999, 1, 1))[0] == "instant_out_of_range"


def test_an_instant_without_a_zone_is_refused() -> None:
    code, params = refusal_of(office().is_open, rome(2026, 1, 5, 9).replace(tzinfo=None))
    assert (code, params) == ("naive_instant", {"instant": "2026-01-05T09:00:00"})


def test_negative_targets_are_refused() -> None:
    calendar, at = office(), rome(2026, 1, 5)
    assert refusal_of(calendar.add, at, -1) == ("negative_duration", {})
    assert refusal_of(calendar.add, at, -TICK) == ("negative_duration", {})
    assert refusal_of(calendar.end_of_business_day, at, -1) == ("negative_days", {})


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "a\0b", "/etc"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    assert refusal_of(zone_named, name) == ("unknown_zone", {"zone": name})


def test_a_known_zone_is_found() -> None:
    assert zone_named("Europe/Rome") is ROME


def test_equal_calendars_are_equal_and_hash_alike() -> None:
    day = {date(2026, 1, 5): ((540, 600),)}
    asked = office(exceptions=day)
    asked.is_open(rome(2026, 1, 5))
    assert asked == office(exceptions=day)
    assert hash(asked) == hash(office(exceptions=day))
    assert asked != office()
