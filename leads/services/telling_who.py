"""Who last worked on a lead, for those who come second."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from leads.models import Activity, Assignment, Opportunity, StageTransition


def who_acted_last(lead_id: int, *, since: datetime, but: int) -> str:
    """Return who last moved, assigned or worked on the lead or its deals since, `but` one; one
    statement.

    What left no row with a name (a field edited by hand, a rule) is told as somebody's.
    """
    moved = (
        StageTransition.objects.filter(lead=lead_id, recorded_at__gte=since, actor__isnull=False)
        .exclude(actor=but)
        .values_list("recorded_at", "actor__name")
    )
    given = (
        Assignment.objects.filter(lead=lead_id, assigned_at__gte=since, actor__isnull=False)
        .exclude(actor=but)
        .values_list("assigned_at", "actor__name")
    )
    logged = (
        Activity.objects.filter(lead=lead_id, logged_at__gte=since, actor__isnull=False)
        .exclude(actor=but)
        .values_list("logged_at", "actor__name")
    )
    dealt = (
        Opportunity.objects.filter(lead=lead_id, changed_at__gte=since, changed_by__isnull=False)
        .exclude(changed_by=but)
        .values_list("changed_at", "changed_by__name")
    )
    rows = moved.order_by().union(given.order_by(), logged.order_by(), dealt.order_by(), all=True)
    found = max(rows, default=None, key=lambda row: row[0])
    return str(found[1]) if found else _("Somebody")
