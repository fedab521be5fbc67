"""The escalation pass: levels of the ladder are reached though nobody looks.

Like the breach pass it walks a partial index in bounded batches that skip what others hold. Levels
that were passed together collapse to the highest; what is to be told is written as rows, unique by
clock, level and recipient, which `sla.services.telling` turns into notices. A row without a
recipient asks for the lead to be given to somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError, connection, transaction

from accounts.business_time import BusinessTimeError
from sla.deadlines import Deadlines, deadlines
from sla.ladder import Level, Node, Reached, passed, people_told
from sla.models import Clock
from sla.selectors.calendars import calendar_at
from sla.selectors.ladders import (
    TO_ESCALATE,
    WaitingClock,
    clocks_to_escalate,
    ladders_of,
    team_tree,
)
from sla.services.breaching import TROUBLE_LENGTH

BATCH = 2_000

log = structlog.get_logger(__name__)

# A ladder that cannot be read ends, and says why; the clock itself runs on and is judged.
ESCALATE_SQL = """
    WITH reached AS (
        INSERT INTO sla_escalationnotice (clock_id, level_id, recipient_id, reached_at)
        SELECT * FROM unnest(
            %(clocks)s::bigint[], %(levels)s::bigint[], %(people)s::bigint[],
            %(reached)s::timestamptz[]
        )
        ON CONFLICT DO NOTHING
    )
    UPDATE sla_clock AS clock SET
        escalate_at = next.at,
        trouble = CASE WHEN next.trouble = '' THEN clock.trouble ELSE next.trouble END
    FROM unnest(%(ids)s::bigint[], %(next)s::timestamptz[], %(trouble)s::text[])
        AS next(id, at, trouble)
    WHERE clock.id = next.id
"""
WAITING_SQL = f"""
    SELECT id FROM sla_clock clock WHERE {TO_ESCALATE} ORDER BY escalate_at, id LIMIT %(most)s
"""  # noqa: S608  # fixed text
LEFT_SQL = f"SELECT EXISTS (SELECT 1 FROM sla_clock clock WHERE {TO_ESCALATE})"  # noqa: S608


@dataclass(frozen=True)
class Climbed:
    """One clock after the pass: what was reached, by whom it is to be known, what comes next."""

    clock_id: int
    told: tuple[tuple[Reached, int | None], ...] = ()
    next_at: datetime | None = None
    trouble: str = ""


def escalate(*, at: datetime, most: int = BATCH) -> int:
    """Note what levels at most `most` clocks have reached at `at`; return how many clocks.

    Four statements, two more for each calendar that this process meets for the first time. A clock
    that cannot be escalated loses its ladder, alone, and keeps what went wrong.
    """
    try:
        return _escalate(at, most)
    except OperationalError:  # the database is away or stopped us: the next tick tries again
        raise
    except DatabaseError as error:
        log.warning("escalation_batch_failed", error=str(error))
        return _escalate_one_by_one(at, most)


def levels_left(*, at: datetime) -> bool:
    """Tell whether clocks wait at a level: somebody else holds them."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_SQL, {"at": at})
        return bool(cursor.fetchone()[0])


def _escalate(at: datetime, most: int, only: int | None = None) -> int:
    with transaction.atomic():
        clocks = clocks_to_escalate(at, most, only)
        if not clocks:
            return 0
        ladders = ladders_of({clock.commitment_id for clock in clocks})
        teams = team_tree()
        _write([_climb(clock, ladders.get(clock.commitment_id, []), teams, at) for clock in clocks])
    return len(clocks)


def _climb(
    clock: WaitingClock, levels: Sequence[Level], teams: Mapping[int, Node], at: datetime
) -> Climbed:
    try:
        dates = _dates(clock, levels)
    except BusinessTimeError as error:
        log.error("ladder_unreadable", clock=clock.pk, error=str(error))
        return Climbed(clock.pk, trouble=str(error)[:TROUBLE_LENGTH] or "business time")
    reached = passed(levels, dates, told=clock.told, at=at)
    if not reached:
        return Climbed(clock.pk, next_at=dates.next_level_after(clock.told))
    highest = reached[-1]
    told: list[tuple[Reached, int | None]] = [
        (highest, person) for person in people_told(highest.level, clock.holder, teams)
    ]
    # Telling collapses to the highest level; giving the lead away is done if any of them asks.
    told += [(one, None) for one in reached if one.level.reroute][-1:]
    return Climbed(clock.pk, tuple(told), dates.next_level_after(highest.level.share))


def _dates(clock: WaitingClock, levels: Sequence[Level]) -> Deadlines:
    return deadlines(
        calendar_at(clock.calendar_id, clock.calendar_stamp),
        clock.started_at,
        clock.target,
        warning_share=clock.warning_share,
        shares=[level.share for level in levels],
        held=clock.held,
    )


def _write(climbed: Sequence[Climbed]) -> None:
    told = [(one.clock_id, reached, person) for one in climbed for reached, person in one.told]
    values: dict[str, Any] = {
        "clocks": [clock_id for clock_id, _reached, _person in told],
        "levels": [reached.level.id for _clock_id, reached, _person in told],
        "people": [person for _clock_id, _reached, person in told],
        "reached": [reached.at for _clock_id, reached, _person in told],
        "ids": [one.clock_id for one in climbed],
        "next": [one.next_at for one in climbed],
        "trouble": [one.trouble for one in climbed],
    }
    with connection.cursor() as cursor:
        cursor.execute(ESCALATE_SQL, values)


def _escalate_one_by_one(at: datetime, most: int) -> int:
    """Find the row that spoils the batch; it happens as often as rows are broken, so never."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING_SQL, {"at": at, "most": most})
        waiting = [pk for (pk,) in cursor.fetchall()]
    done = 0
    for pk in waiting:
        try:
            done += _escalate(at, 1, only=pk)
        except OperationalError:
            raise
        except DatabaseError as error:
            _end_ladder(pk, error)
            done += 1  # dealt with: the pass must not stop at it
    return done


def _end_ladder(pk: int, error: DatabaseError) -> None:
    log.error("ladder_ended", clock=pk, error=str(error))
    Clock.objects.filter(pk=pk).update(escalate_at=None, trouble=str(error)[:TROUBLE_LENGTH])
