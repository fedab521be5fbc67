"""How the columns of a file become leads: the mapping file, read and applied. Pure.

`docs/import.md` describes the file. A row is read whole or not at all: what cannot be read is told
by column.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leads.enums import Disposition, LifecycleStage
from leads.formula_guard import unguarded
from leads.lifecycle import position
from smarketing.errors import BadInput

CONTACT_FIELDS = frozenset(
    {"email", "external_id", "given_name", "family_name", "phone", "job_title", "country", "city",
     "company"}
)  # fmt: skip
NAME_FIELDS = frozenset({"source", "campaign", "product_line"})
FIELDS = CONTACT_FIELDS | NAME_FIELDS | {"owner", "amount", "currency"}
KEYS = {"system", "columns", "values", "constants", "stages", "date_format", "zone", "encoding",
        "delimiter"}  # fmt: skip
EVERY_FIELD = "*"
UTC = ZoneInfo("UTC")
LARGEST_AMOUNT = Decimal(10) ** 12
FIRST_YEAR = 1900
# As long as the columns that keep them.
LONGEST = {"system": 50, "captured_through": 100, "reason": 60, "currency": 3}
LONGEST_TEXT = 1_000


@dataclass(frozen=True)
class PlannedStep:
    """A step of the row's history: where to, and which column says when (none: unknown)."""

    stage: LifecycleStage | None
    disposition: Disposition
    at: str | None
    reason: str


@dataclass(frozen=True)
class StageRule:
    """The history of the rows whose `column` holds one of `values`; without column, of the rest."""

    column: str | None
    values: frozenset[str]
    steps: tuple[PlannedStep, ...]


@dataclass(frozen=True)
class ReadStep:
    """A step with the instant that the row tells, None when it tells none."""

    stage: LifecycleStage | None
    disposition: Disposition
    at: datetime | None
    reason: str


@dataclass(frozen=True)
class ReadRow:
    """A row as read: values by our field names, its history, its amount."""

    values: AnyMapping[str, str]
    steps: tuple[ReadStep, ...]
    amount: Decimal | None


@dataclass(frozen=True)
class Mapping:
    """A mapping file that makes sense."""

    columns: AnyMapping[str, str]
    stages: tuple[StageRule, ...]
    system: str = ""
    values: AnyMapping[str, AnyMapping[str, str]] = field(default_factory=dict)
    constants: AnyMapping[str, str] = field(default_factory=dict)
    date_format: str = "%Y-%m-%d"
    zone: ZoneInfo = UTC
    encoding: str = "utf-8-sig"
    delimiter: str = ","

    @property
    def columns_needed(self) -> set[str]:
        """The columns that a file must have."""
        asked = {rule.column for rule in self.stages if rule.column}
        dated = {step.at for rule in self.stages for step in rule.steps if step.at}
        return {*self.columns, *asked, *dated}

    def column_of(self, name: str) -> str:
        """Return the column that carries the field `name`; "" where none does."""
        return next((column for column, field in self.columns.items() if field == name), "")


