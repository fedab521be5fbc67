"""Who answers for a missed commitment. Pure over a person's standing."""

from __future__ import annotations

from accounts.enums import Role
from accounts.rules import Standing
from sla.enums import Side
from sla.rules import SIDE_OF


def sides_of(standing: Standing) -> frozenset[str]:
    """Return the sides for which the person works."""
    return frozenset(SIDE_OF[kind] for kind in standing.kinds if kind in SIDE_OF)


def may_answer(standing: Standing, side: str) -> bool:
    """Tell whether the person decides what is done about a miss of `side`: a manager of it.

    What both promised, a manager of either answers.
    """
    if Role.MANAGER not in standing.roles:
        return False
    return bool(sides_of(standing)) if side == Side.BOTH else side in sides_of(standing)


def decides_actions(standing: Standing) -> bool:
    """Tell whether the person decides on corrective actions of any side."""
    return any(may_answer(standing, side) for side in Side)
