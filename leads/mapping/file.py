"""The mapping file: parsed JSON in, a mapping that makes sense out. Pure."""

from __future__ import annotations

import codecs
from collections.abc import Mapping as AnyMapping
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import position
from leads.mapping.shape import (
    CONSTANT_ONLY,
    EVERY_FIELD,
    FIELDS,
    NUMBER_FORMATS,
    OTHER_ID,
    STORY_FIELDS,
    WITH_POLICY,
    Mapping,
    OutOfOrder,
    PlannedStep,
    Policy,
    StageRule,
    own_field,
)
from smarketing.errors import BadInput

KEYS = {
    "system", "columns", "values", "constants", "policies", "stages", "out_of_order", "hand_over",
    "date_format", "number_format", "zone", "encoding", "delimiter",
}  # fmt: skip
# As long as the columns that keep them.
LONGEST = {"system": 50, "captured_through": 100, "reason": 60, "currency": 3}
LONGEST_TEXT = 1_000
E = TypeVar("E", bound=StrEnum)


def read_mapping(data: Any) -> Mapping:
    """Return the mapping that `data` (parsed JSON) says; raise BadInput naming what is wrong."""
    _object(data, "mapping")
    _only(data, KEYS, "mapping")
    columns, constants = _texts(data, "columns"), _texts(data, "constants")
    known = FIELDS | STORY_FIELDS
    _only([name for name in columns.values() if not _is_named_by_hand(name)], known, "columns")
    _only([name for name in constants if not own_field(name)], known | CONSTANT_ONLY, "constants")
    if "external_id" in columns.values() and not data.get("system"):
        raise BadInput("An external id needs the name of its “system”.")
    values = _object(data.get("values", {}), "values")
    stages = tuple(_read_rule(rule) for rule in _list(data.get("stages", []), "stages"))
    if stages and STORY_FIELDS & {*columns.values(), *constants}:
        raise BadInput("stages: rules and columns of dates do not go together; take one of them.")
    return Mapping(
        columns=columns,
        stages=stages,
        system=_text(data, "system", ""),
        values={key: _texts(values, key) for key in values},
        constants=constants,
        policies=_policies(_texts(data, "policies")),
        out_of_order=_one_of(OutOfOrder, data, "out_of_order", OutOfOrder.REFUSE),
        hand_over=_flag(data, "hand_over"),
        date_format=_text(data, "date_format", "%Y-%m-%d"),
        number_format=_number_format(_text(data, "number_format", "1234.56")),
        zone=_zone(_text(data, "zone", "UTC")),
        encoding=_encoding(_text(data, "encoding", "utf-8-sig")),
        delimiter=_delimiter(_text(data, "delimiter", ",")),
    )


def _is_named_by_hand(name: str) -> bool:
    """An own field, or an id in a further system."""
    if own_field(name):
        return True
    system = name.removeprefix(OTHER_ID)
    return system != name and 0 < len(system) <= LONGEST["system"]


def _policies(given: AnyMapping[str, str]) -> dict[str, Policy]:
    spoken_of = [name for name in given if not own_field(name)]
    _only(spoken_of, WITH_POLICY | {EVERY_FIELD}, "policies")
    return {name: _one_of(Policy, given, name, Policy.FILL) for name in given}


def _one_of(kind: type[E], given: AnyMapping[str, Any], key: str, default: E) -> E:
    text = _text(given, key, default)
    try:
        return kind(text)
    except ValueError as error:
        raise BadInput(f"{key}: one of {', '.join(kind)} is needed.") from error


def _flag(given: AnyMapping[str, Any], key: str) -> bool:
    told = given.get(key, False)
    if not isinstance(told, bool):
        raise BadInput(f"{key}: true or false is needed.")
    return told


def _number_format(sample: str) -> str:
    if sample not in NUMBER_FORMATS:
        raise BadInput(f"number_format: one of {', '.join(NUMBER_FORMATS)} is needed.")
    return sample


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


def _only(given: Any, known: set[str] | frozenset[str], where: str) -> None:
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
