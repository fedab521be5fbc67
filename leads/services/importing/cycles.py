"""The leads that the people of a chunk have already."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import Position

# Arrays rather than joins: an index is taken even while nobody has counted the tables yet.
CYCLES_SQL = """
    WITH person AS (
        SELECT id, id AS head FROM leads_contact WHERE id = ANY(%s)
        UNION ALL
        SELECT id, merged_into_id FROM leads_contact WHERE merged_into_id = ANY(%s)
    )
    SELECT p.head, l.id, l.contact_id, l.product_line_id, l.stage, l.disposition,
        GREATEST(l.lead_at, l.mql_at, l.sal_at, l.sql_at, l.opportunity_at),
        l.source_id, l.campaign_id, l.persona_id, l.owner_id, l.queue_id, l.attempts_brought,
        l.competitor_id, l.sql_type_id,
        CASE WHEN l.attributes = '{}' THEN NULL ELSE l.attributes END
    FROM person AS p JOIN leads_lead AS l ON l.contact_id = p.id
    ORDER BY l.id
"""


@dataclass(slots=True)
class Cycle:
    """A lead as the chunk knows it; `since` is the last known instant of its life.

    One that a row of this chunk begins has no id yet: `row` says which.
    """

    lead_id: int
    contact_id: int
    product_line_id: int | None
    here: Position
    since: datetime | None = None
    source_id: int | None = None
    campaign_id: int | None = None
    persona_id: int | None = None
    owner_id: int | None = None
    queue_id: int | None = None
    attempts_brought: int = 0
    competitor_id: int | None = None
    sql_type_id: int | None = None
    attributes: Mapping[str, Any] | None = None
    row: int = 0

    @property
    def is_open(self) -> bool:
        """Tell whether it is still in the funnel."""
        return self.here.is_open


def cycles_of(contact_ids: Iterable[int]) -> dict[int, list[Cycle]]:
    """Return every lead of these people, oldest first, by the contact that counts; one statement.

    None is asked where nobody is.
    """
    ids = sorted(contact_ids)
    if not ids:
        return {}
    cycles: dict[int, list[Cycle]] = {}
    with connection.cursor() as cursor:
        cursor.execute(CYCLES_SQL, [ids, ids])
        for head, pk, contact_id, line, stage, disposition, since, *rest in cursor.fetchall():
            here = Position(LifecycleStage(stage), Disposition(disposition))
            *fields, own = rest
            attributes = json.loads(own) if own else None
            cycle = Cycle(pk, contact_id, line, here, since, *fields)
            cycle.attributes = attributes
            cycles.setdefault(head, []).append(cycle)
    return cycles
