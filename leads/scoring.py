"""The score: fit + engagement, each rule one part, the parts always summing to the score. Pure.

Formula (the design's domain rules, section 6): a fit rule gives its points while its criterion is
met. An engagement rule with points p and half-life h gives, at the instant t, for the touches
o1 … on that it counts,

    p · Σ 2^(-(t - oi)/h)    clamped to ±cap, rounded half up; without half-life p · n.

Exponential fading is memoryless: the worth R at the last counted touch says all that later
instants need, worth(t) = R · 2^(-(t - last)/h). So R and `last` are stored and never rewritten by
fading, fading in two steps equals fading in one, and SQL computes the same (`services.fading`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor, log2

from leads.criteria import Criterion, CriterionKind, Facts, check
from leads.enums import ScoreCounting, ScoreKind

# What fit may ask: traits. A score would ask itself; touches are engagement; questions are asked
# by hand when a lead moves.
KINDS_OF_FIT = frozenset(
    {
        CriterionKind.FILLED,
        CriterionKind.EQUALS,
        CriterionKind.AT_LEAST,
        CriterionKind.IN,
        CriterionKind.PERSONA_FITS,
        CriterionKind.NOT_EXCLUDED,
    }
)
MOST_POINTS = 1_000  # of one rule
MOST_OF_A_PART = 1_000_000  # so that no storm of touches leaves the column's range
MOST_HALVINGS = 500.0  # beyond them nothing is left, and floating point would underflow
LEAST_SEEN = 0.5  # what rounds to one point


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One score rule by value; `id` 0 is a rule that is not saved yet."""

    id: int
    kind: ScoreKind
    points: int
    criterion: Criterion | None = None
    touch_kind: str = ""
    half_life: timedelta | None = None
    cap: int | None = None
    counting: ScoreCounting = ScoreCounting.EACH
    per_period: int = 1
    period: timedelta = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one rule gives one lead at an instant; `raw` is its worth at `raw_at`."""

    rule_id: int
    points: int
    raw: float
    raw_at: datetime | None = None
    counted: int = 1


@dataclass(frozen=True)
class Thresholds:
    """The score that proposes a lead as MQL, and the one below which the proposal ends."""

    enter: int
    leave: int

    def proposes(self, score: int, *, is_proposed: bool) -> bool:
        """Tell whether a lead at LEAD is proposed at `score`, given whether it is now."""
        return score >= (self.leave if is_proposed else self.enter)


def parts_of(
    rules: Iterable[Rule],
    facts: Facts,
    touches: Mapping[str, Sequence[datetime]],
    *,
    at: datetime,
) -> list[Part]:
    """Return what each rule gives at `at`, leaving out rules that do not apply.

    `touches` holds the instants by kind; those after `at` are not there yet.
    """
    parts = []
    for rule in rules:
        if rule.kind is ScoreKind.FIT:
            part = _fit_part(rule, facts, at)
        else:
            part = _engagement_part(rule, touches.get(rule.touch_kind, ()), at)
        if part is not None:
            parts.append(part)
    return parts


def total(parts: Iterable[Part]) -> int:
    """Return the score that the parts add up to."""
    return sum(part.points for part in parts)


def counted_touches(rule: Rule, instants: Iterable[datetime]) -> list[datetime]:
    """Return the touches that count for `rule`, oldest first, in whatever order they came.

    ONCE counts the newest, for coming back renews the interest. PER_PERIOD counts a touch when
    fewer than `per_period` counted ones lie in the period (t - period, t] that ends with it.
    """
    ordered = sorted(instants)
    if rule.counting is ScoreCounting.ONCE:
        return ordered[-1:]
    if rule.counting is ScoreCounting.EACH:
        return ordered
    counted: list[datetime] = []
    for instant in ordered:
        recent = counted[-rule.per_period :]
        if len(recent) < rule.per_period or recent[0] <= instant - rule.period:
            counted.append(instant)
    return counted


def faded(
    raw: float, raw_at: datetime | None, half_life: timedelta | None, cap: int | None, at: datetime
) -> int:
    """Return the points that a worth of `raw` at `raw_at` has become at `at`."""
    worth = raw
    if half_life is not None and raw_at is not None:
        halvings = max(0.0, (at - raw_at).total_seconds() / half_life.total_seconds())
        worth = raw * 2.0 ** -min(halvings, MOST_HALVINGS)
    most = MOST_OF_A_PART if cap is None else cap
    return floor(max(-float(most), min(float(most), worth)) + LEAST_SEEN)


def gone_at(part: Part, rule: Rule) -> datetime | None:
    """Return from when on `part` rounds to nothing; None if it never fades."""
    if rule.half_life is None or part.raw_at is None or abs(part.raw) < LEAST_SEEN:
        return None
    return part.raw_at + rule.half_life * log2(abs(part.raw) / LEAST_SEEN)


def _fit_part(rule: Rule, facts: Facts, at: datetime) -> Part | None:
    if rule.criterion is None or check(rule.criterion, facts, at=at).met is not True:
        return None
    return Part(rule_id=rule.id, points=rule.points, raw=float(rule.points))


def _engagement_part(rule: Rule, instants: Sequence[datetime], at: datetime) -> Part | None:
    counted = counted_touches(rule, (one for one in instants if one <= at))
    if not counted:
        return None
    last = counted[-1]
    raw = sum(_worth_at(rule, one, last) for one in counted)
    points = faded(raw, last, rule.half_life, rule.cap, at)
    return Part(rule_id=rule.id, points=points, raw=raw, raw_at=last, counted=len(counted))


def _worth_at(rule: Rule, touch: datetime, at: datetime) -> float:
    if rule.half_life is None:
        return float(rule.points)
    halvings = (at - touch).total_seconds() / rule.half_life.total_seconds()
    return rule.points * float(2.0 ** -min(halvings, MOST_HALVINGS))
