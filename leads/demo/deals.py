"""What the demo's deals, campaigns and customers have gone through; nothing by chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from leads.enums import CloseReason, CustomerEventKind, LifecycleStage
from leads.folding import fold
from leads.models import (
    Campaign,
    CampaignCost,
    Competitor,
    CustomerEvent,
    DealStep,
    Lead,
    Opportunity,
)
from leads.models.opportunities import DealState

COMPETITORS = ["Fluxatek", "Messwerk Nord", "Presstronica", "Calibria"]
# Who sells in another currency than the organisation's: every n-th deal, and its rate.
FOREIGN = {11: ("CHF", Decimal("1.05")), 17: ("USD", Decimal("0.92"))}
# After how many days a customer is heard of again, and what of.
AFTERS = [
    (150, CustomerEventKind.EXPANDED, Decimal("0.25")),
    (200, CustomerEventKind.RENEWED, Decimal("0.40")),
    (240, CustomerEventKind.CHURNED, None),
]
SPENT_FOR = ["Media", "Design and copy", "Venue and travel"]
EVERY_MONTH = 30


def load_deals(at: datetime) -> None:
    """Tell the deals of the demo's year; once, and only where there are deals to tell of."""
    if Competitor.objects.exists() or not Lead.objects.exists():
        return
    rivals = Competitor.objects.bulk_create(
        Competitor(name=name, key=fold(name)) for name in COMPETITORS
    )
    deals = list(Opportunity.objects.select_related("lead").order_by("lead_id", "id"))
    _tell_open([deal for deal in deals if deal.state == DealState.OPEN], at.date())
    _tell_lost([deal for deal in deals if deal.state == DealState.LOST], rivals)
    _tell_closed([deal for deal in deals if deal.state != DealState.OPEN])
    _tell_currencies(deals)
    Opportunity.objects.bulk_update(
        deals,
        ["owner", "step", "expected_close_on", "reason", "competitor", "try_again_on", "currency",
         "rate"],
    )  # fmt: skip
    _spend(at.date())
    _tell_customers([deal for deal in deals if deal.state == DealState.WON], at)


def _tell_open(deals: Sequence[Opportunity], today: date) -> None:
    """Open deals stand at every step; most close in the next weeks, a few should have by now."""
    steps = list(DealStep.objects.filter(is_active=True))
    for n, deal in enumerate(deals):
        deal.owner_id = deal.lead.owner_id
        deal.step = steps[n % len(steps)] if steps else None
        deal.expected_close_on = today + timedelta(days=n * 13 % 90 - 6)


def _tell_closed(deals: Sequence[Opportunity]) -> None:
    """A won deal went all the way; a lost one as far as it came, near the day it was meant for."""
    steps = list(DealStep.objects.filter(is_active=True))
    for n, deal in enumerate(deals):
        if steps:
            deal.step = steps[-1] if deal.state == DealState.WON else steps[n % len(steps)]
        if deal.closed_at is not None:
            deal.expected_close_on = (deal.closed_at + timedelta(days=n * 5 % 23 - 8)).date()


def _tell_lost(deals: Sequence[Opportunity], rivals: Sequence[Competitor]) -> None:
    """Lost deals say why, the ones bought elsewhere to whom; every third is tried again."""
    reasons = [CloseReason.BOUGHT_ELSEWHERE, CloseReason.PRICE, CloseReason.NO_DECISION]
    for n, deal in enumerate(deals):
        deal.owner_id = deal.lead.owner_id
        deal.reason = deal.reason or reasons[n % len(reasons)]
        if deal.reason == CloseReason.BOUGHT_ELSEWHERE:
            deal.competitor = rivals[n * n % len(rivals)]
        if n % 3 == 0 and deal.closed_at is not None:
            deal.try_again_on = (deal.closed_at + timedelta(days=400)).date()


def _tell_currencies(deals: Sequence[Opportunity]) -> None:
    for n, deal in enumerate(deals, start=1):
        if deal.state == DealState.WON:
            deal.owner_id, deal.rate = deal.lead.owner_id, Decimal(1)
        for every, (currency, rate) in FOREIGN.items():
            if n % every == 0:
                deal.currency = currency
                deal.rate = rate if deal.state == DealState.WON else None


def _spend(today: date) -> None:
    """Each campaign spends month by month, somewhat less than its budget in all."""
    costs = []
    for n, campaign in enumerate(Campaign.objects.order_by("id")):
        if campaign.starts_on is None or campaign.budget is None:
            continue
        last = min(today, campaign.ends_on or today)
        days = [
            campaign.starts_on + timedelta(days=day)
            for day in range(0, (last - campaign.starts_on).days + 1, EVERY_MONTH)
        ]
        share = campaign.budget * (82 + n * 3 % 15) / 100 / max(len(days), 1)
        costs += [
            CampaignCost(
                campaign=campaign,
                spent_on=day,
                amount=(share * (90 + i * 7 % 20) / 100).quantize(Decimal("0.01")),
                note=SPENT_FOR[(n + i) % len(SPENT_FOR)],
            )
            for i, day in enumerate(days)
        ]
    CampaignCost.objects.bulk_create(costs)


def _tell_customers(deals: Sequence[Opportunity], at: datetime) -> None:
    """Customers of long standing have bought more, renewed, or left."""
    events = []
    for n, deal in enumerate(deals):
        days, kind, share = AFTERS[n % len(AFTERS)]
        if deal.closed_at is None or deal.lead.stage != LifecycleStage.CUSTOMER:
            continue
        when = deal.closed_at + timedelta(days=days)
        if when > at:
            continue
        worth = None if share is None or deal.amount is None else deal.amount * share
        events.append(
            CustomerEvent(
                lead=deal.lead,
                kind=kind,
                occurred_on=when.date(),
                amount=worth and worth.quantize(Decimal("0.01")),
                currency=deal.currency,
                actor_id=deal.lead.owner_id,
                recorded_at=when,
            )
        )
    CustomerEvent.objects.bulk_create(events)
