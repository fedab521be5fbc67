"""The deals of leads that history told by the thousand; the rules are those of `settling`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from leads.enums import Disposition
from leads.models import Opportunity
from leads.models.opportunities import DealState
from leads.services.copying import Copier, or_null, quoted, stamp
from leads.services.deals.settling import REACHED, STATES

DEALS = Copier(
    Opportunity, "lead_id", "is_first", "product_line_id", "state", "amount",
    "currency", "rate", "opened_at", "closed_at", "reason", "competitor_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PastDeal:
    """The deal of a lead that begins with it; the amount may be unknown."""

    lead_id: int
    disposition: Disposition
    amount: Decimal | None
    currency: str
    product_line_id: int | None
    opened_at: datetime | None
    closed_at: datetime | None
    reason: str = ""
    competitor_id: int | None = None


def write_past_deals(deals: Sequence[PastDeal], *, home: str) -> None:
    """Write the first deal of each of these new leads, by one statement.

    A deal won in the organisation's currency `home` has rate 1.
    """
    DEALS.write([_line(deal, home) for deal in deals])


def _line(deal: PastDeal, home: str) -> str:
    state = STATES.get(deal.disposition, DealState.OPEN)
    won_at_home = state is DealState.WON and deal.currency == home
    return DEALS.line % (
        deal.lead_id,
        "t",
        or_null(deal.product_line_id),
        state.value,
        or_null(deal.amount),
        deal.currency,
        1 if won_at_home else or_null(None),
        stamp(deal.opened_at),
        stamp(deal.closed_at if state is not DealState.OPEN else None),
        quoted(deal.reason if state is DealState.LOST else ""),
        or_null(deal.competitor_id if state is DealState.LOST else None),
    )


__all__ = ["REACHED", "PastDeal", "write_past_deals"]
