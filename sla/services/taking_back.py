"""Undo: clocks are again as they were before the action that was taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from leads.models import Lead, UndoableAction
from sla.enums import Told
from sla.services.clocks import ClockKeeper

MADE = {"transitions": Told.TRANSITION, "assignments": Told.ASSIGNMENT, "feedback": Told.FEEDBACK}

# What the action started counts in no figure; what it stopped runs again, and is judged anew by
# the pass where it fell due meanwhile.
TAKE_BACK_SQL = """
    WITH made AS (
        SELECT * FROM unnest(%(by)s::text[], %(ids)s::bigint[]) AS m(by, id)
    ), voided AS (
        UPDATE sla_clock AS clock SET
            voided_at = %(at)s, outcome = 'CANCELLED',
            stopped_at = GREATEST(COALESCE(stopped_at, %(at)s), started_at)
        FROM made
        WHERE clock.lead_id = ANY(%(leads)s) AND clock.started_by = made.by
            AND clock.started_by_id = made.id AND clock.voided_at IS NULL
    )
    UPDATE sla_clock AS clock SET
        outcome = NULL, stopped_at = NULL, stopped_by = '', stopped_by_id = NULL,
        reported_at = NULL, lateness = NULL
    FROM made
    WHERE clock.lead_id = ANY(%(leads)s) AND clock.stopped_by = made.by
        AND clock.stopped_by_id = made.id AND clock.voided_at IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM made m WHERE m.by = clock.started_by AND m.id = clock.started_by_id
        )
"""
HOLDERS_SQL = """
    UPDATE sla_clock AS clock SET owner_id = lead.owner_id, queue_id = lead.queue_id
    FROM leads_lead lead, sla_commitment promise
    WHERE clock.lead_id = ANY(%(leads)s) AND lead.id = clock.lead_id AND clock.outcome IS NULL
        AND promise.id = clock.commitment_id AND promise.clock_scope = 'LEAD'
        AND promise.side = 'SALES'
        AND (clock.owner_id, clock.queue_id) IS DISTINCT FROM (lead.owner_id, lead.queue_id)
"""


def take_back(leads: Sequence[Lead], action: UndoableAction, *, at: datetime) -> None:
    """Void the clocks that `action` started and let run again those that it stopped.

    Five statements at most, however many leads there are.
    """
    made = list(_rows_of(action.made))
    lead_ids = [lead.pk for lead in leads]
    values: dict[str, Any] = {
        "by": [str(told) for told, _pk in made],
        "ids": [pk for _told, pk in made],
        "leads": lead_ids,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK_SQL, values)
        cursor.execute(HOLDERS_SQL, {"leads": lead_ids})
    ClockKeeper(leads, at=at).write()


def _rows_of(made: Mapping[str, Iterable[int]]) -> Iterable[tuple[Told, int]]:
    for kind, told in MADE.items():
        for pk in made.get(kind, ()):
            yield told, pk
