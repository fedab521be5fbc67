"""The week of windows: validation, its normal form, and JSON both ways."""

import pytest

from accounts.business_time import (
    MESSAGES,
    BusinessTimeError,
    Week,
    Window,
    format_windows,
    normal_windows,
    parse_windows,
)


def refusal_of(call: object, *arguments: object) -> tuple[str, dict[str, object], str]:
    with pytest.raises(BusinessTimeError) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.code, dict(caught.value.params), str(caught.value)


def test_a_week_goes_to_json_and_back() -> None:
    value = {"1": [["09:00", "13:00"], ["14:00", "18:00"]], "6": [["00:00", "24:00"]]}
    week = Week.from_json(value)
    assert week.on(1) == (Window(540, 780), Window(840, 1080))
    assert week.on(6) == (Window(0, 1440),)
    assert week.on(7) == ()
    assert week.to_json() == value
    assert not week.is_closed


def test_a_week_without_days_is_closed() -> None:
    assert Week.from_json({}) == Week() == Week.from_json({"1": []})
    assert Week().is_closed
    assert Week().to_json() == {}


def test_adjacent_windows_are_joined() -> None:
    assert normal_windows([(540, 780), (780, 1080)]) == (Window(540, 1080),)


def test_windows_of_a_day_go_to_json_and_back() -> None:
    value = [["08:30", "12:00"], ["13:00", "24:00"]]
    assert format_windows(parse_windows(value)) == value


@pytest.mark.parametrize(
    ("pairs", "code", "message"),
    [
        ([(540, 540)], "window_ends_before_start", "09:00 to 09:00 must end after it starts"),
        ([(600, 540)], "window_ends_before_start", "10:00 to 09:00 must end after it starts"),
        ([(540, 660), (600, 720)], "windows_overlap", "10:00 to 12:00 overlaps the one before"),
        ([(600, 720), (540, 660)], "windows_overlap", "09:00 to 11:00 overlaps the one before"),
        ([(600, 720), (540, 600)], "windows_unsorted", "09:00 to 10:00 must come before"),
        ([(-1, 60)], "minutes_out_of_range", "minute 0 to minute 1440, not to -1"),
        ([(0, 1441)], "minutes_out_of_range", "minute 0 to minute 1440, not to 1441"),
    ],
)
def test_bad_windows_are_refused(pairs: list[tuple[int, int]], code: str, message: str) -> None:
    refused, _, text = refusal_of(normal_windows, pairs)
    assert refused == code
    assert message in text


@pytest.mark.parametrize(
    "time",
    ["9:00", "24:01", "25:00", "12:60", "", "09:00 ", "09:00\n", "٠٩:٠٠", "09.00", 540, None],
)
def test_a_time_is_strict(time: object) -> None:
    assert refusal_of(parse_windows, [[time, "24:00"]])[:2] == ("not_a_time", {"time": time})


@pytest.mark.parametrize("value", [None, [], "week", 7])
def test_a_week_is_an_object(value: object) -> None:
    assert refusal_of(Week.from_json, value)[0] == "week_not_an_object"


@pytest.mark.parametrize("key", ["0", "8", "01", "monday", "", 1])
def test_a_weekday_is_one_to_seven(key: object) -> None:
    assert refusal_of(Week.from_json, {key: []})[:2] == ("unknown_weekday", {"weekday": key})


@pytest.mark.parametrize("weekday", [0, 8])
def test_a_week_of_minutes_refuses_other_weekdays(weekday: int) -> None:
    assert refusal_of(Week.of, {weekday: []})[0] == "unknown_weekday"


@pytest.mark.parametrize("value", [None, "09:00", {"a": 1}, 5])
def test_a_day_is_a_list_and_the_refusal_names_the_day(value: object) -> None:
    code, params, _ = refusal_of(Week.from_json, {"3": value})
    assert (code, params) == ("day_not_a_list", {"weekday": 3})


@pytest.mark.parametrize("pair", [["09:00"], ["09:00", "10:00", "11:00"], "09", None])
def test_a_window_is_a_pair(pair: object) -> None:
    code, params, _ = refusal_of(Week.from_json, {"2": [pair]})
    assert (code, params) == ("window_not_a_pair", {"window": pair, "weekday": 2})


def test_a_refused_window_names_its_day() -> None:
    code, params, _ = refusal_of(Week.from_json, {"2": [["10:00", "09:00"]]})
    assert code == "window_ends_before_start"
    assert params == {"start": "10:00", "end": "09:00", "weekday": 2}


def test_every_message_is_a_sentence() -> None:
    assert [code for code, text in MESSAGES.items() if not text.endswith(".")] == []
