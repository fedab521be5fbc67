"""Due instants are counted anew when a calendar changes: of open clocks that are not yet past due.

What was judged stays judged. Each moved instant is logged with what it was, and a whole change can
be taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from heapq import nsmallest
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.business_time import BusinessTime, BusinessTimeError
from accounts.models import User
from accounts.selectors.calendars import business_time_of
from leads.services.arrays import as_array
from leads.services.deadlines import set_deadlines_told
from sla.deadlines import Deadlines, deadlines
from sla.enums import CommitmentKind, DueChangeCause
from sla.models import Clock, DueChange, EscalationLevel, Recalculation
from sla.promises import Target
from smarketing.errors import NotFound, Refused

BATCH = 5_000
NOT_THERE = _("There is no such change of a calendar.")
NOT_DONE = _("This change has not been counted yet, or was taken back already.")

MOVE_SQL = """
    WITH told AS (
        SELECT * FROM unnest(
            %(ids)s::bigint[], %(due)s::timestamptz[], %(risk)s::timestamptz[],
            %(escalate)s::timestamptz[]
        ) AS t(id, due_at, risk_at, escalate_at)
    ), before AS (
        SELECT clock.id, clock.due_at FROM sla_clock clock JOIN told ON told.id = clock.id
        WHERE clock.outcome IS NULL AND clock.due_at >= %(at)s
        ORDER BY clock.id FOR UPDATE OF clock
    ), moved AS (
        UPDATE sla_clock AS clock SET
            due_at = told.due_at, risk_at = told.risk_at, escalate_at = told.escalate_at
        FROM told JOIN before ON before.id = told.id
        WHERE clock.id = told.id AND clock.due_at <> told.due_at
        RETURNING clock.id, before.due_at AS was_due_at, clock.due_at, clock.lead_id
    ), logged AS (
        INSERT INTO sla_duechange (clock_id, cause, batch, was_due_at, due_at, changed_at)
        SELECT id, %(cause)s, %(batch)s, was_due_at, due_at, %(at)s FROM moved
    )
    SELECT lead_id FROM moved
"""

NEXT_DUE_SQL = """
    SELECT asked.id, min(clock.due_at), min(clock.risk_at)
    FROM (SELECT DISTINCT * FROM unnest(%s::bigint[])) AS asked(id) LEFT JOIN (
        SELECT open.lead_id, open.due_at, open.risk_at
        FROM sla_clock AS open JOIN sla_commitment AS promise ON promise.id = open.commitment_id
        WHERE open.outcome IS NULL AND promise.kind <> %s
    ) AS clock ON clock.lead_id = asked.id
    GROUP BY asked.id
