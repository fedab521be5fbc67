"""How clocks are written: what ended and what began, each by one statement, whatever the number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from sla.enums import Outcome, Told
from sla.models import Clock

# A clock that ends late was breached at its due instant, noted or not; one that turns out to have
# been met in time though it was told late keeps its breach, withdrawn.
END_SQL = """
    WITH told AS (
        SELECT * FROM unnest(
            %(ids)s::bigint[], %(stopped)s::timestamptz[], %(by)s::text[], %(by_ids)s::bigint[],
            %(outcomes)s::text[], %(lateness)s::interval[], %(reported)s::timestamptz[]
        ) AS t(id, stopped_at, stopped_by, stopped_by_id, outcome, lateness, reported_at)
    ), ended AS (
        UPDATE sla_clock AS clock SET
            stopped_at = told.stopped_at, stopped_by = told.stopped_by,
            stopped_by_id = told.stopped_by_id, outcome = told.outcome,
            lateness = told.lateness, reported_at = told.reported_at,
            breached_at = CASE WHEN told.stopped_at > clock.due_at
                THEN COALESCE(clock.breached_at, clock.due_at) ELSE clock.breached_at END
        FROM told WHERE clock.id = told.id
        RETURNING clock.id, clock.due_at, clock.stopped_at
    ), late AS (
        INSERT INTO sla_breach (clock_id, at, noted_at)
        SELECT id, due_at, %(at)s FROM ended WHERE stopped_at > due_at
        ON CONFLICT (clock_id) DO NOTHING
    )
    UPDATE sla_breach AS breach SET withdrawn_at = %(at)s
    FROM told JOIN sla_clock clock ON clock.id = told.id
    WHERE breach.clock_id = told.id AND told.stopped_at <= clock.due_at
        AND breach.withdrawn_at IS NULL
"""


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How one clock ends. `reported_at` only where it was told later than it happened."""

    clock_id: int
    stopped_at: datetime
    outcome: Outcome
    lateness: timedelta
    told: Told
    told_id: int
    reported_at: datetime | None = None


def end_clocks(endings: Sequence[Ending], *, at: datetime) -> None:
    """Write `endings`, and the breaches that they mean; one statement."""
    if not endings:
        return
    values: dict[str, Any] = {
        "ids": [one.clock_id for one in endings],
        "stopped": [one.stopped_at for one in endings],
        "by": [str(one.told) for one in endings],
        "by_ids": [one.told_id for one in endings],
        "outcomes": [str(one.outcome) for one in endings],
        "lateness": [one.lateness for one in endings],
        "reported": [one.reported_at for one in endings],
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(END_SQL, values)


def start_clocks(clocks: Sequence[Clock]) -> None:
    """Insert `clocks`; one that the same row of the record has started already stays as it is."""
    if clocks:
        Clock.objects.bulk_create(clocks, ignore_conflicts=True, batch_size=2_000)


HOLDER_SQL = """
    UPDATE sla_clock AS clock SET owner_id = told.owner_id, queue_id = told.queue_id
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS told(id, owner_id, queue_id)
    WHERE clock.id = told.id
"""


def hand_over(holders: Sequence[tuple[int, int | None, int | None]]) -> None:
    """Write who is to act now, as (clock, owner, queue); one statement."""
    if not holders:
        return
    with connection.cursor() as cursor:
        cursor.execute(HOLDER_SQL, [list(column) for column in zip(*holders, strict=True)])


def reopen_clocks(clock_ids: Sequence[int]) -> None:
    """Let clocks run again whose stop is to be judged anew; one statement, none for none."""
    if not clock_ids:
        return
    Clock.objects.filter(pk__in=clock_ids).update(
        outcome=None,
        stopped_at=None,
        stopped_by="",
        stopped_by_id=None,
        reported_at=None,
        lateness=None,
    )
