"""The mapping that answers make: columns, constants, and a rule for every story of a row. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from leads.cell_formats import ISO
from leads.enums import LifecycleStage
from leads.import_choices.answers import CLOSED_AT, CLOSES, DATED, ENDED, OUTCOME, Choices
from leads.mapping import STORY_FIELDS
from leads.sniffing import DELIMITERS

STAGES = tuple(LifecycleStage)
TOLD_BY_RULES = STORY_FIELDS | {CLOSED_AT}


def mapping_of(choices: Choices, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> Any:
    """Return the mapping (as its file would hold it) that does what was chosen."""
    columns = {
        head: choices.mapped_to(head)
        for head, name in choices.fields.items()
        if name and name not in TOLD_BY_RULES
    }
    said = {*columns.values(), *choices.constants, "*"}
    mapping: dict[str, Any] = {
        "columns": columns,
        "constants": _constants(choices),
        "values": {"*": dict.fromkeys(choices.empty, ""), **choices.values},
        "policies": {name: told for name, told in choices.policies.items() if name in said},
        "out_of_order": choices.out_of_order,
        "date_format": ISO,
        "zone": choices.zone,
        "encoding": encoding or "utf-8-sig",
        "delimiter": delimiter if delimiter in DELIMITERS else ",",
        "stages": [_rule(choices, outcome, reached) for outcome, reached in _outcomes()],
    }
    return {**mapping, "hand_over": True} if choices.hand_over else mapping


def _constants(choices: Choices) -> dict[str, str]:
    """What every row says; days are told as instants, as the columns are."""
    told = {key: text for key, text in choices.constants.items() if text}
    return {key: _instant(text, choices) if choices.is_date(key) else text
            for key, text in told.items()}  # fmt: skip


def _instant(day: str, choices: Choices) -> str:
    return datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(choices.zone)).strftime(ISO)


def _outcomes() -> list[tuple[str, LifecycleStage]]:
    """Every outcome of a row, with the furthest stage that it reached on the way."""
    opened = [(stage.value, stage) for stage in DATED.values()]
    closed = [(one, stage) for one in CLOSES for stage in DATED.values()]
    return [*opened, ("WON", LifecycleStage.OPPORTUNITY), *closed]


def _rule(choices: Choices, outcome: str, reached: LifecycleStage) -> dict[str, Any]:
    """The steps of a row: stages whose dates a column tells, and the one that it came to.

    Stages that nothing speaks of are inferred when later ones are known.
    """
    steps: list[dict[str, str]] = []
    for name, stage in DATED.items():
        column = choices.column_of(name)
        is_passed = column is not None and STAGES.index(stage) <= STAGES.index(reached)
        if is_passed or (stage is reached and outcome != "WON"):
            steps.append(_at({"stage": stage.value}, column))
    if not any("at" in step for step in steps) and reached is not STAGES[0]:
        steps = _from_the_first(steps, choices)
    closed = _closing_column(choices, outcome)
    if outcome == "WON":
        steps.append(_at({"stage": LifecycleStage.CUSTOMER.value}, closed))
    elif outcome in CLOSES:
        steps.append(_at({"disposition": outcome}, closed))
    return {"column": OUTCOME, "in": [f"{outcome}:{reached}"], "steps": steps}


def _from_the_first(steps: list[dict[str, str]], choices: Choices) -> list[dict[str, str]]:
    """Somebody whose dates no column tells was a lead once, nobody knows when."""
    if any(choices.column_of(name) for name in DATED):
        return steps
    return [{"stage": STAGES[0].value}, *steps]


def _closing_column(choices: Choices, outcome: str) -> str | None:
    own = next((name for name, one in ENDED.items() if one == outcome), "")
    return choices.column_of(own) or choices.column_of(CLOSED_AT)


def _at(step: dict[str, str], column: str | None) -> dict[str, str]:
    return {**step, "at": column} if column else step
