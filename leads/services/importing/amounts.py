"""What a row says of the deal of a known lead that stays where it is: its amount."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from leads.models import Opportunity
from leads.row_results import RowVerdict
from leads.services.importing.arrivals import Arrival
from leads.services.importing.session import ImportSession

# A deal won in the organisation's own currency has rate 1.
AMOUNTS_SQL = f"""
    UPDATE {Opportunity._meta.db_table} AS old
    SET amount = new.amount, currency = new.currency,
        rate = CASE WHEN old.state = 'WON' AND new.currency = %s THEN 1
            WHEN old.currency = new.currency THEN old.rate END,
        version = old.version + 1, changed_at = %s, changed_by_id = %s
    FROM unnest(%s::bigint[], %s::numeric[], %s::text[]) AS new(id, amount, currency)
    WHERE old.id = new.id
"""  # noqa: S608  # a fixed name


def learn_amounts(arrivals: Sequence[Arrival], session: ImportSession, at: datetime) -> None:
    """Write the amounts of known deals as the policy says; at most two statements.

    A lead that went on in this file has its deal settled with it.
    """
    telling = {
        one.travel.lead_id: one
        for one in arrivals
        if one.row.amount is not None
        and one.verdict is not RowVerdict.CREATED
        and not one.travel.way
    }
    if not telling:
        return
    rows = Opportunity.objects.filter(lead_id__in=telling, is_first=True).order_by("pk")
    columns: list[list[Any]] = [[], [], []]
    for pk, lead_id, amount, currency in rows.values_list("pk", "lead_id", "amount", "currency"):
        one = telling[lead_id]
        told = (one.row.amount, one.row.values.get("currency", session.currency))
        known = None if amount is None else (amount, currency)
        if session.mapping.takes("amount", known, told):
            for column, value in zip(columns, (pk, *told), strict=True):
                column.append(value)
            one.add_to_known()
    if columns[0]:
        by = session.actor.pk if session.actor else None
        with connection.cursor() as cursor:
            cursor.execute(AMOUNTS_SQL, [session.currency, at, by, *columns])
