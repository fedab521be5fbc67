"""Whom a level tells, and which levels were passed: pure."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from sla.deadlines import Deadlines
from sla.enums import Side
from sla.ladder import Holder, Level, Node, manager_of, passed, people_told
from tests.conftest import AT

TICK = timedelta(microseconds=1)
BRUNO, DARIO, CARLA, GRETA = 1, 2, 3, 4
SALES, MARKETING, NORTH = 10, 11, 12
TEAMS = {
    SALES: Node(id=SALES, kind="SALES", head_id=DARIO),
    MARKETING: Node(id=MARKETING, kind="MARKETING", head_id=CARLA),
    NORTH: Node(id=NORTH, kind="SALES", parent_id=SALES, head_id=GRETA),
}
OWNER = Level(id=1, share=Decimal("0.75"))
MANAGER = Level(id=2, share=Decimal(1), tell_manager=True)
HEAD = Level(id=3, share=Decimal("1.5"), tell_owner=False, tell_head=True)
DATES = Deadlines(
    due_at=AT + timedelta(hours=4),
    risk_at=AT,
    levels=tuple((Decimal(s), AT + timedelta(hours=4 * float(s))) for s in ("0.75", "1", "1.5")),
)


def of_sales(owner: int | None = None, *teams: int, queue_team: int | None = None) -> Holder:
    return Holder(side=Side.SALES, owner_id=owner, owner_teams=teams, queue_team=queue_team)


@pytest.mark.parametrize(
    ("level", "holder", "people"),
    [
        (OWNER, of_sales(BRUNO, NORTH), (BRUNO,)),
        (MANAGER, of_sales(BRUNO, NORTH), (BRUNO, GRETA)),
        (HEAD, of_sales(BRUNO, NORTH), (DARIO,)),
        # Who heads his team is managed by whoever heads the one above.
        (MANAGER, of_sales(GRETA, NORTH), (GRETA, DARIO)),
        (MANAGER, of_sales(DARIO, SALES), (DARIO,)),
        # What nobody owns: the head of its queue's team, else of the side.
        (OWNER, of_sales(queue_team=NORTH), (GRETA,)),
        (OWNER, of_sales(), (DARIO,)),
        (MANAGER, of_sales(), (DARIO,)),
        (OWNER, Holder(side=Side.MARKETING), (CARLA,)),
        (HEAD, Holder(side=Side.BOTH), (DARIO, CARLA)),
        # The side that promises counts, whatever else its owner belongs to.
        (MANAGER, of_sales(BRUNO, MARKETING, NORTH), (BRUNO, GRETA)),
    ],
)
def test_whom_a_level_tells(level: Level, holder: Holder, people: tuple[int, ...]) -> None:
    assert people_told(level, holder, TEAMS) == people


def test_a_team_without_an_active_head_is_managed_from_above() -> None:
    teams = {**TEAMS, NORTH: Node(id=NORTH, kind="SALES", parent_id=SALES)}
    assert manager_of(of_sales(BRUNO, NORTH), teams) == DARIO
    assert people_told(MANAGER, of_sales(BRUNO), {}) == (BRUNO,)


@pytest.mark.parametrize(
    ("told", "after", "reached"),
    [
        (None, timedelta(hours=3), []),
        (None, timedelta(hours=3) + TICK, [OWNER]),
        (None, timedelta(hours=4), [OWNER]),
        (None, timedelta(hours=4) + TICK, [OWNER, MANAGER]),
        (Decimal("0.75"), timedelta(hours=4) + TICK, [MANAGER]),
        (None, timedelta(days=1), [OWNER, MANAGER, HEAD]),
        (Decimal("1.5"), timedelta(days=1), []),
    ],
)
def test_levels_are_passed_strictly_after_their_instant(
    told: Decimal | None, after: timedelta, reached: list[Level]
) -> None:
    found = passed([HEAD, OWNER, MANAGER], DATES, told=told, at=AT + after)
    assert [one.level for one in found] == reached
