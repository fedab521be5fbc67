"""Criteria that machines check: of definitions, personas, routing rules and fit scores. Pure.

A criterion is stored as a JSON object: `{"kind", "field", "value", "days", "label", "required",
"key"}`. Facts are read once for many leads by `leads.selectors.facts`; checking asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any


class CriterionKind(Enum):
    """What a criterion asks."""

    FILLED = "filled"
    EQUALS = "equals"
    AT_LEAST = "at_least"
    IN = "in"
    SCORE_AT_LEAST = "score_at_least"
    PERSONA_FITS = "persona_fits"
    NOT_EXCLUDED = "not_excluded"
    TOUCH_WITHIN = "touch_within"
    QUESTION = "question"


OF_FIELDS = frozenset(
    {CriterionKind.FILLED, CriterionKind.EQUALS, CriterionKind.AT_LEAST, CriterionKind.IN}
)


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One question about a lead.

    `field` is a key of `leads.fields`; `value` is what to compare with, a list for IN, a persona's
    id (or None for any) for PERSONA_FITS, a touch kind (or None for any) for TOUCH_WITHIN. A
    QUESTION is answered by hand and known by its `key`. Only `required` ones hold a lead back.
    """

    kind: CriterionKind
    field: str = ""
    value: Any = None
    days: int | None = None
    label: str = ""
    key: str = ""
    required: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the stored form, without what is left at its default."""
        known = {"kind": self.kind.value, "field": self.field, "value": self.value}
        known |= {"days": self.days, "label": self.label, "key": self.key}
        stored = {name: value for name, value in known.items() if value not in ("", None)}
        return {**stored, "required": self.required}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of one lead when it is checked. `touches` holds the last instant by kind."""

    values: Mapping[str, Any] = field(default_factory=dict)
    score: int = 0
    fits: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    touches: Mapping[str, datetime] = field(default_factory=dict)
    answers: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """A criterion and what came of it: `met` is None while a question is unanswered."""

    criterion: Criterion
    met: bool | None
    value: Any = None

    @property
    def holds_back(self) -> bool:
        """Tell whether the lead must wait for this one."""
        return self.criterion.required and self.met is not True


def read_criteria(stored: Iterable[Mapping[str, Any]]) -> list[Criterion]:
    """Return the criteria of a stored list; raises ValueError or KeyError for what is none."""
    return [Criterion(**{**one, "kind": CriterionKind(one["kind"])}) for one in stored]


def check(criterion: Criterion, facts: Facts, *, at: datetime) -> Checked:
    """Return whether `facts` meet `criterion` at the instant `at`, and the value that decided."""
    kind = criterion.kind
    if kind in OF_FIELDS:
        value = facts.values.get(criterion.field)
        return Checked(criterion, meets(criterion, value), value)
    if kind is CriterionKind.SCORE_AT_LEAST:
        return Checked(criterion, facts.score >= criterion.value, facts.score)
    if kind is CriterionKind.PERSONA_FITS:
        wanted = facts.fits if criterion.value is None else facts.fits & {criterion.value}
        return Checked(criterion, bool(wanted), sorted(wanted))
    if kind is CriterionKind.NOT_EXCLUDED:
        unwanted = facts.excluded
        if criterion.value is not None:
            unwanted = unwanted & {criterion.value}
        return Checked(criterion, not unwanted, sorted(unwanted))
    if kind is CriterionKind.TOUCH_WITHIN:
        return _check_touch(criterion, facts, at)
    answer = facts.answers.get(criterion.key)
    return Checked(criterion, answer, answer)


def check_all(criteria: Sequence[Criterion], facts: Facts, *, at: datetime) -> list[Checked]:
    """Return what came of each criterion, in order."""
    return [check(criterion, facts, at=at) for criterion in criteria]


def are_met(criteria: Sequence[Criterion], facts: Facts, *, at: datetime) -> bool:
    """Tell whether nothing required is missing."""
    return not any(one.holds_back for one in check_all(criteria, facts, at=at))


def _check_touch(criterion: Criterion, facts: Facts, at: datetime) -> Checked:
    """The last touch of the kind lies within the days, the border included."""
    instants = [
        instant
        for kind, instant in facts.touches.items()
        if criterion.value in (None, kind) and instant <= at
    ]
    last = max(instants, default=None)
    since = at - timedelta(days=criterion.days or 0)
    return Checked(criterion, last is not None and last >= since, last)


def meets(criterion: Criterion, value: Any) -> bool:
    """Tell whether the value of a field is what a criterion of OF_FIELDS asks for.

    Text is compared without case and outer spaces; an empty value is neither equal nor at least.
    """
    if criterion.kind is CriterionKind.FILLED:
        return value not in (None, "")
    if value in (None, ""):
        return False
    if criterion.kind is CriterionKind.AT_LEAST:
        return _is_at_least(value, criterion.value)
    wanted = criterion.value if criterion.kind is CriterionKind.IN else [criterion.value]
    return _plain(value) in {_plain(one) for one in wanted}


def _is_at_least(value: Any, least: Any) -> bool:
    """Compare numbers as numbers and ISO dates as text; nothing else has an order."""
    if isinstance(value, str) and isinstance(least, str):
        return value >= least
    try:
        return float(value) >= float(least)
    except (TypeError, ValueError):
        return False


def _plain(value: Any) -> Any:
    return value.strip().casefold() if isinstance(value, str) else value
