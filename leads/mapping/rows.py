"""Rows of a file read by a mapping that was looked at once. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.querysets import normalise_email
from leads.enums import Disposition, LifecycleStage, TouchKind
from leads.mapping.cells import Amounts, Dates, Emails, read_count, read_yes_or_no
from leads.mapping.offered import OwnField
from leads.mapping.own import OwnCells
from leads.mapping.shape import (
    DATE_FIELDS,
    EVERY_FIELD,
    OTHER_ID,
    STAGE_DATES,
    UTM_FIELDS,
    Mapping,
    Policy,
    StageRule,
)
from leads.row_results import RowProblem
from smarketing.errors import BadInput

LONGEST = {
    "email": 254, "external_id": 200, "company": 200, "given_name": 100, "family_name": 100,
    "phone": 50, "job_title": 150, "country": 100, "city": 100, "source": 100, "campaign": 150,
    "product_line": 100, "persona": 100, "owner": 254, "captured_through": 100,
    "sector": 100, "company_country": 100, "competitor": 100, "sql_type": 100,
    "owner_team": 100, "consent_version": 50, **dict.fromkeys(UTM_FIELDS, 150),
}  # fmt: skip
LONGEST_CELL = 5_000
# A null byte, and halves of letters that no encoding writes.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
CURRENCY = re.compile("[A-Z]{3}")
SHOWN = 40
BAD_CHARACTER = _("A character that cannot be stored.")
TOO_LONG = _("Longer than %(most)d characters.")
BAD_EMAIL = _("“%(email)s” is not an e-mail address.")
BAD_CURRENCY = _("“%(text)s” is not a code like EUR.")
BAD_STAGE = _("“%(text)s” is not a stage.")
BAD_TOUCH = _("“%(text)s” is not a kind of touch.")
NO_RULE = _("No stage rule speaks of this row.")
NO_IDENTITY = _("A contact needs an e-mail or an id in another system.")
TYPED = ("amount", "currency", "consent", "consent_at", "touch", "touch_at", "activities",
         "employees")  # fmt: skip
ENDS = {"LOST": "lost_at", "DISQUALIFIED": "disqualified_at", "RECYCLED": "recycled_at",
        "WON": "won_at"}  # fmt: skip
NAMED: dict[str, str] = {stage: name for name, (stage, _end) in STAGE_DATES.items() if stage}
NAMED.update(ENDS)

Shape = tuple[LifecycleStage | None, Disposition]


@dataclass(slots=True)
class ReadRow:
    """A row as read: values by our field names, ids elsewhere, its story, its amount.

    `steps` and `instants` go together, as do `columns`, which say where each instant came from.
    `own` are values of own fields as they are kept, by subject and key.
    """

    number: int
    values: dict[str, str]
    keys: tuple[tuple[str, str], ...]
    steps: tuple[Shape, ...]
    reasons: tuple[str, ...]
    instants: list[datetime | None]
    columns: tuple[str, ...]
    amount: Decimal | None = None
    consent: bool | None = None
    consent_at: datetime | None = None
    touch_at: datetime | None = None
    activities: int | None = None
    employees: int | None = None
    own: AnyMapping[str, AnyMapping[str, Any]] = field(default_factory=dict)
    warnings: list[RowProblem] = field(default_factory=list)


class RowReader:
    """Reads the rows of one file; made once, for it remembers dates and domains.

    `own` are the own fields in use: what their cells hold is read as their kind.
    """

    def __init__(self, mapping: Mapping, own: Iterable[OwnField] = ()) -> None:
        every = mapping.values.get(EVERY_FIELD, {})
        self.mapping = mapping
        self._columns = [
            (
                column,
                name,
                {**every, **mapping.values.get(name, {})},
                LONGEST.get(name, LONGEST["external_id"] if OTHER_ID in name else LONGEST_CELL),
            )
            for column, name in mapping.columns.items()
            if mapping.policies.get(name) is not Policy.SKIP
        ]
        self._carriers = {name: column for column, name in reversed([*mapping.columns.items()])}
        self._rules = {
            id(rule): (
                tuple((step.stage, step.disposition) for step in rule.steps),
                tuple(step.at or "" for step in rule.steps),
                tuple(step.reason for step in rule.steps),
            )
            for rule in mapping.stages
        }
        self._stories: dict[tuple[str, ...], tuple[tuple[Shape, ...], tuple[str, ...]]] = {}
        self._others = [
            (name, mapping.system if name == "external_id" else name.removeprefix(OTHER_ID))
            for name in mapping.columns.values()
            if name == "external_id" or name.startswith(OTHER_ID)
        ]
        self._dates = Dates(mapping.date_format, mapping.zone)
        self._amounts, self._emails = Amounts(mapping.number_format), Emails()
        self._dated = tuple(name for name in STAGE_DATES if mapping.tells(name))
        self._typed = tuple(name for name in TYPED if mapping.tells(name))
        self._readers: dict[str, Callable[[str], object]] = {
            "amount": self._amounts.read,
            "employees": self._amounts.read_headcount,
            "activities": read_count,
            "consent": read_yes_or_no,
            "touch_at": self._dates.read,
            "consent_at": self._dates.read,
        }
        self._own = OwnCells(mapping, own, self._dates, self._amounts)

    def read(self, number: int, cells: AnyMapping[str, str]) -> ReadRow | list[RowProblem]:
        """Return what the row says in our words, or everything that is wrong with it."""
        problems: list[RowProblem] = []
        values = self._values(cells, problems)
        keys = self._identity(values, problems)
        row = ReadRow(number, values, keys, (), (), [], ())
        if self.mapping.stages:
            self._follow_rules(row, cells, problems)
        else:
            self._follow_fields(row, problems)
        for name in self._typed:
            if name in values:
                self._read_typed(row, name, values[name], problems)
        if self._own:
            row.own = self._own.read(values, problems)
        return problems or row

    def _values(self, cells: AnyMapping[str, str], problems: list[RowProblem]) -> dict[str, str]:
        """Return what the cells say by our field names, and what every row says."""
        values = dict(self.mapping.constants)
        for column, name, own, most in self._columns:
            told = cells.get(column)
            if not told:
                continue
            told = told.strip()
            if own:
                told = own.get(told, told)
            # Whatever can be printed can be stored, and most texts can.
            if len(told) > most or not (told.isprintable() or not UNSTORABLE.search(told)):
                problems.append(_unstorable(column, told, most))
            elif told:
                values[name] = told
        return values

    def _identity(
        self, values: dict[str, str], problems: list[RowProblem]
    ) -> tuple[tuple[str, str], ...]:
        """Bring the e-mail into its form and return the ids in other systems."""
        keys = [(system, values[name]) for name, system in self._others if name in values]
        email = values.get("email")
        if email:
            email = values["email"] = normalise_email(email)
            if not self._emails.accepts(email):
                told = str(BAD_EMAIL % {"email": email[:SHOWN]})
                problems.append(RowProblem(self._column_of("email"), "bad_email", told))
        elif not keys and not problems:
            problems.append(RowProblem("", "no_identity", str(NO_IDENTITY)))
        return tuple(keys)

    def _follow_rules(
        self, row: ReadRow, cells: AnyMapping[str, str], problems: list[RowProblem]
    ) -> None:
        rule = self._rule_for(cells)
        if rule is None:
            column = next((one.column for one in self.mapping.stages if one.column), "")
            problems.append(RowProblem(column or "", "no_rule", str(NO_RULE)))
            return
        row.steps, row.columns, row.reasons = self._rules[id(rule)]
        for column in row.columns:
            text = (cells.get(column) or "").strip() if column else ""
            row.instants.append(self._instant(column, text, problems))

    def _rule_for(self, cells: AnyMapping[str, str]) -> StageRule | None:
        for rule in self.mapping.stages:
            if rule.column is None or (cells.get(rule.column) or "").strip() in rule.values:
                return rule
        return None

    def _follow_fields(self, row: ReadRow, problems: list[RowProblem]) -> None:
        """The story that the columns `stage` and `…_at` tell."""
        values = row.values
        told, named = values.get("stage", ""), ""
        if told:
            named = NAMED.get(told.upper(), "")
            if not named:
                message = str(BAD_STAGE % {"text": told[:SHOWN]})
                problems.append(RowProblem(self._column_of("stage"), "unknown_stage", message))
                return
            names = tuple(name for name in STAGE_DATES if name in values or name == named)
        else:
            names = tuple([name for name in self._dated if name in values])
        story = self._stories.get(names)
        if story is None:
            story = self._stories[names] = self._story(names)
        row.steps, row.columns = story
        row.reasons = ("",) * len(row.steps)
        if len(row.steps) > len(names):
            row.instants.append(None)
        for name, column in zip(names, row.columns[-len(names) :], strict=False):
            row.instants.append(self._instant(column, values.get(name, ""), problems))

    def _story(self, names: tuple[str, ...]) -> tuple[tuple[Shape, ...], tuple[str, ...]]:
        """Return the steps of these dates and where each comes from; a row begins with a stage."""
        if not names or STAGE_DATES[names[0]][0] is None:
            names = ("lead_at", *names)
        columns = tuple(self._column_of(name) or name for name in names)
        return tuple(STAGE_DATES[name] for name in names), columns

    def _column_of(self, name: str) -> str:
        return self._carriers.get(name, "")

    def _instant(self, column: str, text: str, problems: list[RowProblem]) -> datetime | None:
        if not text:
            return None
        try:
            return self._dates.read(text)
        except BadInput as error:
            problems.append(RowProblem(column, "bad_date", str(error)))
            return None

    def _read_typed(self, row: ReadRow, name: str, text: str, problems: list[RowProblem]) -> None:
        try:
            if name in self._readers:
                setattr(row, name, self._readers[name](text))
            elif name == "currency" and not CURRENCY.fullmatch(text):
                raise BadInput(BAD_CURRENCY % {"text": text[:SHOWN]})
            elif name == "touch" and text not in TouchKind.values:
                raise BadInput(BAD_TOUCH % {"text": text[:SHOWN]})
        except BadInput as error:
            code = "bad_date" if name in DATE_FIELDS else f"bad_{name}"
            problems.append(RowProblem(self._column_of(name) or name, code, str(error)))


def _unstorable(column: str, told: str, most: int) -> RowProblem:
    if len(told) > most:
        return RowProblem(column, "too_long", str(TOO_LONG % {"most": most}))
    return RowProblem(column, "bad_character", str(BAD_CHARACTER))
