"""Leads that were closed as merged, open again because the merge was taken back.

Part of the gate: with undo and an overturned dispute the only way back. The close is voided, not
rewritten; figures read neither row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from leads.enums import Cause, Disposition
from leads.models import Lead, StageTransition
from leads.services.gate import lock_leads
from leads.services.storing import update_leads
from leads.signals import moves_taken_back


@dataclass(frozen=True)
class Merged:
    """A lead that a merge closed: the row that closed it, and who held it before."""

    lead_id: int
    transition_id: int
    owner_id: int | None
    queue_id: int | None
    returned_at: datetime | None

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Merged:
        """Read what a merge kept."""
        returned = stored["returned_at"]
        return cls(
            lead_id=stored["id"],
            transition_id=stored["transition"],
            owner_id=stored["owner_id"],
            queue_id=stored["queue_id"],
            returned_at=datetime.fromisoformat(returned) if returned else None,
        )


def reopen_merged(rows: Sequence[Merged], *, actor: User, at: datetime) -> list[Lead]:
    """Open the leads of `rows` where they stood and void the rows that closed them.

    Must run inside a transaction; the statements do not grow with the list.
    """
    if not rows:
        return []
    locked = lock_leads(row.lead_id for row in rows)
    closes = StageTransition.objects.in_bulk([row.transition_id for row in rows])
    backs = [_open_again(locked[row.lead_id], row, actor, at) for row in rows]
    leads = [back.lead for back in backs]
    update_leads(leads)
    StageTransition.objects.bulk_create(backs)
    voided = [closes[row.transition_id] for row in rows]
    for close, back in zip(voided, backs, strict=True):
        close.voided_by = back.voided_by = back
    StageTransition.objects.bulk_update([*voided, *backs], ["voided_by"])
    moves_taken_back.send(sender=Lead, leads=leads, transitions=voided, at=at)
    return leads


def _open_again(lead: Lead, row: Merged, actor: User, at: datetime) -> StageTransition:
    """Put `lead` back where it stood; return the row that tells it."""
    stage, closed = lead.stage, lead.disposition
    lead.disposition, lead.closed_at = Disposition.OPEN, None
    lead.merged_into_id, lead.returned_at = None, row.returned_at
    lead.owner_id, lead.queue_id = row.owner_id, row.queue_id
    lead.version += 1
    return StageTransition(
        lead=lead,
        from_stage=stage,
        to_stage=stage,
        from_disposition=closed,
        to_disposition=Disposition.OPEN,
        cause=Cause.USER,
        actor=actor,
        effective_at=at,
        recorded_at=at,
    )
