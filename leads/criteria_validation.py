"""Which stored criteria make sense: what is wrong with each, in words. Pure.

Definitions, personas, routing rules and fit scores are checked by this one place before they are
kept, so that `leads.criteria` can trust what it reads.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.criteria import OF_FIELDS, Criterion, CriterionKind, read_criteria
from leads.enums import TouchKind
from leads.fields import FIELDS, ORDERED, Field, FieldType
from smarketing.errors import BadInput

MOST_CRITERIA = 50
MOST_VALUES = 200
LONGEST_TEXT = 200
MOST_DAYS = 3650
KNOWN_KEYS = frozenset({"kind", "field", "value", "days", "label", "required", "key"})
WRONG = gettext_lazy("Some criteria cannot be checked.")


@dataclass(frozen=True)
class Terms:
    """What criteria may refer to here: kinds, fields, personas by id."""

    kinds: Collection[CriterionKind] = tuple(CriterionKind)
    fields: Mapping[str, Field] = field(default_factory=lambda: FIELDS)
    personas: Collection[int] = ()


def read_valid(stored: Any, terms: Terms, *, name: str = "criteria") -> list[Criterion]:
    """Return the criteria of a stored list.

    Raises BadInput whose field `name` holds one reason a wrong line, with its number.
    """
    wrong = whats_wrong(stored, terms)
    if wrong:
        reasons = [
            _("Line %(n)d: %(why)s") % {"n": index + 1, "why": why} if index >= 0 else why
            for index, why in sorted(wrong.items())
        ]
        raise BadInput(WRONG, fields={name: reasons})
    return read_criteria(stored)


def whats_wrong(stored: Any, terms: Terms) -> dict[int, str]:
    """Return what is wrong by line (from 0); -1 is the list itself."""
    if not isinstance(stored, Sequence) or isinstance(stored, str):
        return {-1: _("Criteria are a list.")}
    if len(stored) > MOST_CRITERIA:
        return {-1: _("At most %(n)d criteria.") % {"n": MOST_CRITERIA}}
    found = {index: why for index, one in enumerate(stored) if (why := _line(one, terms))}
    return found or _repeated_keys(stored)


def _repeated_keys(stored: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    seen: set[str] = set()
    for index, one in enumerate(stored):
        if one["kind"] != CriterionKind.QUESTION.value:
            continue
        if one["key"] in seen:
            return {index: _("Two questions have the same key.")}
        seen.add(one["key"])
    return {}


def _line(one: Any, terms: Terms) -> str:
    if not isinstance(one, Mapping) or set(one) - KNOWN_KEYS:
        return _("This is no criterion.")
    known = CriterionKind._value2member_map_.get(str(one.get("kind")))
    if not isinstance(known, CriterionKind):
        return _("Choose what is asked.")
    if known not in terms.kinds:
        return _("This cannot be asked here.")
    if not isinstance(one.get("required", True), bool):
        return _("“Required” is true or false.")
    for text in ("field", "label", "key"):
        if not isinstance(one.get(text, ""), str) or len(one.get(text, "")) > LONGEST_TEXT:
            return _("Texts have at most %(n)d characters.") % {"n": LONGEST_TEXT}
    return _CHECKS[known](one, terms)


def _field(one: Mapping[str, Any], terms: Terms) -> str:
    known = terms.fields.get(one.get("field", ""))
    if known is None:
        return _("Choose a field.")
    kind, value = CriterionKind(one["kind"]), one.get("value")
    if kind is CriterionKind.FILLED:
        return ""
    if kind is CriterionKind.AT_LEAST and known.type not in ORDERED:
        return _("“At least” is for numbers and dates.")
    return _list(known, value) if kind is CriterionKind.IN else _typed(known, value)


def _list(known: Field, values: Any) -> str:
    if not isinstance(values, list) or not values:
        return _("Give at least one value.")
    if len(values) > MOST_VALUES:
        return _("At most %(n)d values.") % {"n": MOST_VALUES}
    return next((why for each in values if (why := _typed(known, each))), "")


def _typed(known: Field, value: Any) -> str:
    if value in (None, ""):
        return _("Give a value.")
    return _TYPES[known.type](known, value)


def _number(known: Field, value: Any) -> str:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return "" if is_number and math.isfinite(value) else _("Give a number.")


def _flag(known: Field, value: Any) -> str:
    return "" if isinstance(value, bool) else _("Say yes or no.")


def _text(known: Field, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        return _("Give a text of at most %(n)d characters.") % {"n": LONGEST_TEXT}
    if known.type is FieldType.DATE:
        return "" if _is_date(value) else _("Give a date as year-month-day.")
    if known.type is FieldType.CHOICE and value not in dict(known.choices):
        return _("“%(value)s” is none of the choices.") % {"value": value}
    return ""


_TYPES: dict[FieldType, Callable[[Field, Any], str]] = {
    FieldType.NUMBER: _number,
    FieldType.FLAG: _flag,
    **dict.fromkeys((FieldType.TEXT, FieldType.DATE, FieldType.CHOICE), _text),
}


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _score(one: Mapping[str, Any], terms: Terms) -> str:
    value = one.get("value")
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return "" if is_whole and abs(value) < 2**31 else _("Give a whole number.")  # type: ignore[arg-type]  # an int, see above


def _persona(one: Mapping[str, Any], terms: Terms) -> str:
    value = one.get("value")
    is_known = type(value) is int and value in terms.personas
    return "" if value is None or is_known else _("Choose a persona.")


def _touch(one: Mapping[str, Any], terms: Terms) -> str:
    kind = one.get("value")
    if kind is not None and not (isinstance(kind, str) and kind in TouchKind.values):
        return _("Choose a kind of touch.")
    days = one.get("days")
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= MOST_DAYS:
        return _("Give the days, from 1 to %(n)d.") % {"n": MOST_DAYS}
    return ""


def _question(one: Mapping[str, Any], terms: Terms) -> str:
    if not one.get("label", "").strip():
        return _("Write the question.")
    return "" if one.get("key") else _("A question needs a key.")


_CHECKS: dict[CriterionKind, Callable[[Mapping[str, Any], Terms], str]] = {
    **dict.fromkeys(OF_FIELDS, _field),
    CriterionKind.SCORE_AT_LEAST: _score,
    CriterionKind.PERSONA_FITS: _persona,
    CriterionKind.NOT_EXCLUDED: _persona,
    CriterionKind.TOUCH_WITHIN: _touch,
    CriterionKind.QUESTION: _question,
}
