"""How the promises stand today: for heads those of both teams, for everybody else his own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.rules import standing
from sla.action_rights import sides_of
from sla.enums import Pace, Side
from sla.pace_shown import Shown, show
from sla.selectors.house import house
from sla.selectors.standings import standings

TROUBLED = (Pace.BEHIND, Pace.MISSED, Pace.AT_RISK)
SILENT = (Pace.TOO_EARLY, Pace.TOO_FEW)


@dataclass(frozen=True)
class OneSide:
    """The promises of one team: those in trouble, worst first, and how many are not."""

    side: str
    name: str
    rows: Sequence[Shown]

    @property
    def troubled(self) -> list[Shown]:
        """Those that are behind or at risk."""
        found = [one for one in self.rows if _status(one) in TROUBLED]
        return sorted(found, key=lambda one: TROUBLED.index(_status(one)))

    @property
    def fine(self) -> int:
        """How many are on track or ahead."""
        return len(self.rows) - len(self.troubled) - self.silent

    @property
    def silent(self) -> int:
        """How many cannot be told yet."""
        return sum(_status(one) in SILENT for one in self.rows)


def promises_of_both(user: Any, at: datetime) -> Mapping[str, Any]:
    """Return the shared goal and what is in trouble at either side; at most 13 statements."""
    shown = _shown(at)
    return {
        "goals": [one for one in shown if one.row.side == Side.BOTH],
        "sides": _sides(shown, [Side.MARKETING, Side.SALES]),
    }


def promises_of_own(user: Any, at: datetime) -> Mapping[str, Any]:
    """Return the shared goal and every promise of the person's side; at most 16 statements."""
    own = sides_of(standing(user))
    shown = _shown(at)
    return {
        "goals": [one for one in shown if one.row.side == Side.BOTH],
        "sides": _sides(shown, [side for side in (Side.MARKETING, Side.SALES) if side in own]),
    }


def _shown(at: datetime) -> list[Shown]:
    home = house()
    return [show(one, home.currency, {}) for one in standings(at=at, home=home)]


def _sides(shown: Sequence[Shown], sides: Sequence[Side]) -> list[OneSide]:
    found = [
        OneSide(side.lower(), str(side.label), [one for one in shown if one.row.side == side])
        for side in sides
    ]
    return [one for one in found if one.rows]


def _status(one: Shown) -> Pace:
    verdict = one.standing.now.verdict
    return verdict.status if verdict else Pace.TOO_EARLY
