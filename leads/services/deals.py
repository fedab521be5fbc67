"""Deals that leads bring: rows of their own, beside the lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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


def record_deals(deals: Sequence[Deal]) -> list[Opportunity]:
    """Write one opportunity for each deal whose lead has become one, open, won or lost with it.

    One statement, whatever the number. Instants are the lead's own.
    """
    rows = [_row(deal) for deal in deals if deal.lead.stage in REACHED]
    return Opportunity.objects.bulk_create(rows)


def _row(deal: Deal) -> Opportunity:
    lead = deal.lead
    state = STATES.get(Disposition(lead.disposition), DealState.OPEN)
    closed: datetime | None = lead.closed_at if state is not DealState.OPEN else None
    return Opportunity(
        lead=lead,
        product_line_id=lead.product_line_id,
        state=state,
        amount=deal.amount,
        currency=deal.currency,
        opened_at=lead.opportunity_at,
        closed_at=closed,
    )
