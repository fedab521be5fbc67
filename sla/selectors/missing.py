"""Clocks that the record asks for and that are not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from leads.enums import HISTORY_CAUSES, LifecycleStage
from sla.clock_rules import Entered, start_of
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


@dataclass(frozen=True)
class Missing:
    """A clock of a promise that the entry of a lead should have started."""

    lead_id: int
    entered: Entered
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
    starting = [(promise.commitment_id, start_of(promise)) for promise in promises]
    known = [(pk, str(stage)) for pk, stage in starting if stage is not None]
    if not known:
        return []
    values: dict[str, Any] = {
        "promises": [pk for pk, _stage in known],
        "stages": [stage for _pk, stage in known],
        "history": [str(cause) for cause in HISTORY_CAUSES],
        "since": since,
        "at": at,
        "after_entry": after.entered.told_id if after else 0,
        "after_promise": after.commitment_id if after else 0,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(MISSING_SQL, values)
        return [
            Missing(lead, Entered(pk, effective_at, LifecycleStage(stage)), promise)
            for pk, lead, effective_at, stage, promise in cursor.fetchall()
        ]
