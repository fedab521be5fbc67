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
    """Whose decision a move is; managers may take anyone's with a note.

    `BOTH` is a skip over the handoff: Marketing's qualification and Sales' acceptance in one.
    """

    MARKETING = "marketing"
    SALES = "sales"
    EITHER = "either"
    BOTH = "both"


@dataclass(frozen=True)
class Position:
    """Where a lead stands; `is_returned` while Marketing fixes an MQL that Sales sent back."""

    stage: LifecycleStage
    disposition: Disposition = Disposition.OPEN
    is_returned: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether the row is still in the funnel."""
        return self.disposition is Disposition.OPEN


def position(stage: LifecycleStage, disposition: Disposition = Disposition.OPEN) -> Position:
    """Return the position meant by `stage`: a customer who is not closed otherwise is won."""
    if stage is LifecycleStage.CUSTOMER and disposition is Disposition.OPEN:
        return Position(stage, Disposition.WON)
    return Position(stage, disposition)


def _forward_side(stage: LifecycleStage, to_stage: LifecycleStage) -> Side:
    """Marketing qualifies up to MQL; what lies beyond is Sales' to decide."""
    if to_stage is LifecycleStage.MQL:
        return Side.MARKETING
    return Side.BOTH if stage is LifecycleStage.LEAD else Side.SALES


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
            moves[here, position(later)] = _forward_side(stage, later)
        for disposition in (Disposition.RECYCLED, Disposition.DISQUALIFIED, Disposition.LOST):
            if disposition is not Disposition.LOST and stage is LifecycleStage.OPPORTUNITY:
                continue  # a deal is won or lost; "try again on" is set when it is lost
            moves[here, Position(stage, disposition)] = _closing_side(stage, disposition)
        moves[here, Position(stage, Disposition.MERGED)] = Side.EITHER
    return moves | _moves_of_returned()


def _moves_of_returned() -> dict[tuple[Position, Position], Side]:
    """A returned MQL is Marketing's until it is handed back: it goes no further, Marketing may
    close it, and either side may say that it repeats another lead."""
    here = Position(LifecycleStage.MQL, is_returned=True)
    closings = (Disposition.RECYCLED, Disposition.DISQUALIFIED, Disposition.LOST)
    sides = {**dict.fromkeys(closings, Side.MARKETING), Disposition.MERGED: Side.EITHER}
    return {(here, Position(here.stage, end)): side for end, side in sides.items()}


MOVES: dict[tuple[Position, Position], Side] = _table()

# Where a row may begin, and who may begin it there; history may begin it anywhere.
OPENINGS: dict[LifecycleStage, Side] = {
    LifecycleStage.LEAD: Side.EITHER,
    LifecycleStage.MQL: Side.MARKETING,
    LifecycleStage.SAL: Side.SALES,
    LifecycleStage.SQL: Side.SALES,
}


def is_allowed(here: Position, there: Position) -> bool:
    """Tell whether the table knows the move."""
    return (here, there) in MOVES


def passed_stages(
    from_stage: LifecycleStage | None, to_stage: LifecycleStage
) -> list[LifecycleStage]:
    """Return the stages strictly between; a skip writes them as inferred, with zero duration."""
    first = -1 if from_stage is None else RANK[from_stage]
    return list(STAGES[first + 1 : RANK[to_stage]])


def next_stage(stage: LifecycleStage) -> LifecycleStage | None:
    """Return the stage after `stage`, None after the last."""
    rank = RANK[stage] + 1
    return STAGES[rank] if rank < len(STAGES) else None


def stage_at_field(stage: LifecycleStage) -> str:
    """Return the name of the column that keeps when a lead entered `stage`."""
    return f"{stage.value.lower()}_at"