def read_mapping(data: Any) -> Mapping:
    """Return the mapping that `data` (parsed JSON) says; raise BadInput naming what is wrong."""
    _object(data, "mapping")
    _only(data, KEYS, "mapping")
    columns, constants = _texts(data, "columns"), _texts(data, "constants")
    _only(dict.fromkeys(columns.values()), FIELDS, "columns")
    _only(constants, FIELDS | {"captured_through"}, "constants")
    if "external_id" in columns.values() and not data.get("system"):
        raise BadInput("An external id needs the name of its “system”.")
    values = _object(data.get("values", {}), "values")
    return Mapping(
        columns=columns,
        stages=tuple(_read_rule(rule) for rule in _list(data.get("stages", []), "stages")),
        system=_text(data, "system", ""),
        values={key: _texts(values, key) for key in values},
        constants=constants,
        date_format=_text(data, "date_format", "%Y-%m-%d"),
        zone=_zone(_text(data, "zone", "UTC")),
        encoding=_encoding(_text(data, "encoding", "utf-8-sig")),
        delimiter=_delimiter(_text(data, "delimiter", ",")),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(f"There is no time zone {name!r}.") from error


def _encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except (LookupError, ValueError) as error:
        raise BadInput(f"There is no encoding {name!r}.") from error
    return name


def _delimiter(text: str) -> str:
    if len(text) != 1 or text in '\r\n"':
        raise BadInput(f"delimiter: {text!r} is not one character between two values.")
    return text


def _object(given: Any, where: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadInput(f"{where}: a JSON object is needed.")
    return given


def _list(given: Any, where: str) -> list[Any]:
    if not isinstance(given, list):
        raise BadInput(f"{where}: a JSON list is needed.")
    return given


def _text(given: AnyMapping[str, Any], key: str, default: str) -> str:
    text = given.get(key, default)
    most = LONGEST.get(key, LONGEST_TEXT)
    if not isinstance(text, str) or len(text) > most or "\x00" in text:
        raise BadInput(f"{key}: a text of at most {most} characters is needed.")
    return text


def _texts(given: AnyMapping[str, Any], where: str) -> dict[str, str]:
    texts = _object(given.get(where, {}), where)
    return {key: _text(texts, key, "") for key in texts}


def _only(given: AnyMapping[str, Any], known: set[str] | frozenset[str], where: str) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise BadInput(f"{where}: {', '.join(unknown)} is not known.")


def _read_rule(rule: AnyMapping[str, Any]) -> StageRule:
    _only(_object(rule, "stages"), {"column", "in", "steps"}, "stages")
    steps = tuple(_read_step(step) for step in _list(rule.get("steps", []), "steps"))
    if not steps or steps[0].stage is None:
        raise BadInput("stages: the first step of a rule names a stage.")
    known = frozenset(_text({"in": value}, "in", "") for value in _list(rule.get("in", []), "in"))
    return StageRule(_text(rule, "column", "") or None, known, steps)


def _read_step(step: AnyMapping[str, Any]) -> PlannedStep:
    _only(_object(step, "steps"), {"stage", "disposition", "at", "reason"}, "stages")
    try:
        stage = LifecycleStage(step["stage"]) if "stage" in step else None
        disposition = Disposition(step.get("disposition", Disposition.OPEN))
    except ValueError as error:
        raise BadInput(f"stages: {error}") from error
    if stage is not None:
        disposition = position(stage, disposition).disposition
    at, reason = _text(step, "at", "") or None, _text(step, "reason", "")
    return PlannedStep(stage, disposition, at, reason)


def read_row(mapping: Mapping, row: AnyMapping[str, str]) -> ReadRow:
    """Return what `row` says in our words; raise BadInput with the reasons by column."""
    values = dict(mapping.constants)
    for column, name in mapping.columns.items():
        told = _mapped(mapping, name, unguarded((row.get(column) or "").strip()))
        if "\x00" in told and name not in CONTACT_FIELDS:  # those are looked at with the contact
            raise _unreadable(column, "a character that cannot be stored.")
        if told:
            values[name] = told
    _check_currency(values.get("currency", ""))
    rule = _rule_for(mapping.stages, row)
    steps = tuple(
        ReadStep(step.stage, step.disposition, _instant(mapping, row, step.at), step.reason)
        for step in rule.steps
    )
    return ReadRow(values, steps, _amount(values.get("amount", "")))


def _check_currency(text: str) -> None:
    if text and not (
        len(text) == LONGEST["currency"] and text.isascii() and text.isalpha() and text.isupper()
    ):
        raise _unreadable("currency", f"“{text[:40]}” is not a code like EUR.")


def _unreadable(column: str, reason: str) -> BadInput:
    return BadInput(f"{column}: {reason}", fields={column: [reason]})


def _mapped(mapping: Mapping, name: str, value: str) -> str:
    own = mapping.values.get(name, {})
    every = mapping.values.get(EVERY_FIELD, {})
    return own.get(value, every.get(value, value))


def _rule_for(rules: Sequence[StageRule], row: AnyMapping[str, str]) -> StageRule:
    for rule in rules:
        if rule.column is None or (row.get(rule.column) or "").strip() in rule.values:
            return rule
    raise BadInput("No stage rule speaks of this row.", fields={"stages": ["no rule"]})


def _instant(mapping: Mapping, row: AnyMapping[str, str], column: str | None) -> datetime | None:
    text = (row.get(column) or "").strip() if column else ""
    if not text:
        return None
    try:
        local = datetime.strptime(text, mapping.date_format)  # noqa: DTZ007  # the zone follows
    except ValueError as error:
        reason = f"“{text[:40]}” is not a date like {mapping.date_format}."
        raise _unreadable(str(column), reason) from error
    if local.year < FIRST_YEAR:
        raise _unreadable(str(column), f"“{text[:40]}” is before {FIRST_YEAR}.")
    return local.replace(tzinfo=local.tzinfo or mapping.zone)


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < LARGEST_AMOUNT:
        raise _unreadable("amount", f"“{text[:40]}” is not an amount.")
    return amount.quantize(Decimal("0.01"))
