"""The lifecycle as one table of moves. Pure: no ORM, no now.

A position is a stage and a disposition. The table says which positions may follow which, and which
side may make the move; everything that changes a stage asks here, through `leads.services.moves`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from leads.enums import Disposition, LifecycleStage

STAGES: tuple[LifecycleStage, ...] = tuple(LifecycleStage)
RANK: dict[LifecycleStage, int] = {stage: rank for rank, stage in enumerate(STAGES)}


class Side(Enum):
    """Who may make a move; managers may make either side's with a note."""

    MARKETING = "marketing"
    SALES = "sales"
    EITHER = "either"


@dataclass(frozen=True)
class Position:
    """Where a lead stands."""

    stage: LifecycleStage
    disposition: Disposition = Disposition.OPEN


def _forward_side(to_stage: LifecycleStage) -> Side:
    """Marketing qualifies up to MQL; what lies beyond is Sales' to decide."""
    return Side.MARKETING if to_stage is LifecycleStage.MQL else Side.SALES


def _closing_side(stage: LifecycleStage, disposition: Disposition) -> Side:
    """Marketing closes what it answers for; from MQL on Sales does; a loss may be known to both."""
    if stage is LifecycleStage.LEAD:
        return Side.EITHER if disposition is Disposition.LOST else Side.MARKETING
    return Side.SALES


def _table() -> dict[tuple[Position, Position], Side]:
    moves: dict[tuple[Position, Position], Side] = {}
    for stage in STAGES[:-1]:
        here = Position(stage)
        for later in STAGES[RANK[stage] + 1 :]:
            won = later is LifecycleStage.CUSTOMER
            there = Position(later, Disposition.WON if won else Disposition.OPEN)
            moves[here, there] = _forward_side(later)
        for disposition in (Disposition.RECYCLED, Disposition.DISQUALIFIED, Disposition.LOST):
            if disposition is not Disposition.LOST and stage is LifecycleStage.OPPORTUNITY:
                continue  # a deal is won or lost; "try again on" is set when it is lost
            moves[here, Position(stage, disposition)] = _closing_side(stage, disposition)
        moves[here, Position(stage, Disposition.MERGED)] = Side.EITHER
    return moves


MOVES: dict[tuple[Position, Position], Side] = _table()


def is_allowed(here: Position, there: Position) -> bool:
    """Tell whether the table knows the move."""
    return (here, there) in MOVES


def passed_stages(
    from_stage: LifecycleStage | None, to_stage: LifecycleStage
) -> list[LifecycleStage]:
    """Return the stages strictly between; a skip writes them as inferred, with zero duration."""
    first = -1 if from_stage is None else RANK[from_stage]
    return list(STAGES[first + 1 : RANK[to_stage]])


def stage_at_field(stage: LifecycleStage) -> str:
    """Return the name of the column that keeps when a lead entered `stage`."""
    return f"{stage.value.lower()}_at"
