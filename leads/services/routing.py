"""Routing as it is done: decide for many leads under the lock of their pools, keep the turns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from leads.enums import AssignmentCause
from leads.models import Assignment, PoolMember, RoutingPool
from leads.round_robin import give_back
from leads.routing import Answer, Desk, Pool, Question
from leads.selectors.desk import read_desk

BY_TURNS = AssignmentCause.RULE.value


def route(questions: Sequence[Question], *, at: datetime) -> list[Answer]:
    """Return who gets the lead of each question, in order, and book the turns taken.

    Runs inside the caller's transaction, whose end lets the pools go: until then nobody else picks
    from them, so that many workers share out leads as one would.
    """
    desk = read_desk(questions, at=at, lock=True)
    answers = [desk.answer(question) for question in questions]
    keep_turns(desk.pools.values())
    return answers


def share_out(questions: Sequence[Question], pool_id: int, *, at: datetime) -> list[Answer]:
    """Return who of the pool gets the lead of each question; turns are booked as `route` does."""
    desk: Desk = read_desk(questions, at=at, pool_ids=[pool_id], lock=True)
    pool = desk.pools[pool_id]
    answers = [desk.share_out(question, pool) for question in questions]
    keep_turns([pool])
    return answers


def give_turns_back(rows: Sequence[Assignment], *, at: datetime) -> None:
    """Give back the turns that undone assignments took, to the people who shared them then.

    Rows without a pool, or whose owner has left the pool since, took none that could be given back.
    """
    taken = [row for row in rows if row.pool_id and row.owner_id]
    if not taken:
        return
    desk = read_desk([], at=at, pool_ids={row.pool_id for row in taken if row.pool_id}, lock=True)
    for row in taken:
        pool = desk.pools.get(row.pool_id or 0)
        passed = {one["user"] for one in row.why.get("skipped", []) if one["way"] == BY_TURNS}
        seats = [seat for seat in pool.seats if seat.person.id not in passed] if pool else []
        taker = next((seat.share for seat in seats if seat.person.id == row.owner_id), None)
        if pool is not None and taker is not None:
            give_back([seat.share for seat in seats], taker)
            pool.turns -= 1
    keep_turns(desk.pools.values())


def keep_turns(pools: Iterable[Pool]) -> None:
    """Write the credits and cursors of pools that picked; two statements, none without a turn."""
    moved = [pool for pool in pools if pool.turns]
    if not moved:
        return
    seats = [(pool.id, seat.share) for pool in moved for seat in pool.seats]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {PoolMember._meta.db_table} AS old SET credit = new.credit "  # noqa: S608
            "FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS new(pool_id, user_id, credit) "
            "WHERE old.pool_id = new.pool_id AND old.user_id = new.user_id",
            [
                [pool_id for pool_id, _share in seats],
                [share.key for _pool_id, share in seats],
                [share.credit for _pool_id, share in seats],
            ],
        )
        cursor.execute(
            f"UPDATE {RoutingPool._meta.db_table} AS old "  # noqa: S608  # names of our own
            "SET cursor = old.cursor + new.turns "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS new(id, turns) WHERE old.id = new.id",
            [[pool.id for pool in moved], [pool.turns for pool in moved]],
        )
