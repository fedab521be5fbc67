"""Turns by weight: whose turn it is next, so that everybody's share is kept at every moment. Pure.

Each share carries a credit: what it is owed, in units of one turn divided by the sum of weights. A
turn adds its weight to every credit and takes the whole sum from the one who gets it. Of those who
are owed a good part of a turn the one whose own would first be overdue comes next. From level
credits on, nobody is ever a whole turn ahead of his share or behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass
class Share:
    """One who takes turns: `key` is his and breaks ties, `weight` at least 1."""

    key: int
    weight: int
    credit: int = 0


def next_turn(shares: Sequence[Share]) -> Share:
    """Return whose turn it is and book it on the credits of `shares`, which must not be empty.

    Only those who may take a turn now are handed in; who is left out neither gains nor owes.
    """
    total = sum(share.weight for share in shares)
    for share in shares:
        share.credit += share.weight
    taker = min(_waiting(shares, total), key=lambda share: _urgency(share, len(shares), total))
    taker.credit -= total
    return taker


def give_back(shares: Sequence[Share], taker: Share) -> None:
    """Undo a turn that `taker` got among `shares`, himself included: nobody gains or owes by it."""
    for share in shares:
        share.credit -= share.weight
    taker.credit += sum(share.weight for share in shares)


def _slack(n: int) -> int:
    return max(1, 2 * n - 2)


def _waiting(shares: Sequence[Share], total: int) -> Sequence[Share]:
    """Those who would not get too far ahead by a turn now; there is one unless credits are odd."""
    slack = _slack(len(shares))
    return [share for share in shares if share.credit * slack >= total] or shares


def _urgency(share: Share, n: int, total: int) -> tuple[float, int]:
    """How many turns from now the share would be overdue; small numbers, so floats order exactly.

    Credits are whole numbers below ten thousand, where two different quotients never round alike.
    """
    slack = _slack(n)
    return (total * (slack - 1) - slack * share.credit) / share.weight, share.key
