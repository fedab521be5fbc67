"""The open windows of a week in local time: validated, immutable, in one normal form."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self, TypeAlias

from accounts.business_time.errors import BusinessTimeError

MINUTES_A_DAY = 24 * 60
WEEKDAYS = range(1, 8)  # ISO: Monday is 1, Sunday is 7
TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00", re.ASCII)


class Window(NamedTuple):
    """A half-open span `[start, end)` of one local day, in minutes after midnight."""

    start: int
    end: int


Windows: TypeAlias = tuple[Window, ...]
ALL_DAY: Windows = (Window(0, MINUTES_A_DAY),)


def parse_time(text: object) -> int:
    """Minutes after midnight of a strict `HH:MM` up to `24:00`."""
    if not isinstance(text, str) or not TIME.fullmatch(text):
        raise BusinessTimeError("not_a_time", time=text)
    return int(text[:2]) * 60 + int(text[3:])


def format_time(minute: int) -> str:
    """`HH:MM` of minutes after midnight; the end of a day is `24:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def normal_windows(pairs: Iterable[tuple[int, int]]) -> Windows:
    """The windows of one day, adjacent ones joined.

    Raises BusinessTimeError unless each pair lies within the day, ends after it starts, and
    comes after the pair before it without overlap.
    """
    windows: list[Window] = []
    for start, end in pairs:
        _check_window(start, end)
        if windows and start < windows[-1].end:
            _refuse_order(windows[-1], start, end)
        if windows and start == windows[-1].end:
            windows[-1] = Window(windows[-1].start, end)
        else:
            windows.append(Window(start, end))
    return tuple(windows)


def parse_windows(value: object) -> Windows:
    """The windows of one day from `[["09:00", "17:00"], ...]`, strictly."""
    if not isinstance(value, list | tuple):
        raise BusinessTimeError("day_not_a_list")
    return normal_windows(_parse_pair(pair) for pair in value)


def format_windows(windows: Windows) -> list[list[str]]:
    """The inverse of `parse_windows`, ready for JSON."""
    return [[format_time(start), format_time(end)] for start, end in windows]


def _check_window(start: int, end: int) -> None:
    for minute in (start, end):
        if not 0 <= minute <= MINUTES_A_DAY:
            raise BusinessTimeError("minutes_out_of_range", minute=minute)
    if start >= end:
        raise BusinessTimeError(
            "window_ends_before_start", start=format_time(start), end=format_time(end)
        )


def _refuse_order(previous: Window, start: int, end: int) -> None:
    code = "windows_unsorted" if end <= previous.start else "windows_overlap"
    raise BusinessTimeError(code, start=format_time(start), end=format_time(end))


def _parse_pair(pair: object) -> tuple[int, int]:
    match pair:
        case [start, end]:
            return parse_time(start), parse_time(end)
    raise BusinessTimeError("window_not_a_pair", window=pair)


@dataclass(frozen=True)
class Week:
    """The windows of Monday to Sunday. Build it with `of` or `from_json`, which validate."""

    days: tuple[Windows, ...] = ((),) * 7

    @classmethod
    def of(cls, days: Mapping[int, Iterable[tuple[int, int]]]) -> Self:
        """A week from ISO weekday to pairs of minutes; a weekday left out is closed."""
        for weekday in days:
            if weekday not in WEEKDAYS:
                raise BusinessTimeError("unknown_weekday", weekday=weekday)
        return cls(tuple(normal_windows(days.get(weekday, ())) for weekday in WEEKDAYS))

    @classmethod
    def from_json(cls, value: object) -> Self:
        """A week from `{"1": [["09:00", "17:00"]], ...}`; refuses whatever else it is given.

        A BusinessTimeError about one day carries its ISO weekday in `params["weekday"]`.
        """
        if not isinstance(value, dict):
            raise BusinessTimeError("week_not_an_object")
        days: dict[int, Windows] = {}
        for key, windows in value.items():
            if key not in {str(weekday) for weekday in WEEKDAYS}:
                raise BusinessTimeError("unknown_weekday", weekday=key)
            days[int(key)] = _parse_day(int(key), windows)
        return cls(tuple(days.get(weekday, ()) for weekday in WEEKDAYS))

    def to_json(self) -> dict[str, list[list[str]]]:
        """The inverse of `from_json`; closed days are left out, so a closed week is `{}`."""
        days = {str(weekday): format_windows(self.on(weekday)) for weekday in WEEKDAYS}
        return {weekday: windows for weekday, windows in days.items() if windows}

    def on(self, weekday: int) -> Windows:
        """The windows of one ISO weekday (1 is Monday)."""
        return self.days[weekday - 1]

    @property
    def is_closed(self) -> bool:
        """Whether no day has a window."""
        return not any(self.days)


def _parse_day(weekday: int, value: object) -> Windows:
    try:
        return parse_windows(value)
    except BusinessTimeError as error:
        raise BusinessTimeError(error.code, **error.params, weekday=weekday) from None
