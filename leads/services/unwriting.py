"""History that an import told is taken back. Part of the gate.

An undo deletes what a file brought in, as if it had never been uploaded: nobody has acted on it,
and the import itself says for ever that it was here. The trigger that keeps transitions lets it
pass only while the transaction names the import and the chunk, and only for rows that this chunk
wrote; `protection_lifted` alone names them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pgtrigger
from django.db import connection

from accounts.models import User
from leads.enums import AssignmentCause
from leads.models import Assignment, Lead, StageTransition
from leads.record_tables import tables_of
from leads.services.storing import find_first_mql
from leads.signals import leads_assigned

# Histories are not told of rows that come and go with a file, and forget those that go.
SILENT = tuple(
    f"leads.{model}:delete_delete" for model in ("Lead", "Contact", "Company", "Opportunity")
) + tuple(
    f"leads.{model}Event:append_only" for model in ("Lead", "Contact", "Company", "Opportunity")
)
# The way back of a lead: it stands where what is left of its history says.
STAND_SQL = """
    WITH gone AS (
        SELECT lead_id, array_agg(stage) AS stages
        FROM unnest(%s::bigint[], %s::text[]) AS p(lead_id, stage) GROUP BY lead_id
    )
    UPDATE leads_lead AS l SET stage = t.to_stage, disposition = t.to_disposition,
        mql_at = CASE WHEN 'MQL' = ANY(g.stages) THEN NULL ELSE l.mql_at END,
        sal_at = CASE WHEN 'SAL' = ANY(g.stages) THEN NULL ELSE l.sal_at END,
        sql_at = CASE WHEN 'SQL' = ANY(g.stages) THEN NULL ELSE l.sql_at END,
        opportunity_at = CASE WHEN 'OPPORTUNITY' = ANY(g.stages) THEN NULL
            ELSE l.opportunity_at END,
        customer_at = CASE WHEN 'CUSTOMER' = ANY(g.stages) THEN NULL ELSE l.customer_at END,
        stage_at = e.effective_at,
        closed_at = CASE WHEN t.to_disposition = 'OPEN' THEN NULL ELSE t.effective_at END,
        version = l.version + 1
    FROM gone AS g
    JOIN LATERAL (
        SELECT to_stage, to_disposition, effective_at FROM leads_stagetransition
        WHERE lead_id = g.lead_id AND voided_by_id IS NULL ORDER BY id DESC LIMIT 1
    ) AS t ON true
    LEFT JOIN LATERAL (
        SELECT effective_at FROM leads_stagetransition
        WHERE lead_id = g.lead_id AND voided_by_id IS NULL
            AND from_stage IS DISTINCT FROM to_stage ORDER BY id DESC LIMIT 1
    ) AS e ON true
    WHERE l.id = g.lead_id
"""


# Fields that no history keeps: what is not told of a lead stays.
FIELDS_SQL = """
    UPDATE leads_lead AS l SET
        owner_id = CASE WHEN jsonb_exists(n.was, 'owner_id')
            THEN (n.was ->> 'owner_id')::bigint ELSE l.owner_id END,
        queue_id = CASE WHEN jsonb_exists(n.was, 'queue_id')
            THEN (n.was ->> 'queue_id')::bigint ELSE l.queue_id END,
        competitor_id = CASE WHEN jsonb_exists(n.was, 'competitor_id')
            THEN (n.was ->> 'competitor_id')::bigint ELSE l.competitor_id END,
        sql_type_id = CASE WHEN jsonb_exists(n.was, 'sql_type_id')
            THEN (n.was ->> 'sql_type_id')::bigint ELSE l.sql_type_id END,
        attempts = l.attempts - l.attempts_brought
            + coalesce((n.was ->> 'attempts_brought')::int, l.attempts_brought),
        attempts_brought = coalesce((n.was ->> 'attempts_brought')::int, l.attempts_brought),
        version = l.version + 1
    FROM unnest(%s::bigint[], %s::jsonb[]) AS n(id, was) WHERE l.id = n.id
"""


@contextmanager
def protection_lifted(import_id: int, chunk: int) -> Iterator[None]:
    """Let this transaction delete what this chunk of this import wrote, unseen by histories."""
    with pgtrigger.ignore(*SILENT), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('smarketing.import_undo', %s, true)", [f"{import_id}:{chunk}"]
        )
        yield
        cursor.execute("SELECT set_config('smarketing.import_undo', '', true)")


def unwrite_leads(lead_ids: Sequence[int]) -> None:
    """Delete leads that nobody worked on, with all that hangs on them; one statement a table."""
    if not lead_ids:
        return
    ids = list(lead_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM leads_opportunityevent AS e USING leads_opportunity AS o "
            "WHERE o.id = e.pgh_obj_id AND o.lead_id = ANY(%s)",
            [ids],
        )
        cursor.execute("DELETE FROM leads_leadevent WHERE pgh_obj_id = ANY(%s)", [ids])
        for table in tables_of(Lead):
            sql = f"DELETE FROM {table.table} WHERE {table.column} = ANY(%s)"  # noqa: S608  # fixed names
            cursor.execute(sql, [ids])
        cursor.execute("DELETE FROM leads_lead WHERE id = ANY(%s)", [ids])


def unwrite_fields(
    was: Mapping[int, Mapping[str, Any]], *, actor: User | None, at: datetime
) -> None:
    """Let known leads hold again what `was` says by column; one that changes hands by it does so
    like any other: it is assigned, and told. No statement for none, four at most.
    """
    if not was:
        return
    owners = dict(Lead.objects.filter(pk__in=was).values_list("pk", "owner_id"))
    with connection.cursor() as cursor:
        cursor.execute(FIELDS_SQL, [list(was), [json.dumps(dict(held)) for held in was.values()]])
    back = [pk for pk, held in was.items() if held.get("owner_id") or held.get("queue_id")]
    leads = Lead.objects.select_related("contact").defer("contact__search").in_bulk(back)
    rows = [
        Assignment(
            lead=leads[pk],
            from_owner_id=owners[pk],
            owner_id=leads[pk].owner_id,
            queue_id=leads[pk].queue_id,
            cause=AssignmentCause.UNDONE,
            actor=actor,
            assigned_at=at,
        )
        for pk in back
    ]
    if rows:
        Assignment.objects.bulk_create(rows)
        leads_assigned.send(sender=Lead, assignments=rows, at=at)


def unwrite_moves(lead_ids: Sequence[int], transition_ids: Sequence[int]) -> None:
    """Delete these moves of these known leads, told by an import; each lead stands where the rest
    of its history says, and its contact's first MQL is found anew. Four statements at most.
    """
    told = StageTransition.objects.filter(lead_id__in=lead_ids, pk__in=transition_ids)
    rows = list(told.values_list("pk", "lead_id", "from_stage", "to_stage"))
    if not rows:
        return
    entered = [(lead, to) for _pk, lead, before, to in rows if before != to]
    left = {lead for _pk, lead, _from, _to in rows} - {lead for lead, _to in entered}
    pairs = [*entered, *((lead, "") for lead in left)]
    told.filter(pk__in=[row[0] for row in rows])._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute(STAND_SQL, [[lead for lead, _to in pairs], [to for _lead, to in pairs]])
    find_first_mql(list(Lead.objects.filter(pk__in={lead for lead, _to in pairs})))
