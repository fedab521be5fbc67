"""Clocks that the record asks for and that are not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from leads.enums import HISTORY_CAUSES, AssignmentCause, LifecycleStage
from sla.clock_rules import COMES_TO_SALES, Assigned, Entered, start_of
from sla.promises import Promise

# Entries of open leads that still stand there, told as they happened, without a clock of a promise
# that starts at that stage. A promise that is about other leads shows here too: its scope is judged
# by the pure rules.
MISSING_SQL = """
    SELECT entry.id, entry.lead_id, entry.effective_at, entry.to_stage, promise.id
    FROM leads_stagetransition entry
    JOIN leads_lead lead ON lead.id = entry.lead_id
        AND lead.disposition = 'OPEN' AND lead.stage = entry.to_stage
    JOIN unnest(%(promises)s::bigint[], %(stages)s::text[]) AS promise(id, stage)
        ON promise.stage = entry.to_stage
    WHERE entry.to_stage = ANY(%(stages)s) AND entry.effective_at >= %(since)s
        AND entry.effective_at <= %(at)s AND NOT entry.inferred AND entry.voided_by_id IS NULL
        AND entry.from_stage IS DISTINCT FROM entry.to_stage AND entry.cause <> ALL(%(history)s)
        AND lead.returned_at IS NULL
        AND (entry.id, promise.id) > (%(after_entry)s, %(after_promise)s)
        AND NOT EXISTS (
            SELECT 1 FROM sla_clock clock
            WHERE clock.lead_id = entry.lead_id AND clock.commitment_id = promise.id
                AND (clock.started_at >= entry.effective_at OR clock.outcome IS NULL)
        )
    ORDER BY entry.id, promise.id LIMIT %(most)s
"""


# MQLs that came before Sales by an assignment and not by the entry of the stage, without a clock of
# a promise that starts there: handed over from a file, come back after a dispute or mended.
UNHEARD_SQL = """
    SELECT came.id, came.lead_id, came.assigned_at, came.owner_id, came.cause, promise.id,
        entry.cause = ANY(%(history)s)
    FROM leads_assignment came
    JOIN leads_lead lead ON lead.id = came.lead_id
        AND lead.disposition = 'OPEN' AND lead.stage = 'MQL' AND lead.returned_at IS NULL
    JOIN LATERAL (
        SELECT cause FROM leads_stagetransition entry
        WHERE entry.lead_id = came.lead_id AND entry.to_stage = 'MQL'
            AND entry.from_stage IS DISTINCT FROM entry.to_stage AND entry.voided_by_id IS NULL
        ORDER BY entry.id DESC LIMIT 1
    ) AS entry ON true
    CROSS JOIN unnest(%(promises)s::bigint[], %(stages)s::text[]) AS promise(id, stage)
    WHERE promise.stage = 'MQL' AND came.assigned_at >= %(since)s AND came.assigned_at <= %(at)s
        AND came.cause = ANY(%(causes)s)
        AND (came.id, promise.id) > (%(after_entry)s, %(after_promise)s)
        AND NOT EXISTS (
            SELECT 1 FROM sla_clock clock
            WHERE clock.lead_id = came.lead_id AND clock.commitment_id = promise.id
                AND (clock.outcome IS NULL OR clock.stopped_at >= came.assigned_at)
        )
    ORDER BY came.id, promise.id LIMIT %(most)s
"""


@dataclass(frozen=True)
class Missing:
    """A clock of a promise that an event of a lead should have started."""

    lead_id: int
    event: Entered | Assigned
    commitment_id: int


def missing_clocks(
    promises: Sequence[Promise],
    *,
    since: datetime,
    at: datetime,
    after: Missing | None = None,
    most: int,
) -> list[Missing]:
    """Return clocks that entries from `since` to `at` should have started; one statement.

    In the order in which entries were recorded, those behind `after`; history starts no clocks.
    """
    rows = _ask(MISSING_SQL, promises, since=since, at=at, after=after, most=most)
    return [
        Missing(lead, Entered(pk, effective_at, LifecycleStage(stage)), promise)
        for pk, lead, effective_at, stage, promise in rows
    ]


def unheard_assignments(
    promises: Sequence[Promise],
    *,
    since: datetime,
    at: datetime,
    after: Missing | None = None,
    most: int,
) -> list[Missing]:
    """Return clocks that should have started as MQLs came before Sales; as `missing_clocks`."""
    rows = _ask(UNHEARD_SQL, promises, since=since, at=at, after=after, most=most)
    return [
        Missing(
            lead,
            Assigned(
                pk,
                assigned_at,
                LifecycleStage.MQL,
                owner,
                AssignmentCause(cause),
                is_handover=is_handover,
            ),
            promise,
        )
        for pk, lead, assigned_at, owner, cause, promise, is_handover in rows
    ]


def _ask(
    sql: str,
    promises: Sequence[Promise],
    *,
    since: datetime,
    at: datetime,
    after: Missing | None,
    most: int,
) -> list[tuple[Any, ...]]:
    starting = [(promise.commitment_id, start_of(promise)) for promise in promises]
    known = [(pk, str(stage)) for pk, stage in starting if stage is not None]
    if not known:
        return []
    values: dict[str, Any] = {
        "promises": [pk for pk, _stage in known],
        "stages": [stage for _pk, stage in known],
        "history": [str(cause) for cause in HISTORY_CAUSES],
        "causes": [str(cause) for cause in COMES_TO_SALES],
        "since": since,
        "at": at,
        "after_entry": after.event.told_id if after else 0,
        "after_promise": after.commitment_id if after else 0,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
