"""What sets winners apart: conversion of those with a trait against the rest. Pure.

The interval of a conversion is Wilson's score interval (Wilson 1927); that of the lift, which is
the ratio of two conversions, is the log-normal one of Katz, Baptista, Azen and Pike (1978). Both
95 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

Z = 1.959963984540054
FEWEST = 30


@dataclass(frozen=True)
class Lift:
    """How often those with a trait were won against the rest; shares and ratios.

    `lift` and its bounds are None where nothing can be said: too few, or nobody won on one side.
    """

    n: int
    won: int
    conversion: float | None
    lift: float | None
    low: float | None
    high: float | None
    is_too_few: bool

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out 1: better or worse than the rest, not by chance alone."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high


def lift_of(n: int, won: int, all_n: int, all_won: int, *, fewest: int = FEWEST) -> Lift:
    """Return the lift of `won` of `n` with the trait, among `all_won` of `all_n` altogether."""
    rest_n, rest_won = all_n - n, all_won - won
    conversion = won / n if n else None
    too_few = n < fewest or rest_n < fewest
    if too_few or not won or not rest_won:
        return Lift(n, won, conversion, None, None, None, too_few)
    ratio = (won / n) / (rest_won / rest_n)
    spread = Z * sqrt(1 / won - 1 / n + 1 / rest_won - 1 / rest_n)
    return Lift(
        n, won, conversion, ratio, exp(log(ratio) - spread), exp(log(ratio) + spread), False
    )


def wilson(n: int, won: int) -> tuple[float, float] | None:
    """Return the bounds of the conversion `won` of `n`; None without anyone."""
    if not n:
        return None
    share = won / n
    middle = share + Z * Z / (2 * n)
    spread = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    whole = 1 + Z * Z / n
    return (middle - spread) / whole, (middle + spread) / whole
