"""Hours as people write them: `9-13, 14:30-18` is read, `09:00–13:00, 14:30–18:00` is shown."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.business_time import (
    MINUTES_A_DAY,
    BusinessTimeError,
    Window,
    Windows,
    format_time,
    normal_windows,
)

PIECES = re.compile(r"[,;\n+]")
DASH = r"\s*[-–—]\s*"
CLOCK_TIME = r"(\d{1,2})(?:[:.h](\d{2}))?"
PIECE = re.compile(CLOCK_TIME + DASH + CLOCK_TIME, re.ASCII)

UNREADABLE = _("Write hours as 09:00–13:00, 14:00–18:00; %(piece)s is not readable.")
REASONS = {
    "window_ends_before_start": _("%(start)s–%(end)s must end after it starts."),
    "windows_overlap": _("%(start)s–%(end)s overlaps the hours before it."),
    "minutes_out_of_range": _("A day ends at 24:00."),
}


def read_hours(text: str) -> Windows:
    """The windows of one day in any order; midnight as an end is 24:00. Raises ValidationError."""
    pieces = (piece.strip() for piece in PIECES.split(text))
    windows = sorted(_read_piece(piece) for piece in pieces if piece)
    try:
        return normal_windows(windows)
    except BusinessTimeError as error:
        raise ValidationError(
            REASONS[error.code], code=error.code, params=dict(error.params)
        ) from None


def write_hours(windows: Windows) -> str:
    """The inverse of `read_hours`; empty when closed."""
    return ", ".join(f"{format_time(start)}–{format_time(end)}" for start, end in windows)


def _read_piece(piece: str) -> Window:
    found = PIECE.fullmatch(piece)
    if found is None or max(int(found[2] or 0), int(found[4] or 0)) > 59:  # noqa: PLR2004
        raise ValidationError(UNREADABLE, code="unreadable", params={"piece": piece})
    start = int(found[1]) * 60 + int(found[2] or 0)
    end = int(found[3]) * 60 + int(found[4] or 0)
    return Window(start, end or MINUTES_A_DAY)


class HoursField(forms.CharField):
    """The open windows of one day as a line of text; empty is closed."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", 200)
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        """Return the windows (not the text)."""
        return read_hours(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else write_hours(value or ())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))
