"""Every new MQL gets an owner or a queue, in the transaction that makes it one: never nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.models import User
from leads.enums import AssignmentCause, QueueKind
from leads.models import Assignment, Lead
from leads.services.queues import queue_of


def place_new_mqls(
    leads: Sequence[Lead],
    *,
    actor: User | None,
    at: datetime,
    avoid: Mapping[int, frozenset[int]] | None = None,
) -> list[Assignment]:
    """Set owner or queue on each of `leads` and return the assignments, unsaved, in that order.

    Called by the gate inside its transaction for every lead that enters MQL other than by history,
    before it writes the rows; the leads may be unsaved. `avoid` maps a contact's id to people who
    must not get it now (a rejection, a recycling). A constant number of statements.
    """
    if not leads:
        return []
    queue = queue_of(QueueKind.FALLBACK)
    return [_to_queue(lead, queue.pk, actor, at) for lead in leads]


def _to_queue(lead: Lead, queue_id: int, actor: User | None, at: datetime) -> Assignment:
    row = Assignment(
        lead=lead,
        from_owner_id=lead.owner_id,
        queue_id=queue_id,
        cause=AssignmentCause.FALLBACK,
        actor=actor,
        assigned_at=at,
    )
    lead.owner, lead.queue_id = None, queue_id
    return row
