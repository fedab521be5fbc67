"""What a contact's new row owes to its earlier ones."""

from __future__ import annotations

from collections.abc import Sequence

from leads.enums import Disposition
from leads.models import Lead

RETURNS_FROM = (Disposition.WON, Disposition.LOST, Disposition.DISQUALIFIED)


def returns(cycles: Sequence[Lead]) -> bool:
    """Tell whether whoever had these `cycles` comes back: was won, lost or disqualified."""
    return any(one.disposition in RETURNS_FROM for one in cycles)


def follow(lead: Lead, cycles: Sequence[Lead]) -> Lead | None:
    """Let the unwritten `lead` go on from the contact's earlier `cycles`, oldest first.

    Who was won, lost or disqualified returns. Where the contact was recycled for the same product
    line the new row is its next cycle; that resting row is returned, for it is awake now.
    """
    lead.returning = returns(cycles)
    resting = [
        one
        for one in cycles
        if one.pk is not None
        and one.disposition == Disposition.RECYCLED
        and one.woken_at is None
        and one.product_line_id == lead.product_line_id
    ]
    if not resting:
        return None
    lead.recycled_from, lead.engagement_from = resting[-1], resting[-1].closed_at
    return resting[-1]
