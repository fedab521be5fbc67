"""A goal with all it is computed from, and what follows from it. Pure: no ORM, no now.

Whatever is not typed is measured; what was measured on too few cases is taken as usual for a
company that sells to companies, and says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from leads.enums import LifecycleStage
from sla.enums import PeriodKind
from sla.goal_math import STAGES, Desk, Funnel, Link

LEAST_CASES = 5
WINDOWS = (30, 60, 90, 180)
MONTHS_IN = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3}
USUAL_SHARES = {
    LifecycleStage.LEAD: Fraction(30, 100),
    LifecycleStage.MQL: Fraction(75, 100),
    LifecycleStage.SAL: Fraction(50, 100),
    LifecycleStage.SQL: Fraction(60, 100),
    LifecycleStage.OPPORTUNITY: Fraction(25, 100),
}
USUAL_ATTEMPTS, USUAL_MINUTES, USUAL_HOURS = Fraction(6), Fraction(10), Fraction(4)
Pair = tuple[LifecycleStage, LifecycleStage]


class Origin(Enum):
    """Where a value comes from."""

    TYPED = "typed"
    MEASURED = "measured"
    USUAL = "usual"


@dataclass(frozen=True)
class Figure:
    """A value and where it comes from; `n` cases were measured, be it too few to use."""

    value: Fraction
    origin: Origin
    n: int | None = None


@dataclass(frozen=True)
class Measured:
    """One measurement: None and 0 cases where there was nothing to measure."""

    value: Fraction | None = None
    n: int = 0

    @property
    def tells(self) -> bool:
        """Tell whether there were cases enough to use it."""
        return self.value is not None and self.n >= LEAST_CASES


@dataclass(frozen=True)
class Measurements:
    """How it has been: shares and median lags in days between stages, entries a month, deals."""

    shares: Mapping[Pair, Measured] = field(default_factory=dict)
    lags: Mapping[Pair, Measured] = field(default_factory=dict)
    entries: Mapping[LifecycleStage, Fraction] = field(default_factory=dict)
    deal: Measured = Measured()
    deals_without_rate: int = 0
    attempts: Measured = Measured()
    reps: int = 0


@dataclass(frozen=True)
class Goal:
    """What was typed; None where it is to be measured.

    `revenue` (in the organisation's currency) or `customers` in each `period`, of which Marketing
    brings `marketing`. `stages` are those that count, without CUSTOMER. `shares` and `lags` go by
    the stage where they begin; `window` (days) is how long an entry has time to come through.
    `entries` are those there will be into the first stage, for the inverse question.
    """

    revenue: Fraction | None = None
    customers: Fraction | None = None
    period: PeriodKind = PeriodKind.MONTH
    average_deal: Fraction | None = None
    marketing: Fraction = Fraction(1)
    stages: tuple[LifecycleStage, ...] = STAGES[:-1]
    shares: Mapping[LifecycleStage, Fraction] = field(default_factory=dict)
    lags: Mapping[LifecycleStage, Fraction] = field(default_factory=dict)
    window: int = 90
    entries: Fraction | None = None
    attempts: Fraction | None = None
    minutes: Fraction | None = None
    hours: Fraction | None = None
    reps: int | None = None

    @property
    def marketing_share(self) -> Decimal:
        """Marketing's share of the customers, for the eye."""
        return Decimal(self.marketing.numerator) / self.marketing.denominator

    @property
    def pairs(self) -> list[Pair]:
        """The links of the funnel, each from a stage that counts to the next one."""
        return list(pairwise([*self.stages, LifecycleStage.CUSTOMER]))


@dataclass(frozen=True)
class Assumptions:
    """Every value that an answer rests on. `deal` is None while nothing tells it."""

    shares: Mapping[LifecycleStage, Figure]
    lags: Mapping[LifecycleStage, Figure]
    deal: Figure | None
    entries: Mapping[LifecycleStage, Figure]
    attempts: Figure
    minutes: Figure
    hours: Figure
    reps: Figure

    def funnel(self, pairs: list[Pair]) -> Funnel:
        """Return the funnel of these links."""
        return Funnel(tuple(Link(a, b, self.shares[a].value, self.lags[a].value) for a, b in pairs))

    def desk(self, days: int) -> Desk:
        """Return how leads are worked in a period of `days` working days."""
        return Desk(
            attempts=self.attempts.value,
            minutes=self.minutes.value,
            hours=self.hours.value,
            days=days,
            reps=int(self.reps.value),
        )


def assume(goal: Goal, measured: Measurements) -> Assumptions:
    """Return what is typed, else measured, else usual."""
    first = goal.stages[0]
    months = MONTHS_IN[goal.period]
    entries = {
        stage: Figure(count * months, Origin.MEASURED) for stage, count in measured.entries.items()
    }
    if goal.entries is not None:
        entries[first] = Figure(goal.entries, Origin.TYPED)
    reps = Figure(Fraction(measured.reps), Origin.MEASURED)
    return Assumptions(
        shares={
            pair[0]: _figure(goal.shares.get(pair[0]), measured.shares.get(pair), usual_share(pair))
            for pair in goal.pairs
        },
        lags={
            pair[0]: _figure(goal.lags.get(pair[0]), measured.lags.get(pair), Fraction(0))
            for pair in goal.pairs
        },
        deal=_deal(goal, measured),
        entries=entries,
        attempts=_figure(goal.attempts, measured.attempts, USUAL_ATTEMPTS),
        minutes=_figure(goal.minutes, None, USUAL_MINUTES),
        hours=_figure(goal.hours, None, USUAL_HOURS),
        reps=reps if goal.reps is None else Figure(Fraction(goal.reps), Origin.TYPED),
    )


def usual_share(pair: Pair) -> Fraction:
    """Return the usual share between two stages: that of all links in between."""
    first, last = (STAGES.index(stage) for stage in pair)
    return math.prod((USUAL_SHARES[one] for one in STAGES[first:last]), start=Fraction(1))


def _figure(typed: Fraction | None, measured: Measured | None, usual: Fraction) -> Figure:
    known = measured or Measured()
    if typed is not None:
        return Figure(typed, Origin.TYPED, known.n)
    if known.tells and known.value is not None:
        return Figure(known.value, Origin.MEASURED, known.n)
    return Figure(usual, Origin.USUAL, known.n)


def _deal(goal: Goal, measured: Measurements) -> Figure | None:
    """There is no usual deal. Even one won deal tells more than none, so few are taken too."""
    if goal.average_deal is not None:
        return Figure(goal.average_deal, Origin.TYPED, measured.deal.n)
    if measured.deal.value:
        return Figure(measured.deal.value, Origin.MEASURED, measured.deal.n)
    return None
