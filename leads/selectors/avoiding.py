"""Whom a returning contact should not meet again so soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from leads.enums import AssignmentCause, Decision
from leads.models import Assignment, Feedback, FunnelSettings, Lead


def reps_to_avoid(
    leads: Sequence[Lead], *, settings: FunnelSettings, at: datetime
) -> dict[int, frozenset[int]]:
    """Return by contact id who rejected one of its leads, or from whom one was recycled, within
    the cooldown (its border included); one statement. What was undone is forgotten.
    """
    since, contacts = at - timedelta(days=settings.cooldown_days), {one.contact_id for one in leads}
    rejected = Feedback.objects.filter(
        lead__contact__in=contacts,
        decision=Decision.REJECTED,
        voided_at__isnull=True,
        decided_at__gte=since,
        given_by__isnull=False,
    )
    recycled = Assignment.objects.filter(
        lead__contact__in=contacts,
        cause=AssignmentCause.RECYCLED,
        voided_at__isnull=True,
        assigned_at__gte=since,
        from_owner__isnull=False,
    )
    rows = rejected.values_list("lead__contact", "given_by").union(
        recycled.values_list("lead__contact", "from_owner")
    )
    found: dict[int, set[int]] = defaultdict(set)
    for contact_id, person_id in rows:
        found[contact_id].add(person_id)
    return {contact_id: frozenset(people) for contact_id, people in found.items()}
