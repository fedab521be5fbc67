"""What a person chose on the mapping page, and the mapping made of it. Pure.

The page knows two things that a mapping file says by hand: which outcome a value of a stage column
means, and that a stage with a date was reached. Both become one word a row, in `OUTCOME`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from leads.cell_formats import DATE_FORMATS, ISO, as_iso, as_number, date_formats_of, decimal_of
from leads.enums import LifecycleStage
from leads.folding import fold
from leads.guessing import guess_fields, looks_like_email
from leads.mapping import FIELDS, LONGEST
from leads.sniffing import DELIMITERS

OUTCOME = "smarketing outcome"
REFUSED_HEAD = "Why it was refused"
STAGES = tuple(LifecycleStage)
DATED = {
    "lead_at": LifecycleStage.LEAD,
    "mql_at": LifecycleStage.MQL,
    "sal_at": LifecycleStage.SAL,
    "sql_at": LifecycleStage.SQL,
    "opportunity_at": LifecycleStage.OPPORTUNITY,
}
DATES = frozenset({*DATED, "closed_at"})
CLOSES = ("LOST", "DISQUALIFIED", "RECYCLED")
OUTCOMES = ("LEAD", "MQL", "SAL", "SQL", "OPPORTUNITY", "WON", *CLOSES)
PAGE_FIELDS = FIELDS | DATES | {"stage"}
CONSTANTS = ("source", "campaign", "product_line", "captured_through", "currency", "owner")
EMPTY_WORDS = ("Select", "n/a", "N/A", "-", "null", "NULL", "None")
OUTCOME_WORDS = {
    "WON": ("won", "closed won", "customer", "converted", "vinto", "vinta", "cliente", "ganado",
            "ganada", "gagne", "gagnee", "client", "1"),
    "LOST": ("lost", "closed lost", "perso", "persa", "perdido", "perdida", "perdu", "perdue"),
    "DISQUALIFIED": ("disqualified", "unqualified", "junk", "spam", "squalificato", "scartato",
                     "descartado", "descalificado", "disqualifie", "ecarte"),
    "RECYCLED": ("recycled", "nurture", "nurturing", "later", "riciclato", "reciclado", "recycle"),
    "OPPORTUNITY": ("opportunity", "engaging", "deal", "proposal", "negotiation", "opportunita",
                    "oportunidad", "opportunite"),
    "SQL": ("sql", "sales qualified lead"),
    "SAL": ("sal", "sales accepted lead", "accepted"),
    "MQL": ("mql", "marketing qualified lead", "qualified", "prospecting"),
    "LEAD": ("lead", "new", "open", "nuovo", "aperto", "nuevo", "abierto", "nouveau", "ouvert",
             "0"),
}  # fmt: skip
Problem = tuple[str, str, str]


@dataclass(frozen=True)
class Choices:
    """The answers of the mapping page."""

    fields: Mapping[str, str]
    system: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    empty: tuple[str, ...] = EMPTY_WORDS
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    outcome: str = "LEAD"
    date_format: str = "%Y-%m-%d"
    decimal: str = "."
    zone: str = "UTC"

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Choices:
        """Read what `stored` (JSON) holds."""
        return cls(**{**stored, "empty": tuple(stored.get("empty", EMPTY_WORDS))})

    def stored(self) -> dict[str, Any]:
        """Return what can be kept as JSON."""
        return {**vars(self), "empty": list(self.empty)}

    def column_of(self, name: str) -> str | None:
        """Return the column that is mapped to the field `name`."""
        return next((head for head, one in self.fields.items() if one == name), None)


def guess(heads: Sequence[str], rows: Sequence[Sequence[str]], *, zone: str) -> Choices:
    """Return the likeliest choices for a file with these heads and first rows."""
    known = frozenset(PAGE_FIELDS)
    fields = guess_fields(heads, known)
    columns = {head: [row[place] for row in rows] for place, head in enumerate(heads)}
    if "email" not in fields.values():
        found = next((head for head in heads if looks_like_email(columns[head])), None)
        if found:
            fields[found] = "email"
    dates = [text for head, name in fields.items() if name in DATES for text in columns[head]]
    amounts = [text for head, name in fields.items() if name == "amount" for text in columns[head]]
    stages = {
        value: guess_outcome(value)
        for head, name in fields.items()
        if name == "stage"
        for value in dict.fromkeys(text.strip() for text in columns[head])
    }
    return Choices(
        fields=fields,
        system="file" if "external_id" in fields.values() else "",
        stages=stages,
        date_format=next(iter(date_formats_of(dates)), next(iter(DATE_FORMATS))),
        decimal=decimal_of(amounts),
        zone=zone,
    )


def guess_outcome(value: str) -> str:
    """Return the outcome that a word of a stage column means, a new lead when none is likely."""
    plain = fold(value).replace("-", " ").replace("_", " ")
    return next((one for one, known in OUTCOME_WORDS.items() if plain in known), "LEAD")


def mapping_of(choices: Choices, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> Any:
    """Return the mapping (as its file would hold it) that does what was chosen."""
    columns = {head: name for head, name in choices.fields.items() if name in FIELDS}
    constants = {key: text for key, text in choices.constants.items() if text}
    return {
        "system": choices.system[: LONGEST["system"]],
        "columns": columns,
        "constants": constants,
        "values": {"*": dict.fromkeys(choices.empty, ""), **choices.values},
        "date_format": ISO,
        "zone": choices.zone,
        "encoding": encoding or "utf-8-sig",
        "delimiter": delimiter if delimiter in DELIMITERS else ",",
        "stages": [_rule(choices, outcome, reached) for outcome, reached in _outcomes()],
    }


def _outcomes() -> list[tuple[str, LifecycleStage]]:
    """Every outcome of a row, with the furthest stage that it reached on the way."""
    opened = [(stage.value, stage) for stage in DATED.values()]
    closed = [(one, stage) for one in CLOSES for stage in DATED.values()]
    return [*opened, ("WON", LifecycleStage.OPPORTUNITY), *closed]


def _rule(choices: Choices, outcome: str, reached: LifecycleStage) -> dict[str, Any]:
    steps = []
    for name, stage in DATED.items():
        column = choices.column_of(name)
        is_passed = column is not None and STAGES.index(stage) <= STAGES.index(reached)
        if stage in (STAGES[0], reached) or is_passed:
            steps.append(_at({"stage": stage.value}, column))
    closed = choices.column_of("closed_at")
    if outcome == "WON":
        # A deal that was won passed the stages before; unknown ones are inferred by the gate.
        if choices.column_of("opportunity_at") is None:
            steps = [step for step in steps if step["stage"] != LifecycleStage.OPPORTUNITY]
        steps.append(_at({"stage": LifecycleStage.CUSTOMER.value}, closed))
    elif outcome in CLOSES:
        steps.append(_at({"disposition": outcome}, closed))
    return {"column": OUTCOME, "in": [f"{outcome}:{reached}"], "steps": steps}


def _at(step: dict[str, str], column: str | None) -> dict[str, str]:
    return {**step, "at": column} if column else step


class RowReader:
    """Turns the cells of a row into what the mapping reads, or says what is wrong with them."""

    def __init__(self, heads: Sequence[str], choices: Choices) -> None:
        self._heads, self._choices = heads, choices
        self._zone = ZoneInfo(choices.zone)
        self._dates = [head for head, name in choices.fields.items() if name in DATES]
        self._amounts = [head for head, name in choices.fields.items() if name == "amount"]
        self._stage = choices.column_of("stage")
        self._stages = {fold(value): outcome for value, outcome in choices.stages.items()}
        self._reached = [
            (head, stage) for name, stage in DATED.items() if (head := choices.column_of(name))
        ]

    def read(self, cells: Sequence[str]) -> tuple[dict[str, str], list[Problem]]:
        """Return the row by column, and what is wrong as (column, code, message)."""
        row = dict(zip(self._heads, cells, strict=True))
        problems: list[Problem] = []
        for head in (*self._dates, *self._amounts, *([self._stage] if self._stage else [])):
            row[head] = row[head].strip()
            if row[head] in self._choices.empty:
                row[head] = ""
        self._read_dates(row, problems)
        self._read_amounts(row, problems)
        row[OUTCOME] = self._outcome(row, problems)
        return row, problems

    def _read_dates(self, row: dict[str, str], problems: list[Problem]) -> None:
        for head in self._dates:
            if not row[head]:
                continue
            iso = as_iso(row[head], self._choices.date_format, self._zone)
            if iso is None:
                like = DATE_FORMATS.get(self._choices.date_format, self._choices.date_format)
                told = _("“%(text)s” is not a date like %(like)s.")
                problems.append((head, "bad_date", told % {"text": row[head][:40], "like": like}))
            else:
                row[head] = iso

    def _read_amounts(self, row: dict[str, str], problems: list[Problem]) -> None:
        for head in self._amounts:
            if not row[head]:
                continue
            number = as_number(row[head], self._choices.decimal)
            if number is None:
                told = _("“%(text)s” is not an amount.") % {"text": row[head][:40]}
                problems.append((head, "bad_amount", told))
            else:
                row[head] = number

    def _outcome(self, row: Mapping[str, str], problems: list[Problem]) -> str:
        reached = LifecycleStage.LEAD
        for head, stage in self._reached:
            reached = stage if row[head] else reached
        outcome = self._told_outcome(row, reached, problems)
        if outcome == "WON":
            return f"WON:{LifecycleStage.OPPORTUNITY}"
        if outcome in CLOSES:
            return f"{outcome}:{reached}"
        stage = max(LifecycleStage(outcome), reached, key=STAGES.index)
        return f"{stage}:{stage}"

    def _told_outcome(
        self, row: Mapping[str, str], reached: LifecycleStage, problems: list[Problem]
    ) -> str:
        if self._stage is None:
            closed = self._choices.column_of("closed_at")
            return "WON" if closed and row[closed] else self._choices.outcome
        told = row[self._stage]
        outcome = self._stages.get(fold(told), self._choices.outcome if not told else "")
        if not outcome:
            said = _("“%(text)s” is a stage that nobody has explained yet.") % {"text": told[:40]}
            problems.append((self._stage, "unknown_stage", said))
        return outcome or LifecycleStage.LEAD.value
