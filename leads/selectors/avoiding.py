"""Whom a returning contact should not meet again so soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models.functions import Coalesce

from leads.enums import AssignmentCause, Decision
from leads.models import Assignment, Feedback, FunnelSettings, Lead
from leads.selectors.canonical import person_of, rows_of_people


def reps_to_avoid(
    leads: Sequence[Lead], *, settings: FunnelSettings, at: datetime
) -> dict[int, frozenset[int]]:
    """Return by contact id who rejected a lead of its person, or from whom one was recycled, within
    the cooldown (its border included); two statements. What was undone is forgotten.
    """
    since = at - timedelta(days=settings.cooldown_days)
    people = rows_of_people([one.contact for one in leads])
    rejected = Feedback.objects.filter(
        lead__contact__in=people,
        decision=Decision.REJECTED,
        voided_at__isnull=True,
        decided_at__gte=since,
        given_by__isnull=False,
    )
    recycled = Assignment.objects.filter(
        lead__contact__in=people,
        cause=AssignmentCause.RECYCLED,
        voided_at__isnull=True,
        assigned_at__gte=since,
        from_owner__isnull=False,
    )
    head = Coalesce("lead__contact__merged_into", "lead__contact")
    rows = rejected.values_list(head, "given_by").union(recycled.values_list(head, "from_owner"))
    found: dict[int, set[int]] = defaultdict(set)
    for contact_id, rep_id in rows:
        found[contact_id].add(rep_id)
    heads = {lead.contact_id: person_of(lead.contact) for lead in leads}
    return {pk: frozenset(found[head]) for pk, head in heads.items() if head in found}
