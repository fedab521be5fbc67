"""An overturned rejection: the same row back to MQL, with somebody else. Part of the gate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from leads.enums import AssignmentCause, Decision, Disposition, LifecycleStage
from leads.models import Assignment, Feedback, Lead, StageTransition
from leads.selectors.canonical import leads_of_people
from leads.services.gate import lock_leads
from leads.services.placing import place_new_mqls
from leads.services.undoing import void
from leads.signals import leads_assigned, moves_taken_back

# What a rejection writes beside its stage; an open MQL has none of it.
OPEN_AGAIN: dict[str, Any] = {
    "stage": LifecycleStage.MQL,
    "disposition": Disposition.OPEN,
    "closed_at": None,
    "nurture_until": None,
    "merged_into_id": None,
    "competitor_id": None,
    "returned_at": None,
}


def overturn_rejection(feedback: Feedback, *, actor: User, note: str, at: datetime) -> Lead:
    """Count the rejection as the acceptance it should have been and open its lead again at MQL.

    One acceptance at the original date: `counts_as` becomes ACCEPTED; the decision that follows
    counts in no rate. The close is voided, the lead is routed anew, not to who rejected it. Where
    the contact's next lead is open by now, or another decision has followed, the row stays as it is
    and only the counting changes: the work goes on there. Who may rule is asked by the caller.
    """
    with transaction.atomic():
        lead = lock_leads([feedback.lead_id])[feedback.lead_id]
        feedback.counts_as = Decision.ACCEPTED
        Feedback.objects.filter(pk=feedback.pk).update(counts_as=Decision.ACCEPTED)
        close = _close_of(feedback)
        if close is not None and _can_reopen(lead):
            _reopen(lead, close, feedback, actor=actor, note=note, at=at)
    return lead


def _close_of(feedback: Feedback) -> StageTransition | None:
    """Return the row that closed the lead, if it still is the last word on it."""
    rows = StageTransition.objects.filter(lead=feedback.lead_id, voided_by__isnull=True)
    last = rows.order_by("-id").first()
    return last if last is not None and last.pk == feedback.transition_id else None


def _can_reopen(lead: Lead) -> bool:
    if lead.disposition == Disposition.OPEN or lead.woken_at is not None:
        return False
    following = leads_of_people([lead.contact]).filter(disposition=Disposition.OPEN)
    return not following.filter(product_line=lead.product_line_id).exists()


def _reopen(
    lead: Lead,
    close: StageTransition,
    feedback: Feedback,
    *,
    actor: User,
    note: str,
    at: datetime,
) -> None:
    held_by = lead.owner_id
    avoid = {pk for pk in (feedback.given_by_id, held_by) if pk is not None}
    lead.owner, lead.queue_id = None, None
    (row,) = place_new_mqls([lead], actor=actor, at=at, avoid={lead.contact_id: frozenset(avoid)})
    row.cause, row.from_owner_id = AssignmentCause.OVERTURNED, held_by or feedback.given_by_id
    close.lead = lead
    void([lead], {lead.pk: OPEN_AGAIN}, [close], actor=actor, at=at, note=note)
    Assignment.objects.bulk_create([row])
    moves_taken_back.send(sender=Lead, leads=[lead], transitions=[close], at=at)
    leads_assigned.send(sender=Lead, assignments=[row], at=at)
