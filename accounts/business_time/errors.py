"""Refusals of business time: a code, its parameters, and an English sentence."""

from smarketing.errors import DomainError

MESSAGES = {
    "no_open_window": "The calendar has no open window.",
    "unknown_zone": "There is no time zone named {zone}.",
    "week_not_an_object": "A week is an object that maps weekdays to lists of windows.",
    "unknown_weekday": "{weekday} is not a weekday; weekdays run from 1 (Monday) to 7 (Sunday).",
    "day_not_a_list": "A day is a list of windows.",
    "window_not_a_pair": "A window is a pair of a start and an end, not {window}.",
    "not_a_time": "{time} is not a time; write it as 09:00, up to 24:00.",
    "minutes_out_of_range": "A day runs from minute 0 to minute 1440, not to {minute}.",
    "window_ends_before_start": "The window {start} to {end} must end after it starts.",
    "windows_unsorted": "The window {start} to {end} must come before the one listed ahead of it.",
    "windows_overlap": "The window {start} to {end} overlaps the one before it.",
    "naive_instant": "The instant {instant} has no time zone.",
    "instant_out_of_range": "The instant {instant} lies outside the years {first} to {last}.",
    "negative_duration": "A business duration cannot be negative.",
    "negative_days": "A number of business days cannot be negative.",
    "windows_run_out": "The calendar has too few open windows before the end of the year {last}.",
}


class BusinessTimeError(DomainError, ValueError):
    """A calendar or a question to it is refused; `code` and `params` let the edge translate."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(MESSAGES[code].format(**params), code=code, **params)
