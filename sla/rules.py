"""Who may do what with the agreement: the one place that decides it. Pure over a standing."""

from __future__ import annotations

from accounts.enums import Role, TeamKind
from accounts.rules import Standing
from sla.enums import Side

WRITERS = frozenset({Role.MANAGER, Role.FACILITATOR})
SPEAKERS = frozenset({Role.MARKETER, Role.REP, Role.MANAGER})
SIDE_OF = {TeamKind.MARKETING: Side.MARKETING, TeamKind.SALES: Side.SALES}


def reads_agreement(standing: Standing) -> bool:
    """Tell whether the person reads versions and comments on drafts: whoever holds a role does."""
    return bool(standing.roles)


def writes_agreement(standing: Standing) -> bool:
    """Tell whether the person begins drafts, writes, proposes and withdraws them."""
    return bool(standing.roles & WRITERS)


def speaks_for(standing: Standing) -> frozenset[Side]:
    """Return the sides for which the person may say what a stage means to them."""
    if not standing.roles & SPEAKERS:
        return frozenset()
    return frozenset(SIDE_OF[kind] for kind in standing.kinds if kind in SIDE_OF)
