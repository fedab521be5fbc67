"""The neutral instants of a lead by which it is ordered and shown, for the floors above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from leads.services.arrays import as_array

SET_SQL = """
    UPDATE leads_lead AS lead SET next_due_at = told.due_at, next_risk_at = told.risk_at
    FROM ({told}) AS told(id, due_at, risk_at)
    WHERE lead.id = told.id
        AND (lead.next_due_at, lead.next_risk_at) IS DISTINCT FROM (told.due_at, told.risk_at)
"""

LISTED_SQL = "SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[])"


@dataclass(frozen=True)
class LeadDeadlines:
    """When a lead is next due and from when on that is in danger; None: nothing is due."""

    lead_id: int
    due_at: datetime | None
    risk_at: datetime | None


def set_deadlines(deadlines: Sequence[LeadDeadlines]) -> None:
    """Write when leads are next due, by one statement. The caller holds the leads locked.

    It is no decision about a lead, so the row's version stays. A row that says so already is left
    alone: each write enters all indexes of the leads. Nothing else writes these columns.
    """
    if not deadlines:
        return
    columns = zip(*((one.lead_id, one.due_at, one.risk_at) for one in deadlines), strict=True)
    set_deadlines_told(LISTED_SQL, [as_array(column) for column in columns])


def set_deadlines_told(sql: str, params: Sequence[str]) -> None:
    """`set_deadlines` where the database itself knows: `sql` tells lead, due and risk instant."""
    with connection.cursor() as cursor:
        cursor.execute(SET_SQL.format(told=sql), params)
