"""What an address, a command or a program asks a panel: read, and written again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules import Standing
from leads.selectors.figures.cut import Cut
from reporting.spans import Days, month_of, read_days
from reporting.view import View
from smarketing.errors import BadInput

DAYS = "days"
NUMBERS = ("source", "campaign", "persona", "product_line", "owner", "team")
SCORES = ("score_from", "score_to")
ATTRIBUTE = "attribute"
KEYS = (DAYS, *NUMBERS, "region", *SCORES, ATTRIBUTE)
LARGEST = 2**31
LONGEST_TEXT = 100
UNREAD_DAYS = gettext_lazy(
    "Say a month (2026-11), a quarter (2026-Q4), a year (2026) or days (2026-11-01/2026-11-15)."
)


@dataclass(frozen=True)
class House:
    """What figures ask of the organisation: its zone and its currency."""

    zone: ZoneInfo
    currency: str


def read_view(
    asked: Mapping[str, str], user: Any, standing: Standing, *, house: House, at: datetime
) -> View:
    """Return what `asked` asks for; the month of `at` unless it names other days.

    Raises BadInput that names each key which cannot be read.
    """
    wrong: dict[str, list[str]] = {}
    days = _days(asked.get(DAYS, ""), house.zone, at, wrong)
    cut = Cut(
        **{key: _number(asked, key, wrong) for key in (*NUMBERS, *SCORES)},
        region=(asked.get("region") or "").strip()[:LONGEST_TEXT] or None,
        attributes=_attribute(asked, wrong),
    )
    if wrong:
        raise BadInput(_("This report cannot be read as it is asked for."), fields=wrong)
    return View(user, standing, days, cut, at, house.currency)


def asked_of(view: View) -> dict[str, str]:
    """Return what asks for `view` again, without what is as usual."""
    found = {DAYS: view.days.name}
    for key in (*NUMBERS, "region", *SCORES):
        value = getattr(view.cut, key)
        if value is not None:
            found[key] = str(value)
    for key, said in view.cut.attributes:
        found[ATTRIBUTE] = f"{key}:{said}"
    return found


@dataclass(frozen=True)
class Walk:
    """A walk from one value to its rows: the panel, the row, the column, and what was asked."""

    panel: str
    row: str
    column: str
    asked: Mapping[str, str]

    def written(self) -> str:
        """Return it as one value of an address."""
        return urlencode(
            {"panel": self.panel, "row": self.row, "column": self.column, **self.asked}
        )


def read_walk(text: str) -> Walk | None:
    """Return the walk that `text` writes; None for what is none."""
    told = dict(parse_qsl(text, keep_blank_values=True))
    if not {"panel", "row", "column"} <= told.keys():
        return None
    asked = {key: told[key] for key in KEYS if key in told}
    return Walk(told["panel"], told["row"], told["column"], asked)


def _days(text: str, zone: ZoneInfo, at: datetime, wrong: dict[str, list[str]]) -> Days:
    try:
        return read_days(text.strip(), zone) if text.strip() else month_of(at, zone)
    except ValueError:
        wrong[DAYS] = [str(UNREAD_DAYS)]
        return month_of(at, zone)


def _number(asked: Mapping[str, str], key: str, wrong: dict[str, list[str]]) -> int | None:
    text = (asked.get(key) or "").strip()
    if not text:
        return None
    if not text.isascii() or not text.lstrip("-").isdigit() or abs(int(text)) >= LARGEST:
        wrong[key] = [_("Say a number.")]
        return None
    return int(text)


def _attribute(
    asked: Mapping[str, str], wrong: dict[str, list[str]]
) -> tuple[tuple[str, str], ...]:
    text = (asked.get(ATTRIBUTE) or "").strip()[:LONGEST_TEXT]
    if not text:
        return ()
    key, colon, value = text.partition(":")
    if not colon or not key or not value:
        wrong[ATTRIBUTE] = [_("Say the field and its value, like “region:North”.")]
        return ()
    return ((key, value),)