"""


@dataclass(frozen=True)
class Moved:
    """One clock as a calendar would have it."""

    clock_id: int
    was_due_at: datetime
    dates: Deadlines
    escalate_at: datetime | None


def open_clocks_of(calendar_id: int, at: datetime) -> QuerySet[Clock]:
    """Return the clocks that a change of this calendar may move: open and not past due."""
    return Clock.objects.filter(
        calendar=calendar_id, outcome__isnull=True, due_at__gte=at, parked_at__isnull=True
    )


@dataclass(frozen=True)
class WouldMove:
    """How many clocks a change would move, and those of them that are due first."""

    count: int
    soonest: Sequence[Moved] = ()


def preview_recalculation(
    calendar_id: int, wanted: BusinessTime, *, at: datetime, few: int = 0
) -> WouldMove:
    """Return how many clocks would get another due instant by `wanted`, and the `few` soonest."""
    moved = list(_moved_by(wanted, calendar_id, at))
    return WouldMove(
        len(moved), nsmallest(few, moved, key=lambda one: (one.was_due_at, one.clock_id))
    )


def recalculate(recalculation_id: int, *, at: datetime) -> int:
    """Count anew the clocks of a changed calendar; return how many moved. Again does nothing."""
    with transaction.atomic():
        row = (
            Recalculation.objects.select_for_update(of=("self",))
            .select_related("calendar")
            .filter(pk=recalculation_id, done_at__isnull=True)
            .first()
        )
        if row is None:
            return 0
        calendar = business_time_of(row.calendar)
        for some in _in_batches(_moved_by(calendar, row.calendar_id, at)):
            row.moved += _write(some, row.batch, DueChangeCause.CALENDAR, at)
        row.done_at = at
        row.save(update_fields=["done_at", "moved"])
        return row.moved


def undo_recalculation(recalculation_id: int, *, actor: User, at: datetime) -> int:
    """Put back what a change moved, where it still stands so and is not past due; return how many.

    Raises NotFound; Refused when there is nothing (more) to take back.
    """
    with transaction.atomic():
        row = Recalculation.objects.select_for_update().filter(pk=recalculation_id).first()
        if row is None:
            raise NotFound(NOT_THERE)
        if row.done_at is None or row.undone_at is not None:
            raise Refused(NOT_DONE, code="nothing_to_take_back")
        count = 0
        for some in _in_batches(_as_before(row, at)):
            count += _write(some, row.batch, DueChangeCause.CALENDAR_UNDONE, at)
        row.undone_at, row.undone_by = at, actor
        row.save(update_fields=["undone_at", "undone_by"])
        return count


def _moved_by(calendar: BusinessTime, calendar_id: int, at: datetime) -> Iterator[Moved]:
    ladders = _ladders()
    rows = open_clocks_of(calendar_id, at).values_list(
        "pk",
        "started_at",
        "target",
        "target_days",
        "held",
        "due_at",
        "escalate_at",
        "commitment",
        "commitment__warning_share",
    )
    for pk, started_at, target, days, held, due_at, escalate_at, commitment, share in rows.order_by(
        "pk"
    ).iterator(chunk_size=BATCH):
        try:
            dates = deadlines(
                calendar,
                started_at,
                Target(target, days),
                warning_share=share,
                shares=ladders.get(commitment, ()),
                held=held,
            )
        except BusinessTimeError:  # no such time left in it: the promise stays where it was
            continue
        if dates.due_at != due_at:
            told = escalate_at is None
            yield Moved(pk, due_at, dates, None if told else dates.next_level_after(None))


def _as_before(row: Recalculation, at: datetime) -> Iterator[Moved]:
    changes = DueChange.objects.filter(
        batch=row.batch, cause=DueChangeCause.CALENDAR, clock__outcome__isnull=True
    ).select_related("clock")
    for change in changes.order_by("pk").iterator(chunk_size=BATCH):
        clock = change.clock
        if clock.due_at == change.due_at and change.was_due_at >= at:
            shift = change.was_due_at - change.due_at
            risk_at = min(clock.risk_at + shift, change.was_due_at)
            yield Moved(
                clock.pk,
                clock.due_at,
                Deadlines(change.was_due_at, risk_at),
                clock.escalate_at and clock.escalate_at + shift,
            )


def _in_batches(moved: Iterator[Moved]) -> Iterator[list[Moved]]:
    while some := list(islice(moved, BATCH)):
        yield some


def _ladders() -> dict[int, tuple[Decimal, ...]]:
    found: dict[int, tuple[Decimal, ...]] = {}
    for commitment, share in EscalationLevel.objects.order_by("share").values_list(
        "commitment", "share"
    ):
        found[commitment] = (*found.get(commitment, ()), share)
    return found


def _write(some: Sequence[Moved], batch: UUID, cause: DueChangeCause, at: datetime) -> int:
    values: dict[str, Any] = {
        "ids": as_array(one.clock_id for one in some),
        "due": as_array(one.dates.due_at for one in some),
        "risk": as_array(one.dates.risk_at for one in some),
        "escalate": as_array(one.escalate_at for one in some),
        "batch": str(batch),
        "cause": str(cause),
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(MOVE_SQL, values)
        leads = [lead for (lead,) in cursor.fetchall()]
    write_deadlines(leads)
    return len(leads)


def write_deadlines(lead_ids: Sequence[int]) -> None:
    """Write anew when these leads are next due, from their open clocks; one statement."""
    set_deadlines_told(
        NEXT_DUE_SQL, [as_array(lead_ids), CommitmentKind.TIME_TO_ACKNOWLEDGE_FEEDBACK]
    )
