"""The answers of the mapping page, as they are kept with a file and offered for the next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.enums import LifecycleStage
from leads.folding import fold
from leads.mapping import STAGE_DATES, OutOfOrder, other_id
from leads.mapping.shape import DATE_FIELDS
from smarketing.errors import BadInput

OUTCOME = "smarketing outcome"
REFUSED_HEAD = "Why it was refused"
# One column that says when a lead ended, whichever way.
CLOSED_AT = "closed_at"
DATED = {name: stage for name, (stage, _end) in STAGE_DATES.items()
         if stage is not None and stage is not LifecycleStage.CUSTOMER}  # fmt: skip
ENDED = {"won_at": "WON", "lost_at": "LOST", "disqualified_at": "DISQUALIFIED",
         "recycled_at": "RECYCLED"}  # fmt: skip
CLOSES = ("LOST", "DISQUALIFIED", "RECYCLED")
OUTCOMES = ("LEAD", "MQL", "SAL", "SQL", "OPPORTUNITY", "WON", *CLOSES)
EMPTY_WORDS = ("Select", "n/a", "N/A", "-", "null", "NULL", "None")
EXTERNAL_ID = "external_id"
NO_IDENTITY = _("Map a column to the e-mail or to an external id: people are known by one of them.")
NO_SYSTEM = _("Name the system whose ids these are.")
TWICE = _("Two columns are mapped to one field. Choose one.")


@dataclass(frozen=True)
class Choices:
    """The answers of the mapping page.

    `fields` says what each column carries; `systems` whose ids it holds, where it holds ids.
    `dates` and `numbers` are those of the organisation's own fields that hold such.
    """

    fields: Mapping[str, str]
    systems: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    empty: tuple[str, ...] = EMPTY_WORDS
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    outcome: str = "LEAD"
    out_of_order: str = OutOfOrder.REFUSE.value
    hand_over: bool = False
    date_format: str = "%Y-%m-%d"
    decimal: str = "."
    zone: str = "UTC"
    dates: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Choices:
        """Read what `stored` (JSON) holds; what it does not know is left out."""
        known = {one.name for one in fields(cls)}
        lists = {name: tuple(stored[name]) for name in ("empty", "dates", "numbers")
                 if name in stored}  # fmt: skip
        return cls(**{**{key: stored[key] for key in stored if key in known}, **lists})

    def stored(self) -> dict[str, Any]:
        """Return what can be kept as JSON."""
        lists = {name: list(getattr(self, name)) for name in ("empty", "dates", "numbers")}
        return {**vars(self), **lists}

    def for_heads(self, heads: Iterable[str]) -> Choices:
        """Return these choices for a file whose heads are the same but for case and accents."""
        fields = {fold(head): name for head, name in self.fields.items()}
        systems = {fold(head): name for head, name in self.systems.items()}
        told = {head: fold(head) for head in heads}
        return replace(
            self,
            fields={head: fields.get(key, "") for head, key in told.items()},
            systems={head: systems[key] for head, key in told.items() if key in systems},
        )

    def column_of(self, name: str) -> str | None:
        """Return the column that is mapped to the field `name`."""
        return next((head for head, one in self.fields.items() if one == name), None)

    def mapped_to(self, head: str) -> str:
        """Return the field of a column as a mapping names it; ids by their system."""
        name = self.fields.get(head, "")
        return other_id(self.systems.get(head, "")) if name == EXTERNAL_ID else name

    def is_date(self, name: str) -> bool:
        """Tell whether a field is read as a date."""
        return name == CLOSED_AT or name in DATE_FIELDS or name in self.dates

    def is_number(self, name: str) -> bool:
        """Tell whether a field is read as an amount or a number."""
        return name in ("amount", "employees") or name in self.numbers

    def require_sense(self) -> None:
        """Raise BadInput for answers that make no mapping."""
        mapped = [self.mapped_to(head) for head, name in self.fields.items() if name]
        if other_id("") in mapped:
            raise BadInput(NO_SYSTEM, fields={"system": [NO_SYSTEM]})
        if len(mapped) != len(set(mapped)):
            raise BadInput(TWICE, fields={"fields": [TWICE]})
        if not {"email", EXTERNAL_ID} & {*self.fields.values()}:
            raise BadInput(NO_IDENTITY, fields={"fields": [NO_IDENTITY]})
