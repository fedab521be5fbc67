"""The ladder of a commitment: which levels a clock has passed, and whom each tells. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sla.deadlines import Deadlines
from sla.enums import Side


@dataclass(frozen=True, kw_only=True)
class Level:
    """One step of the ladder, at `share` of the target in business time."""

    id: int
    share: Decimal
    tell_owner: bool = True
    tell_manager: bool = False
    tell_head: bool = False
    reroute: bool = False


@dataclass(frozen=True, kw_only=True)
class Node:
    """A team in the tree of teams; `head_id` is empty while nobody active heads it."""

    id: int
    kind: str
    parent_id: int | None = None
    head_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who is to act on a clock: a person in his teams, or else a queue of a team.

    `promised_by` is the team that the commitment names, `side` who promises.
    """

    side: Side
    owner_id: int | None = None
    owner_teams: Sequence[int] = ()
    queue_team: int | None = None
    promised_by: int | None = None


@dataclass(frozen=True)
class Reached:
    """A level that tells, or asks for a re-route, and the instant at which it was reached."""

    level: Level
    at: datetime


def passed(
    levels: Sequence[Level], dates: Deadlines, *, told: Decimal | None, at: datetime
) -> list[Reached]:
    """Return the levels above `told` whose instant lies before `at`, lowest first.

    Like a breach, a level is reached strictly after its instant.
    """
    instants = dict(dates.levels)
    return [
        Reached(level, instants[level.share])
        for level in sorted(levels, key=lambda level: level.share)
        if (told is None or level.share > told) and instants[level.share] < at
    ]


def people_told(level: Level, holder: Holder, teams: Mapping[int, Node]) -> tuple[int, ...]:
    """Return whom a level tells, each once.

    The manager is the head of the owner's team, or of the nearest team above when he heads that
    himself. What nobody owns is told to the head of its queue's team, else of the side.
    """
    heads = heads_of_side(holder, teams)
    manager = manager_of(holder, teams)
    managers = [manager] if manager is not None else heads
    found: list[int] = []
    if level.tell_owner:
        found += [holder.owner_id] if holder.owner_id is not None else managers
    if level.tell_manager:
        found += managers
    if level.tell_head:
        found += heads
    return tuple(dict.fromkeys(found))


def manager_of(holder: Holder, teams: Mapping[int, Node]) -> int | None:
    """Return who is asked when the owner does not act; None when only the side's head is left."""
    own = [team for team in holder.owner_teams if team in teams]
    of_side = [team for team in own if teams[team].kind == holder.side]
    for start in (*of_side, *own, holder.queue_team, holder.promised_by):
        for node in upwards(start, teams):
            if node.head_id is not None and node.head_id != holder.owner_id:
                return node.head_id
    return None


def heads_of_side(holder: Holder, teams: Mapping[int, Node]) -> list[int]:
    """Return the head of the side that promises; of both, when both do."""
    wanted = {Side.MARKETING, Side.SALES} if holder.side is Side.BOTH else {holder.side}
    roots = (node for node in teams.values() if node.parent_id is None and node.kind in wanted)
    return [root.head_id for root in sorted(roots, key=lambda node: node.id) if root.head_id]


def upwards(start: int | None, teams: Mapping[int, Node]) -> Iterable[Node]:
    """Yield a team and those above it."""
    while start is not None and start in teams:
        yield teams[start]
        start = teams[start].parent_id
