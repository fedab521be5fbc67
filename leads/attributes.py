"""Values of the organisation's own fields: how each type is read, kept and told. Pure.

A number is kept as a number, a date as ISO text, a flag as true or false, a choice as one of the
choices, an empty value not at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from leads.enums import AttributeKind
from leads.folding import fold

LONGEST_VALUE = 500
LARGEST_NUMBER = 10**15
YES = frozenset({"yes", "true", "1"})
NO = frozenset({"no", "false", "0"})
BAD_NUMBER = _("Write a number, for example 12 or 12.5.")
BAD_DATE = _("Write a date as year-month-day, for example 2026-03-31.")
BAD_FLAG = _("Answer yes or no.")
BAD_CHOICE = _("Choose one of: %(choices)s.")
TOO_LONG = _("At most %(n)d characters.")
BAD_CHARACTER = _("This holds a character that cannot be stored.")


class Unreadable(ValueError):
    """A value that the field cannot hold; the argument says why, in words."""


def read_value(kind: AttributeKind, choices: Sequence[str], given: Any) -> Any:
    """Return `given` as a field of `kind` keeps it, None for nothing; raises Unreadable."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    return READERS[kind](given, choices)


def tell_value(kind: AttributeKind, value: Any) -> str:
    """Return a kept value as text, "" for none."""
    if value is None:
        return ""
    if kind is AttributeKind.FLAG:
        return _now("Yes") if value else _now("No")
    return str(value)


def _text(given: Any, choices: Sequence[str]) -> str:
    text = str(given).strip()
    if isinstance(given, (dict, list, bool)) or "\x00" in text:
        raise Unreadable(BAD_CHARACTER)
    if len(text) > LONGEST_VALUE:
        raise Unreadable(TOO_LONG % {"n": LONGEST_VALUE})
    return text


def _number(given: Any, choices: Sequence[str]) -> int | float:
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        raise Unreadable(BAD_NUMBER)
    try:
        number = float(str(given).strip().replace(",", "."))
    except ValueError:
        raise Unreadable(BAD_NUMBER) from None
    if not math.isfinite(number) or abs(number) > LARGEST_NUMBER:
        raise Unreadable(BAD_NUMBER)
    return int(number) if number.is_integer() else number


def _date(given: Any, choices: Sequence[str]) -> str:
    text = given.isoformat() if type(given) is date else str(given).strip()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unreadable(BAD_DATE) from None
    if len(text) != len("2026-03-31"):
        raise Unreadable(BAD_DATE)
    return day.isoformat()


def _flag(given: Any, choices: Sequence[str]) -> bool:
    word = str(given).strip().casefold()
    if word in YES | {_now("Yes").casefold()}:
        return True
    if word in NO | {_now("No").casefold()}:
        return False
    raise Unreadable(BAD_FLAG)


def _choice(given: Any, choices: Sequence[str]) -> str:
    named = {fold(one): one for one in choices}
    found = named.get(fold(str(given).strip()))
    if found is None:
        raise Unreadable(BAD_CHOICE % {"choices": ", ".join(choices)})
    return found


READERS: dict[AttributeKind, Callable[[Any, Sequence[str]], Any]] = {
    AttributeKind.TEXT: _text,
    AttributeKind.NUMBER: _number,
    AttributeKind.DATE: _date,
    AttributeKind.FLAG: _flag,
    AttributeKind.CHOICE: _choice,
}
