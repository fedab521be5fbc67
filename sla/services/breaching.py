"""The breach pass: nobody has to touch a lead for a missed deadline to be known.

It walks a partial index over what is open and due, in bounded batches that skip what others hold,
so its cost follows the clocks that fall due, not those that run. A breach is dated at the due
instant, whenever it is found out; run twice, in parallel or after a crash, it is noted once.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import DatabaseError, OperationalError, connection, transaction

from sla.models import Clock

BATCH = 2_000
TROUBLE_LENGTH = 300

log = structlog.get_logger(__name__)

DUE_SQL = """
    SELECT id FROM sla_clock
    WHERE outcome IS NULL AND breached_at IS NULL AND parked_at IS NULL AND due_at < %(at)s
    ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
"""
BREACH_SQL = """
    WITH due AS ({due}), marked AS (
        UPDATE sla_clock AS clock SET breached_at = clock.due_at
        FROM due WHERE clock.id = due.id
        RETURNING clock.id, clock.due_at
    ), noted AS (
        INSERT INTO sla_breach (clock_id, at, noted_at)
        SELECT id, due_at, %(at)s FROM marked
        ON CONFLICT (clock_id) DO NOTHING
    )
    SELECT count(*) FROM marked
"""
LEFT_SQL = """
    SELECT EXISTS (
        SELECT 1 FROM sla_clock
        WHERE outcome IS NULL AND breached_at IS NULL AND parked_at IS NULL AND due_at < %(at)s
    )
"""
ONE_SQL = """
    SELECT id FROM sla_clock
    WHERE id = %(id)s AND outcome IS NULL AND breached_at IS NULL FOR UPDATE SKIP LOCKED
"""


def note_breaches(*, at: datetime, most: int = BATCH) -> int:
    """Note the breach of at most `most` clocks that are past due at `at`; return how many.

    One statement. A row that cannot be written is parked with what went wrong, alone: the others
    go on.
    """
    try:
        return _note(BREACH_SQL.format(due=DUE_SQL), {"at": at, "most": most})
    except OperationalError:  # the database is away or stopped us: the next tick tries again
        raise
    except DatabaseError as error:
        log.warning("breach_batch_failed", error=str(error))
        return _note_one_by_one(at, most)


def breaches_left(*, at: datetime) -> bool:
    """Tell whether clocks are past due whose breach is not noted: somebody else holds them."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_SQL, {"at": at})
        return bool(cursor.fetchone()[0])


def _note(sql: str, values: dict[str, object]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)  # type: ignore[arg-type]  # instants and numbers
        return int(cursor.fetchone()[0])


def _note_one_by_one(at: datetime, most: int) -> int:
    """Find the row that spoils the batch; it happens as often as rows are broken, so never."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DUE_SQL, {"at": at, "most": most})
        due = [pk for (pk,) in cursor.fetchall()]
    noted = 0
    for pk in due:
        try:
            noted += _note(BREACH_SQL.format(due=ONE_SQL), {"at": at, "id": pk})
        except OperationalError:
            raise
        except DatabaseError as error:
            _park(pk, error, at)
            noted += 1  # dealt with: the pass must not stop at it
    return noted


def _park(pk: int, error: DatabaseError, at: datetime) -> None:
    log.error("clock_parked", clock=pk, error=str(error))
    Clock.objects.filter(pk=pk).update(parked_at=at, trouble=str(error)[:TROUBLE_LENGTH])
