"""What a panel shows: named columns and rows of plain values. Pure: no ORM, no now.

The page, the files, the REST answer and the command all write the same `Figures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from django.db import models
from django.utils.translation import gettext_lazy as _

Value: TypeAlias = int | Decimal | Fraction | float | str | None
PLACES = 6


class Kind(models.TextChoices):
    """How a figure came about; named wherever one is shown."""

    BALANCE = "balance", _("Balance")
    FLOW = "flow", _("Flow")
    PERIOD_RATIO = "period_ratio", _("Period ratio")
    COHORT = "cohort", _("Cohort")


class Unit(models.TextChoices):
    """What a value is counted in: `CENTS` of the organisation's currency, `SHARE` from 0 to 1."""

    COUNT = "count", _("Number")
    SHARE = "share", _("Share")
    CENTS = "cents", _("Cents")
    DAYS = "days", _("Days")
    HOURS = "hours", _("Business hours")
    ELAPSED = "elapsed_hours", _("Hours by the clock")
    RATIO = "ratio", _("Times")
    TEXT = "text", _("Text")


@dataclass(frozen=True)
class Column:
    """One column; `drills` says that its values lead to rows."""

    key: str
    label: Any
    unit: Unit = Unit.COUNT
    kind: Kind | None = None
    drills: bool = False
    places: int = 0


@dataclass(frozen=True)
class Row:
    """One row: `key` names it in addresses, `values` stand in the order of the columns.

    `tone` is the name of a colour token, where the row has one of its own. `is_pending` marks what
    is not whole yet and can still change: it is shown grey, with a word.
    """

    key: str
    label: Any
    values: Sequence[Value]
    tone: str = ""
    is_pending: bool = False


@dataclass(frozen=True)
class Figures:
    """What one panel came to. `head` names the rows; `notes` are sentences below it.

    `more` holds what the picture needs beyond the table (points of a curve), by key.
    """

    head: Any
    columns: Sequence[Column]
    rows: Sequence[Row]
    notes: Sequence[Any] = ()
    more: dict[str, Any] = field(default_factory=dict)

    def column(self, key: str) -> list[Value]:
        """Return the values of one column, row by row."""
        place = [one.key for one in self.columns].index(key)
        return [row.values[place] for row in self.rows]


def share(part: int | Fraction, whole: int | Fraction) -> Fraction | None:
    """Return `part` of `whole`; None where there is nothing to divide by."""
    return Fraction(part) / whole if whole else None


def per_cent(value: Value) -> int | None:
    """Return a share as whole per cent, for pictures; None where there is none."""
    return None if value is None else round(float(value) * 100)


def as_json(figures: Figures) -> dict[str, Any]:
    """Return `figures` for machines: shares and other fractions as numbers, six places."""
    return {
        "columns": [
            {
                "key": one.key,
                "label": str(one.label),
                "unit": one.unit.value,
                "kind": one.kind.value if one.kind else None,
            }
            for one in figures.columns
        ],
        "rows": [
            {
                "key": row.key,
                "label": str(row.label),
                "pending": row.is_pending,
                "values": {
                    one.key: plain(value)
                    for one, value in zip(figures.columns, row.values, strict=True)
                },
            }
            for row in figures.rows
        ],
        "notes": [str(note) for note in figures.notes],
    }


def plain(value: Value) -> int | float | str | None:
    """Return `value` as JSON knows it."""
    if value is None or isinstance(value, (int, str)):
        return value
    number = round(float(value), PLACES)
    return int(number) if number.is_integer() else number
