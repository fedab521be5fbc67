"""How numbers, money, shares and durations are written for the person who reads them.

A template filter sees only its value, so the person's number form is held in a context variable
for the length of a request (`shell.middleware.FormatsMiddleware`), as Django holds the language.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from django.utils import translation
from django.utils.formats import get_format
from django.utils.translation import gettext as _

NOTHING = "–"
# Whatever is typed is written: more digits than any figure has.
WIDE = Context(prec=100)
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "JPY": "¥"}
# (decimal mark, thousands mark) of each form that a person may choose over his language's own.
MARKS = {"point": (".", ","), "comma": (",", "."), "space": (",", NARROW_SPACE)}

_number_form: ContextVar[str] = ContextVar("number_form", default="language")


@contextmanager
def number_form(form: str) -> Iterator[None]:
    """Write numbers in `form` ("language", "point", "comma" or "space") inside the block."""
    token = _number_form.set(form)
    try:
        yield
    finally:
        _number_form.reset(token)


def marks() -> tuple[str, str]:
    """Return the decimal and the thousands mark for the person who reads."""
    chosen = MARKS.get(_number_form.get())
    if chosen is not None:
        return chosen
    thousands = get_format("THOUSAND_SEPARATOR").replace(NO_BREAK_SPACE, NARROW_SPACE)
    return get_format("DECIMAL_SEPARATOR"), thousands


def write_number(value: Any, places: int = 0) -> str:
    """Return `value` rounded half up to `places` digits; an en dash for None."""
    if value is None or value == "":
        return NOTHING
    step = Decimal(1).scaleb(-places)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP, context=WIDE)
    decimal_mark, thousands = marks()
    plain = f"{rounded.copy_abs():,.{places}f}"
    written = plain.replace(",", "\0").replace(".", decimal_mark).replace("\0", thousands)
    return f"−{written}" if rounded < 0 else written


def write_money(amount: Any, currency: str) -> str:
    """Return `amount` with its currency where the language puts it; cents only where there are."""
    if amount is None or amount == "":
        return NOTHING
    cents = Decimal(str(amount)) % 1 != 0
    written = write_number(amount, 2 if cents else 0)
    symbol = SYMBOLS.get(currency, currency)
    if not _symbol_leads():
        return f"{written}{NO_BREAK_SPACE}{symbol}"
    gap = NO_BREAK_SPACE if len(symbol) > 1 else ""
    if written.startswith("−"):
        return f"−{symbol}{gap}{written[1:]}"
    return f"{symbol}{gap}{written}"


def _symbol_leads() -> bool:
    return (translation.get_language() or "en").startswith("en")


def write_share(share: Any, places: int = 0) -> str:
    """Return a share (0–1) in per cent; an en dash when it is None (no base to divide by)."""
    if share is None or share == "":
        return NOTHING
    gap = "" if _symbol_leads() else NARROW_SPACE
    return f"{write_number(Decimal(str(share)) * 100, places)}{gap}%"


def write_duration(duration: timedelta | None) -> str:
    """Return the two largest units of a duration: "2 d 4 h", "1 h 5 min", "40 s"."""
    if duration is None:
        return NOTHING
    seconds = int(abs(duration.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    parts = [
        (days, _("%(n)s d")),
        (hours, _("%(n)s h")),
        (minutes, _("%(n)s min")),
        (seconds, _("%(n)s s")),
    ]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    return " ".join(word % {"n": write_number(n)} for n, word in parts[:2] if n) or _("0 min")


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
