"""How the columns of a file become leads: the mapping file, read and applied. Pure.

`docs/import.md` describes the file. A row is read whole or not at all: what cannot be read is told
by column.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leads.enums import Disposition, LifecycleStage
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


def read_mapping(data: Any) -> Mapping:
    """Return the mapping that `data` (parsed JSON) says; raise BadInput naming what is wrong."""
    if not isinstance(data, dict):
        raise BadInput("A mapping is a JSON object.")
    _only(data, KEYS, "mapping")
    columns, constants = dict(data.get("columns", {})), dict(data.get("constants", {}))
    _only(dict.fromkeys(columns.values()), FIELDS, "columns")
    _only(constants, FIELDS | {"captured_through"}, "constants")
    if "external_id" in columns.values() and not data.get("system"):
        raise BadInput("An external id needs the name of its “system”.")
    try:
        zone = ZoneInfo(data.get("zone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput(f"There is no time zone {data.get('zone')!r}.") from error
    return Mapping(
        columns=columns,
        stages=tuple(_read_rule(rule) for rule in data.get("stages", [])),
        system=str(data.get("system", "")),
        values={key: dict(value) for key, value in data.get("values", {}).items()},
        constants=constants,
        date_format=data.get("date_format", "%Y-%m-%d"),
        zone=zone,
        encoding=data.get("encoding", "utf-8-sig"),
        delimiter=data.get("delimiter", ","),
    )


def _only(given: AnyMapping[str, Any], known: set[str] | frozenset[str], where: str) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise BadInput(f"{where}: {', '.join(unknown)} is not known.")


def _read_rule(rule: AnyMapping[str, Any]) -> StageRule:
    _only(rule, {"column", "in", "steps"}, "stages")
    steps = tuple(_read_step(step) for step in rule.get("steps", []))
    if not steps or steps[0].stage is None:
        raise BadInput("stages: the first step of a rule names a stage.")
    return StageRule(rule.get("column"), frozenset(rule.get("in", [])), steps)


def _read_step(step: AnyMapping[str, Any]) -> PlannedStep:
    _only(step, {"stage", "disposition", "at", "reason"}, "stages")
    try:
        stage = LifecycleStage(step["stage"]) if "stage" in step else None
        disposition = Disposition(step.get("disposition", Disposition.OPEN))
    except ValueError as error:
        raise BadInput(f"stages: {error}") from error
    if stage is not None:
        disposition = position(stage, disposition).disposition
    return PlannedStep(stage, disposition, step.get("at"), step.get("reason", ""))


def read_row(mapping: Mapping, row: AnyMapping[str, str]) -> ReadRow:
    """Return what `row` says in our words; raise BadInput with the reasons by column."""
    values = dict(mapping.constants)
    for column, name in mapping.columns.items():
        told = _mapped(mapping, name, (row.get(column) or "").strip())
        if told:
            values[name] = told
    rule = _rule_for(mapping.stages, row)
    steps = tuple(
        ReadStep(step.stage, step.disposition, _instant(mapping, row, step.at), step.reason)
        for step in rule.steps
    )
    return ReadRow(values, steps, _amount(values.get("amount", "")))


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
        reason = [f"“{text[:40]}” is not a date like {mapping.date_format}."]
        raise BadInput(f"{column}: {reason[0]}", fields={str(column): reason}) from error
    return local.replace(tzinfo=local.tzinfo or mapping.zone)


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < LARGEST_AMOUNT:
        reason = f"“{text[:40]}” is not an amount."
        raise BadInput(f"amount: {reason}", fields={"amount": [reason]})
    return amount.quantize(Decimal("0.01"))
