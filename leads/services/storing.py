"""How the gate stores what it decided: by sets, one statement whatever the number of rows.

Part of the gate (`leads.services.moves`); nothing else calls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from leads.enums import LifecycleStage
from leads.models import Contact, Lead, StageTransition
from leads.moving import Refusal

# What the gate writes on a lead, with the type that PostgreSQL reads each column as.
WRITTEN = {
    "stage": "text",
    "disposition": "text",
    "owner_id": "bigint",
    "queue_id": "bigint",
    "persona_id": "bigint",
    "sql_type_id": "bigint",
    "competitor_id": "bigint",
    "merged_into_id": "bigint",
    "lead_at": "timestamptz",
    "mql_at": "timestamptz",
    "sal_at": "timestamptz",
    "sql_at": "timestamptz",
    "opportunity_at": "timestamptz",
    "customer_at": "timestamptz",
    "closed_at": "timestamptz",
    "stage_at": "timestamptz",
    "nurture_until": "timestamptz",
    "returned_at": "timestamptz",
    "version": "integer",
}


def update_leads(leads: Iterable[Lead]) -> None:
    """Write the leads by one statement; the arrays are as long as the list, the text is not."""
    rows = list(leads)
    if not rows:
        return
    arrays = [[lead.pk for lead in rows]]
    arrays += [[getattr(lead, name) for lead in rows] for name in WRITTEN]
    sets = ", ".join(f"{name} = new.{name}" for name in WRITTEN)
    types = ", ".join(f"%s::{kind}[]" for kind in ("bigint", *WRITTEN.values()))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE leads_lead AS old SET {sets} "  # noqa: S608  # names are fixed above
            f"FROM unnest({types}) AS new(id, {', '.join(WRITTEN)}) WHERE old.id = new.id",
            [[str(v) if isinstance(v, str) else v for v in column] for column in arrays],
        )


def keep_first_mql(transitions: Sequence[StageTransition]) -> None:
    """Keep on each contact when one of its leads first became an MQL, as far as known."""
    firsts: dict[int, datetime] = {}
    for row in transitions:
        if row.to_stage != LifecycleStage.MQL or row.from_stage == row.to_stage:
            continue
        if row.effective_at is not None and not row.inferred:
            known = firsts.get(row.lead.contact_id, row.effective_at)
            firsts[row.lead.contact_id] = min(known, row.effective_at)
    if not firsts:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Contact._meta.db_table} AS old "  # noqa: S608  # a fixed name
            "SET first_mql_at = LEAST(old.first_mql_at, new.at) "
            "FROM unnest(%s::bigint[], %s::timestamptz[]) AS new(id, at) WHERE old.id = new.id",
            [list(firsts), list(firsts.values())],
        )


def name_who(refusals: list[Refusal]) -> None:
    """Say in refusals about what happened meanwhile who did it; asked only when there are any."""
    waiting = [r for r in refusals if "%(who)s" in str(r.message)]
    if not waiting:
        return
    rows = (
        StageTransition.objects.filter(
            lead_id__in={r.lead_id for r in waiting}, voided_by__isnull=True
        )
        .order_by("lead_id", "-id")
        .distinct("lead_id")
        .values_list("lead_id", "actor__name")
    )
    names = dict(rows)
    for index, refusal in enumerate(refusals):
        if refusal in waiting:
            who = names.get(refusal.lead_id or 0) or _("The system")
            message = str(refusal.message).replace("%(who)s", who)
            refusals[index] = replace(refusal, message=message)


def void_transitions(rows: Sequence[StageTransition], backs: Mapping[int, StageTransition]) -> None:
    """Point each row at the row that takes it back, by lead id, and those at themselves."""
    if not rows:
        return
    for row in rows:
        row.voided_by = backs[row.lead_id]
    for back in backs.values():
        back.voided_by = back
    pairs = [(row.pk, row.voided_by_id) for row in (*rows, *backs.values())]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {StageTransition._meta.db_table} AS old "  # noqa: S608  # a fixed name
            "SET voided_by_id = new.by FROM unnest(%s::bigint[], %s::bigint[]) AS new(id, by) "
            "WHERE old.id = new.id",
            [[pk for pk, _by in pairs], [by for _pk, by in pairs]],
        )


def find_first_mql(leads: Sequence[Lead]) -> None:
    """Find anew when each contact's leads first became MQL, as far as known and not voided."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Contact._meta.db_table} AS c SET first_mql_at = ("  # noqa: S608  # fixed names
            f"SELECT min(t.effective_at) FROM {StageTransition._meta.db_table} AS t "
            f"JOIN {Lead._meta.db_table} AS l ON l.id = t.lead_id WHERE l.contact_id = c.id "
            "AND t.to_stage = 'MQL' AND t.from_stage IS DISTINCT FROM 'MQL' "
            "AND NOT t.inferred AND t.voided_by_id IS NULL) WHERE c.id = ANY(%s)",
            [list({lead.contact_id for lead in leads})],
        )
