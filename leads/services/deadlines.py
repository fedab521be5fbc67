"""The neutral instants of a lead by which it is ordered and shown, for the floors above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

SET_SQL = """
    UPDATE leads_lead AS lead SET next_due_at = told.due_at, next_risk_at = told.risk_at
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS told(id, due_at, risk_at)
    WHERE lead.id = told.id
"""


@dataclass(frozen=True)
class LeadDeadlines:
    """When a lead is next due and from when on that is in danger; None: nothing is due."""

    lead_id: int
    due_at: datetime | None
    risk_at: datetime | None


def set_deadlines(deadlines: Sequence[LeadDeadlines]) -> None:
    """Write when leads are next due; the only writer of these columns, by one statement.

    It is no decision about a lead, so the row's version stays. The caller holds the leads locked.
    """
    if not deadlines:
        return
    columns = zip(*((one.lead_id, one.due_at, one.risk_at) for one in deadlines), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(SET_SQL, [list(column) for column in columns])
