"""Deals that leads bring: rows of their own, beside the lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from leads.enums import Disposition, LifecycleStage
from leads.models import Lead, Opportunity
from leads.models.opportunities import DealState

REACHED = (LifecycleStage.OPPORTUNITY, LifecycleStage.CUSTOMER)
STATES = {Disposition.WON: DealState.WON, Disposition.LOST: DealState.LOST}


@dataclass(frozen=True)
class Deal:
    """What is known of the deal of a lead; the amount may be unknown."""

    lead: Lead
    amount: Decimal | None = None
    currency: str = "EUR"


def settle_deals(deals: Sequence[Deal]) -> None:
    """Bring the opportunity of each lead that has become one to where the lead stands.

    A lead without one gets it; an open one is won or lost with its lead; a settled one stays.
    Instants are the lead's own. At most three statements.
    """
    reached = {deal.lead.pk: deal for deal in deals if deal.lead.stage in REACHED}
    if not reached:
        return
    known = {
        row.lead_id: row for row in Opportunity.objects.filter(lead_id__in=reached, is_first=True)
    }
    new = [
        _settle(Opportunity(lead=d.lead, is_first=True), d)
        for pk, d in reached.items()
        if pk not in known
    ]
    Opportunity.objects.bulk_create(new)
    still_open = [row for row in known.values() if row.state == DealState.OPEN]
    if still_open:
        settled = [_settle(row, reached[row.lead_id]) for row in still_open]
        Opportunity.objects.bulk_update(settled, ["state", "amount", "currency", "closed_at"])


def _settle(row: Opportunity, deal: Deal) -> Opportunity:
    lead = deal.lead
    row.state = STATES.get(Disposition(lead.disposition), DealState.OPEN)
    row.product_line_id = row.product_line_id or lead.product_line_id
    if deal.amount is not None or row.pk is None:
        row.amount, row.currency = deal.amount, deal.currency
    row.opened_at = row.opened_at or lead.opportunity_at
    row.closed_at = lead.closed_at if row.state != DealState.OPEN else None
    return row
