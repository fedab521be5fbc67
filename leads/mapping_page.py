"""What the mapping page shows: every column with its field, and the file's first rows as read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.forms.calendars import zone_choices
from leads.cell_formats import DATE_FORMATS, DECIMALS, date_formats_of
from leads.forms_imports import constant_fields
from leads.import_choices import CLOSED_AT, OUTCOMES, Choices, guess_outcome, is_known_outcome
from leads.import_words import OUTCOME_LABELS
from leads.mapping import (
    GROUP_LABELS,
    OUT_OF_ORDER_LABELS,
    POLICY_LABELS,
    Accepts,
    Group,
    Offered,
    Policy,
)
from leads.mapping.cells import NO, YES
from leads.models import LeadImport
from leads.selectors.import_names import KnownNames
from smarketing.errors import BadInput

CLOSED = Offered(code=CLOSED_AT, label=_("Won or closed on"), group=Group.STORY,
                 accepts=Accepts.DATE, as_constant=False)  # fmt: skip
YES_OR_NO = (("yes", _("Yes")), ("no", _("No")))
# The constants, the most asked for first; the rest stands under the last head.
SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Where these people come from"),
     ("campaign", "source", "captured_through", "touch", "touch_at")),
    (_("Who works them, on what"), ("product_line", "owner", "owner_team", "persona")),
    (_("Consent"), ("consent", "consent_at", "consent_text", "consent_version")),
    (_("UTM values"), ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")),
)  # fmt: skip
OTHERS = _("Anything else")
MOST_VALUES = 50
SAMPLES = 3
LONGEST = 200
NAMED_BY_WORDS = (Accepts.NAME, Accepts.CHOICE, Accepts.FLAG, Accepts.EMAIL)
Option = tuple[str, Any]


@dataclass(frozen=True)
class ColumnLine:
    """A column of the file, with a few of its cells and the field chosen for it."""

    place: int
    head: str
    samples: list[str]
    field: str
    system: str = ""
    offered: Offered | None = None
    policy: str = ""


@dataclass(frozen=True)
class ValueLine:
    """A word found in a column, in how many of the rows ahead, and what it is read as."""

    name: str
    told: str
    rows: int
    read_as: str
    is_doubtful: bool = False


@dataclass(frozen=True)
class ValueBlock:
    """The words of one field; `options` where only these can be meant, `left` how many more."""

    code: str
    label: Any
    lines: list[ValueLine]
    options: Sequence[Option] = ()
    left: int = 0
    must_be_known: bool = False


@dataclass(frozen=True)
class ConstantLine:
    """What may be said of every row."""

    offered: Offered
    value: str
    options: Sequence[Option] = ()
    is_unknown: bool = False

    @property
    def kind(self) -> str:
        """The control that asks for it."""
        if self.options:
            return "select"
        if self.offered.accepts is Accepts.DATE:
            return "date"
        return "long" if self.offered.code == "consent_text" else "text"


@dataclass(frozen=True)
class Section:
    """Constants under one head."""

    label: Any
    lines: list[ConstantLine] = field(default_factory=list)

    @property
    def told(self) -> int:
        """How many of them say something."""
        return sum(bool(line.value) for line in self.lines)


class MappingPage:
    """Everything that is asked for `choices`; `rows` are the first rows of the file."""

    def __init__(
        self,
        one: LeadImport,
        choices: Choices,
        rows: Sequence[Sequence[str]],
        fields: Sequence[Offered],
        names: KnownNames,
    ) -> None:
        self.one, self.choices, self.names = one, choices, names
        self._rows, self._fields = rows, _with_closed(fields)
        self._by_code = {one.code: one for one in self._fields}
        self.outcomes = [(key, OUTCOME_LABELS[key]) for key in OUTCOMES]
        self.decimals = list(DECIMALS.items())
        self.policies = [(key, POLICY_LABELS[key]) for key in Policy if key is not Policy.SKIP]
        self.orders = list(OUT_OF_ORDER_LABELS.items())

    @cached_property
    def groups(self) -> list[tuple[Any, list[Offered]]]:
        """The fields that a column may carry, by group."""
        groups = [
            (label, [one for one in self._fields if one.as_column and one.group is group])
            for group, label in GROUP_LABELS.items()
        ]
        return [(label, fields) for label, fields in groups if fields]

    @cached_property
    def columns(self) -> list[ColumnLine]:
        """The columns with samples."""
        return [self._column(place, head) for place, head in enumerate(self.one.columns)]

    def _column(self, place: int, head: str) -> ColumnLine:
        code = self.choices.fields.get(head, "")
        return ColumnLine(
            place,
            head,
            list(dict.fromkeys(text for text in self._texts(place) if text))[:SAMPLES],
            code,
            self.choices.systems.get(head, ""),
            self._by_code.get(code),
            self.choices.policies.get(code, ""),
        )

    @property
    def lacks(self) -> str:
        """What must be answered before the file can be checked; empty for nothing."""
        try:
            self.choices.require_sense()
        except BadInput as objection:
            return str(objection)
        return ""

    @property
    def policy(self) -> str:
        """What a value does to a known one, where its column says nothing else."""
        return self.choices.policies.get("*", Policy.FILL)

    @property
    def mapped(self) -> int:
        """How many columns come in."""
        return sum(bool(self.choices.fields.get(head)) for head in self.one.columns)

    @cached_property
    def sections(self) -> list[Section]:
        """What may be said of every row: those fields that no column tells, by what they are of."""
        mapped = set(self.choices.fields.values())
        left = {one.code: one for one in constant_fields(self._fields) if one.code not in mapped}
        sections = [
            Section(label, [self._constant(left.pop(code)) for code in codes if code in left])
            for label, codes in SECTIONS
        ]
        return [*(one for one in sections if one.lines),
                Section(OTHERS, [self._constant(one) for one in left.values()])]  # fmt: skip

    def _constant(self, one: Offered) -> ConstantLine:
        value = self.choices.constants.get(one.code, "")
        unknown = self.names.is_unknown(one.code, value)
        return ConstantLine(one, value, _options(one), unknown)

    @cached_property
    def stages(self) -> list[ValueLine]:
        """The words of the stage column, each with its outcome."""
        return [
            ValueLine(str(n), text, rows, self.choices.stages.get(text) or guess_outcome(text),
                      is_doubtful=not is_known_outcome(text))
            for n, (text, rows) in enumerate(self._values_of("stage"))
            if text
        ][:MOST_VALUES]  # fmt: skip

    @cached_property
    def values(self) -> list[ValueBlock]:
        """The words of columns that name things, each with what it is read as."""
        named = [one for one in self._fields if _names_things(one)]
        blocks = [self._block(one) for one in named if one.code != "stage"]
        return [block for block in blocks if block.lines]

    def _block(self, one: Offered) -> ValueBlock:
        told, known = self._values_of(one.code), self.choices.values.get(one.code, {})
        lines = [
            ValueLine(f"{one.code}-{n}", text, rows, known.get(text, ""),
                      is_doubtful=self._is_doubtful(one, known.get(text, text)))
            for n, (text, rows) in enumerate(told[:MOST_VALUES])
        ]  # fmt: skip
        left = len(told) - len(lines)
        must = any(self.names.is_unknown(one.code, text) for text, _n in told)
        return ValueBlock(one.code, one.label, lines, _options(one), left, must)

    def _is_doubtful(self, one: Offered, text: str) -> bool:
        if one.accepts is Accepts.FLAG:
            return text.casefold() not in YES | NO
        if one.accepts is Accepts.CHOICE:
            return text not in [choice for choice, _label in one.choices]
        return self.names.is_unknown(one.code, text)

    @property
    def has_dates(self) -> bool:
        """Whether a column tells a date."""
        return any(map(self.choices.is_date, self.choices.fields.values()))

    @property
    def has_amounts(self) -> bool:
        """Whether a column tells an amount or a number."""
        return any(map(self.choices.is_number, self.choices.fields.values()))

    @cached_property
    def date_formats(self) -> list[tuple[str, str, bool]]:
        """The formats as they look, and whether no other reads more dates of the first rows."""
        texts = [text for head, name in self.choices.fields.items() if self.choices.is_date(name)
                 for text in self._texts(self.one.columns.index(head))]  # fmt: skip
        fits = date_formats_of(texts)
        return [(key, shown, key in fits) for key, shown in DATE_FORMATS.items()]

    @property
    def zones(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The time zones in which dates may be told, by continent; the chosen one among them."""
        listed = zone_choices()
        if any(self.choices.zone == key for _area, zones in listed for key, _name in zones):
            return listed
        return [("", [(self.choices.zone, self.choices.zone)]), *listed]

    def label_of(self, code: str) -> str:
        """Return what a field is called."""
        return str(self._by_code[code].label) if code in self._by_code else code

    def _texts(self, place: int) -> list[str]:
        return [row[place].strip() for row in self._rows if place < len(row)]

    def _values_of(self, name: str) -> list[tuple[str, int]]:
        """The words of a field with their rows, the most frequent first."""
        head = self.choices.column_of(name)
        if head is None or head not in self.one.columns:
            return []
        texts = Counter(text[:LONGEST] for text in self._texts(self.one.columns.index(head)))
        kept = [(text, n) for text, n in texts.items() if text and text not in self.choices.empty]
        return sorted(kept, key=lambda pair: -pair[1])


def _with_closed(fields: Iterable[Offered]) -> list[Offered]:
    """The fields, "closed on" after the dates of the ends that it stands for."""
    listed = list(fields)
    last = max(n for n, one in enumerate(listed) if one.group is Group.STORY)
    return [*listed[: last + 1], CLOSED, *listed[last + 1 :]]


def _options(one: Offered) -> Sequence[Option]:
    return YES_OR_NO if one.accepts is Accepts.FLAG else one.choices


def _names_things(one: Offered) -> bool:
    return one.code == "currency" or (one.accepts in NAMED_BY_WORDS and one.code != "email")
