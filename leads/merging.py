"""What wins when two rows become one. Pure: values only, no ORM, no now.

The winner's value stays; what it lacks is filled from the loser; where both know something else, a
person may choose. Custom attributes are fields of their own, named `attributes.<key>`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

UNDO_DAYS = 30
ATTRIBUTE = "attributes."
CONTACT_FIELDS = (
    "email", "given_name", "family_name", "company_id", "job_title", "phone", "city", "country",
)  # fmt: skip
LEAD_FIELDS = ("product_line_id", "source_id", "campaign_id", "persona_id")


class Outcome(Enum):
    """What becomes of one field."""

    SAME = "same"
    KEPT = "kept"
    FILLED = "filled"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class FieldMerge:
    """One field of both rows and what it will hold; `chosen` is "winner" or "loser"."""

    name: str
    winner: Any
    loser: Any
    outcome: Outcome
    chosen: str

    @property
    def result(self) -> Any:
        """What the winner holds afterwards."""
        return self.loser if self.chosen == "loser" else self.winner

    @property
    def changes_winner(self) -> bool:
        """Tell whether the winner's row is written."""
        return self.chosen == "loser" and self.outcome is not Outcome.SAME


def merge_fields(
    winner: Mapping[str, Any], loser: Mapping[str, Any], choices: Mapping[str, str] | None = None
) -> list[FieldMerge]:
    """Return what becomes of every field that either row knows, the winner's order first.

    `choices` names for conflicts whose value is taken ("winner" or "loser"); what is filled or the
    same is nobody's choice.
    """
    picked = choices or {}
    names = [*winner, *(name for name in loser if name not in winner)]
    return [_field(name, winner.get(name), loser.get(name), picked.get(name)) for name in names]


def _field(name: str, winner: Any, loser: Any, pick: str | None) -> FieldMerge:
    if is_empty(loser) or winner == loser:
        outcome = Outcome.SAME if winner == loser else Outcome.KEPT
        return FieldMerge(name, winner, loser, outcome, "winner")
    if is_empty(winner):
        return FieldMerge(name, winner, loser, Outcome.FILLED, "loser")
    chosen = "loser" if pick == "loser" else "winner"
    return FieldMerge(name, winner, loser, Outcome.CONFLICT, chosen)


def is_empty(value: Any) -> bool:
    """Tell whether a value says nothing; zero and "no" do say something."""
    return value is None or value == ""


def values_of(row: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the fields of `row`, its custom attributes spread out."""
    attributes = {f"{ATTRIBUTE}{key}": value for key, value in sorted(row.attributes.items())}
    return {**{name: getattr(row, name) for name in names}, **attributes}


def write_value(row: Any, name: str, value: Any) -> None:
    """Put `value` into a field of `row`; an attribute without one is taken away."""
    if not name.startswith(ATTRIBUTE):
        setattr(row, name, value)
        return
    key = name.removeprefix(ATTRIBUTE)
    rest = {known: kept for known, kept in row.attributes.items() if known != key}
    row.attributes = rest if is_empty(value) else {**rest, key: value}


def is_undoable(merged_at: datetime, at: datetime) -> bool:
    """Tell whether a merge may still be undone: 30 times 24 hours, the border included."""
    return at <= merged_at + timedelta(days=UNDO_DAYS)
