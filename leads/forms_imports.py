"""The mapping page: what is asked of a file, shown on its real rows, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from leads.cell_formats import DATE_FORMATS, DECIMALS, ISO, date_formats_of
from leads.import_choices import DATED, OUTCOME, OUTCOMES, Choices, RowReader, guess_outcome
from leads.import_choices.guesses import PAGE_FIELDS
from leads.models import LeadImport

DATES = frozenset({*DATED, "closed_at"})
CONSTANTS = ("source", "campaign", "product_line", "captured_through", "currency", "owner")
Option = tuple[str, Any]
FIELD_GROUPS: tuple[tuple[Any, tuple[Option, ...]], ...] = (
    (_("Person"), (
        ("email", _("E-mail")), ("external_id", _("Id in another system")),
        ("given_name", _("Given name")), ("family_name", _("Family name")),
        ("phone", _("Phone")), ("job_title", _("Job title")), ("company", _("Company")),
        ("city", _("City")), ("country", _("Country")),
    )),
    (_("Lead"), (
        ("source", _("Source")), ("campaign", _("Campaign")),
        ("product_line", _("Product line")), ("owner", _("Owner (e-mail)")),
        ("stage", _("Stage or outcome")),
    )),
    (_("Dates"), (
        ("lead_at", _("Became a lead on")), ("mql_at", _("Became MQL on")),
        ("sal_at", _("Accepted on (SAL)")), ("sql_at", _("Became SQL on")),
        ("opportunity_at", _("Became opportunity on")), ("closed_at", _("Won or closed on")),
    )),
    (_("Deal"), (("amount", _("Amount")), ("currency", _("Currency")))),
)  # fmt: skip
OUTCOME_LABELS: Mapping[str, Any] = {
    "LEAD": _("Lead"), "MQL": "MQL", "SAL": "SAL", "SQL": "SQL",
    "OPPORTUNITY": _("Opportunity"), "WON": _("Won: a customer"), "LOST": _("Lost"),
    "DISQUALIFIED": _("Disqualified"), "RECYCLED": _("Recycled: not now"),
}  # fmt: skip
CONSTANT_LABELS: Mapping[str, Any] = {
    "source": _("Source"), "campaign": _("Campaign"), "product_line": _("Product line"),
    "owner": _("Owner (e-mail)"), "currency": _("Currency"),
    "captured_through": _("How these people came (a few words)"),
}  # fmt: skip
WITH_VALUES = ("source", "campaign", "product_line", "currency", "owner")
MOST_VALUES = 20
MOST_STAGES = 50
SAMPLES = 3
SHOWN_ROWS = 5
LONGEST = 200


@dataclass(frozen=True)
class ColumnLine:
    """A column of the file, with a few of its cells and the field chosen for it."""

    place: int
    head: str
    samples: list[str]
    field: str


@dataclass(frozen=True)
class ValueLine:
    """A value found in a column, and what it is read as."""

    name: str
    told: str
    read_as: str


@dataclass(frozen=True)
class ShownRow:
    """A real row, as it would be read."""

    number: int
    cells: list[tuple[str, str, str]]
    problems: list[str]


class MappingPage:
    """Everything that the page shows for `choices`; `rows` are the first rows of the file."""

    def __init__(self, one: LeadImport, choices: Choices, rows: Sequence[Sequence[str]]) -> None:
        self.one, self.choices, self._rows = one, choices, rows
        self.groups = [
            (label, [option for option in options if option[0] in PAGE_FIELDS])
            for label, options in FIELD_GROUPS
        ]
        self.outcomes = [(key, OUTCOME_LABELS[key]) for key in OUTCOMES]
        self.decimals = list(DECIMALS.items())

    @property
    def columns(self) -> list[ColumnLine]:
        """The columns with samples."""
        lines = []
        for place, head in enumerate(self.one.columns):
            samples = list(dict.fromkeys(t for t in self._texts(place) if t))[:SAMPLES]
            lines.append(ColumnLine(place, head, samples, self.choices.fields.get(head, "")))
        return lines

    @property
    def constants(self) -> list[tuple[str, Any, str]]:
        """What may be said of every row: those fields that no column tells."""
        mapped = set(self.choices.fields.values())
        return [(key, CONSTANT_LABELS[key], self.choices.constants.get(key, ""))
                for key in CONSTANTS if key not in mapped]  # fmt: skip

    @property
    def stages(self) -> list[ValueLine]:
        """The values of the stage column, each with its outcome."""
        told = self._values_of("stage", MOST_STAGES)
        return [
            ValueLine(str(n), text, self.choices.stages.get(text) or guess_outcome(text))
            for n, text in enumerate(told)
        ]

    @property
    def values(self) -> list[tuple[Any, list[ValueLine]]]:
        """The values of columns that name things, each with what it is read as."""
        blocks = []
        for name in WITH_VALUES:
            known = self.choices.values.get(name, {})
            lines = [ValueLine(f"{name}-{n}", text, known.get(text, ""))
                     for n, text in enumerate(self._values_of(name, MOST_VALUES))]  # fmt: skip
            if lines:
                blocks.append((CONSTANT_LABELS[name], lines))
        return blocks

    @property
    def has_dates(self) -> bool:
        """Whether a column tells a date."""
        return any(name in DATES for name in self.choices.fields.values())

    @property
    def has_amounts(self) -> bool:
        """Whether a column tells an amount."""
        return "amount" in self.choices.fields.values()

    @property
    def date_formats(self) -> list[tuple[str, str, bool]]:
        """The formats as they look, and whether each reads every date of the first rows."""
        texts = [text for head, name in self.choices.fields.items() if name in DATES
                 for text in self._texts(self.one.columns.index(head))]  # fmt: skip
        fits = date_formats_of(texts)
        return [(key, shown, key in fits) for key, shown in DATE_FORMATS.items()]

    @property
    def shown(self) -> list[ShownRow]:
        """The first rows as they would be read."""
        reader = RowReader(self.one.columns, self.choices)
        return [self._shown(reader, n, cells)
                for n, cells in enumerate(self._rows[:SHOWN_ROWS], start=2)]  # fmt: skip

    def _shown(self, reader: RowReader, number: int, cells: Sequence[str]) -> ShownRow:
        row, problems = reader.read(cells)
        wrong = {head for head, _code, _message in problems}
        labels = {key: label for _group, options in FIELD_GROUPS for key, label in options}
        told = []
        for head, name in self.choices.fields.items():
            if name and name != "stage" and row.get(head):
                text = row[head] if head in wrong or name not in DATES else _day(row[head])
                told.append((str(labels.get(name, name)), text, name))
        outcome = row[OUTCOME].partition(":")[0]
        told.append((str(_("Comes in as")), str(OUTCOME_LABELS[outcome]), "stage"))
        return ShownRow(number, told, [f"{head}: {said}" for head, _code, said in problems])

    def _texts(self, place: int) -> list[str]:
        return [row[place].strip() for row in self._rows if place < len(row)]

    def _values_of(self, name: str, most: int) -> list[str]:
        head = self.choices.column_of(name)
        if head is None or head not in self.one.columns:
            return []
        texts = self._texts(self.one.columns.index(head))
        kept = [text for text in dict.fromkeys(texts) if text not in self.choices.empty]
        return [text for text in kept if text or name == "stage"][:most]


def _day(iso: str) -> str:
    instant = datetime.strptime(iso, ISO)  # noqa: DTZ007  # with its zone
    return f"{instant:%d %b %Y %H:%M}" if instant.hour or instant.minute else f"{instant:%d %b %Y}"


def chosen(data: QueryDict, one: LeadImport) -> Choices:
    """Return the choices that the page sent; what it may not send is left out."""
    fields = {
        head: _one_of(data.get(f"field-{place}", ""), PAGE_FIELDS)
        for place, head in enumerate(one.columns)
    }
    zone = data.get("zone", "UTC")
    return Choices(
        fields=fields,
        systems={head: data.get("system", "").strip()[:50] for head in fields},
        constants={key: data.get(f"constant-{key}", "").strip()[:LONGEST] for key in CONSTANTS},
        empty=tuple(_lines(data.get("empty", ""))),
        values={name: dict(_pairs(data, f"{name}-")) for name in WITH_VALUES},
        stages={told: _one_of(outcome, OUTCOMES) or "LEAD"
                for told, outcome in _pairs(data, "stage-", keep_empty=True)},
        outcome=_one_of(data.get("outcome", ""), OUTCOMES) or "LEAD",
        date_format=_one_of(data.get("date_format", ""), DATE_FORMATS) or next(iter(DATE_FORMATS)),
        decimal=_one_of(data.get("decimal", ""), DECIMALS) or ".",
        zone=zone if zone in available_timezones() else str(ZoneInfo("UTC")),
    )  # fmt: skip


def _one_of(text: str, known: Iterable[str]) -> str:
    return text if text in known else ""


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip()[:LONGEST] for line in text.splitlines() if line.strip()))


def _pairs(
    data: QueryDict, start: str, *, keep_empty: bool = False
) -> list[tuple[str, str]]:  # fmt: skip
    """Return (value found, what was chosen for it); the page sends both by number."""
    pairs = []
    for key in data:
        if key.startswith(f"told-{start}"):
            told, read_as = str(data[key]), data.get(f"as-{key.removeprefix('told-')}", "").strip()
            if read_as or keep_empty:
                pairs.append((told[:LONGEST], read_as[:LONGEST]))
    return pairs
