"""How a figure stands against its promise: pace, forecast and verdict. Pure, exact, no now.

Counts are measured against the working days that have passed; rates are not, they are what they
are on any day. Nothing is capped: twice the promise is 200 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sla.enums import Pace

Number = int | Decimal | Fraction

# Least share of the pace, from the best word down; what is under the last is BEHIND.
THRESHOLDS = (
    (Fraction(110, 100), Pace.AHEAD),
    (Fraction(90, 100), Pace.ON_TRACK),
    (Fraction(75, 100), Pace.AT_RISK),
)
FIRST_TELLING_DAY = 3
LEAST_EXPECTED = 5


@dataclass(frozen=True)
class WorkingDays:
    """Working days of a period: those that have begun, today included, and all."""

    elapsed: int
    whole: int

    @property
    def share(self) -> Fraction:
        """The share of the period that has passed, 0 to 1; a period without working days is
        over."""
        return Fraction(self.elapsed, self.whole) if self.whole else Fraction(1)


@dataclass(frozen=True)
class Verdict:
    """How a figure stands. `expected` and `forecast` are in its unit; None where none is told.

    `reached` is the share of the whole promise that was reached, None without a promise to divide
    by or without a figure.
    """

    status: Pace
    expected: Fraction | None = None
    forecast: Fraction | None = None
    reached: Fraction | None = None


def judge_count(actual: Number, target: Number, days: WorkingDays) -> Verdict:
    """Judge a count in a period that still runs.

    The pace is target × working days begun ÷ all; the forecast actual ÷ that share. It is too early
    to tell before the third working day, and while fewer than five are expected.
    """
    expected = Fraction(target) * days.share
    forecast = Fraction(actual) / days.share if days.share else None
    reached = _share(actual, target)
    if days.elapsed < FIRST_TELLING_DAY or expected < LEAST_EXPECTED:
        return Verdict(Pace.TOO_EARLY, expected, forecast, reached)
    return Verdict(_status(Fraction(actual) / expected), expected, forecast, reached)


def judge_rate(actual: Number | None, target: Number, *, n: Number, least_n: int) -> Verdict:
    """Judge a rate in a period that still runs: actual ÷ promise, by the same thresholds.

    `n` is what it was divided by: under `least_n` it says nothing.
    """
    if actual is None or n < least_n:
        return Verdict(Pace.TOO_FEW, reached=_share(actual, target))
    reached = _share(actual, target)
    return Verdict(Pace.AHEAD if reached is None else _status(reached), reached=reached)


def close_count(actual: Number, target: Number) -> Verdict:
    """Judge a count whose period is over: met or missed."""
    return Verdict(_closed(actual, target), reached=_share(actual, target))


def close_rate(actual: Number | None, target: Number, *, n: Number, least_n: int) -> Verdict:
    """Judge a rate whose period is over: met, missed, or still too few to tell."""
    if actual is None or n < least_n:
        return Verdict(Pace.TOO_FEW, reached=_share(actual, target))
    return Verdict(_closed(actual, target), reached=_share(actual, target))


def rate(numerator: Number, denominator: Number) -> Fraction | None:
    """Return what was reached of what there was; None where there was nothing."""
    return Fraction(numerator) / Fraction(denominator) if denominator else None


def _status(of_pace: Fraction) -> Pace:
    return next((word for least, word in THRESHOLDS if of_pace >= least), Pace.BEHIND)


def _closed(actual: Number, target: Number) -> Pace:
    return Pace.MET if Fraction(actual) >= Fraction(target) else Pace.MISSED


def _share(actual: Number | None, target: Number) -> Fraction | None:
    return None if actual is None or not target else Fraction(actual) / Fraction(target)
