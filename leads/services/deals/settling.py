"""Deals follow their leads: made with the conversion, won, lost and reopened with the row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from leads.enums import Disposition, LifecycleStage
from leads.models import DealStep, Lead, Opportunity, StageTransition, UndoableAction
from leads.models.opportunities import DealState
from leads.selectors.organisation import house_currency
from leads.services.deals.keeping import as_it_is, bring_back, remember_deals

REACHED = (LifecycleStage.OPPORTUNITY, LifecycleStage.CUSTOMER)
STATES = {Disposition.WON: DealState.WON, Disposition.LOST: DealState.LOST}
SETTLED = ["state", "amount", "currency", "closed_at", "rate", "product_line", "competitor"]
REOPENED = [
    "state", "closed_at", "rate", "reason", "competitor", "try_again_on", "changed_at", "version",
    "amount", "note", "expected_close_on", "step",
]  # fmt: skip


Worth = tuple[Decimal, str]


def told_last(known: Worth | None, told: Worth) -> bool:
    """Let what is told stand instead of what was known."""
    return known != told


@dataclass(frozen=True)
class Deal:
    """What is told of the deal of a lead; the amount may be unknown.

    `takes` says whether it stands instead of one that is known (None: there is none).
    """

    lead: Lead
    amount: Decimal | None = None
    currency: str = "EUR"
    takes: Callable[[Worth | None, Worth], bool] = told_last


def settle_deals(deals: Sequence[Deal], *, home: str | None = None) -> None:
    """Bring the opportunity of each lead that has become one to where the lead stands.

    For history: a lead without one gets it; an open one is won or lost with its lead; a settled one
    stays, but learns its amount while it had none. A known amount gives way where the deal `takes`
    the told one. Instants are the lead's own. A won deal in the
    organisation's currency (`home`, where the caller knows it) has rate 1. At most four statements.
    """
    reached = {deal.lead.pk: deal for deal in deals if deal.lead.stage in REACHED}
    if not reached:
        return
    rows = Opportunity.objects.filter(lead_id__in=reached, is_first=True)
    known = {row.lead_id: row for row in rows}
    new = [
        _settle(Opportunity(lead=d.lead, is_first=True), d)
        for pk, d in reached.items()
        if pk not in known
    ]
    changed = [_settle(row, reached[pk]) for pk, row in known.items() if _learns(row, reached[pk])]
    _rate_at_home([*new, *changed], home)
    Opportunity.objects.bulk_create(new)
    if changed:
        Opportunity.objects.bulk_update(changed, SETTLED)


def _learns(row: Opportunity, deal: Deal) -> bool:
    return row.state == DealState.OPEN or (row.amount is None and deal.amount is not None)


def _takes(row: Opportunity, deal: Deal) -> bool:
    known = None if row.amount is None else (row.amount, row.currency)
    return deal.amount is not None and deal.takes(known, (deal.amount, deal.currency))


def _settle(row: Opportunity, deal: Deal) -> Opportunity:
    lead = deal.lead
    row.product_line_id = row.product_line_id or lead.product_line_id
    if row.pk is None or _takes(row, deal):
        row.amount, row.currency = deal.amount, deal.currency
    row.opened_at = row.opened_at or lead.opportunity_at
    if row.state == DealState.OPEN:
        row.state = STATES.get(Disposition(lead.disposition), DealState.OPEN)
        row.closed_at = lead.closed_at if row.state != DealState.OPEN else None
    if row.state == DealState.LOST and row.competitor_id is None:
        row.competitor_id = lead.competitor_id
    return row


def _rate_at_home(rows: Iterable[Opportunity], home: str | None = None) -> None:
    """Give rate 1 to deals won in the organisation's own currency."""
    won = [row for row in rows if row.state == DealState.WON and row.rate is None]
    home = home or (house_currency() if won else "")
    for row in won:
        row.rate = Decimal(1) if row.currency == home else None


def follow_leads(
    sender: Any,
    transitions: Sequence[StageTransition],
    *,
    history: bool,
    at: datetime,
    action: UndoableAction | None = None,
    **_: Any,
) -> None:
    """Keep deals true to moves made now, whichever door they came through.

    A lead that becomes an opportunity has its first deal; one that becomes a customer has won a
    deal; one that is lost has lost all that were open. History settles its own deals. No statement
    for moves that touch no deal, else at most six, however many leads there are.
    """
    if history:
        return
    moved = {row.lead_id: row for row in transitions if _touches_deals(row) and not row.inferred}
    if not moved:
        return
    deals: dict[int, list[Opportunity]] = {pk: [] for pk in moved}
    for deal in Opportunity.objects.filter(lead_id__in=moved).order_by("-is_first", "id"):
        deals[deal.lead_id].append(deal)
    new = _first_deals([row for pk, row in moved.items() if not deals[pk]], at)
    for deal in new:
        deals[deal.lead_id].append(deal)
    before = {deal.pk: as_it_is(deal) for known in deals.values() for deal in known if deal.pk}
    closed = [deal for pk, row in moved.items() for deal in _close(deals[pk], row, at)]
    _rate_at_home(closed)
    Opportunity.objects.bulk_create(new)
    kept = [deal for deal in closed if deal not in new]
    if kept:
        fields = ["state", "closed_at", "rate", "reason", "competitor", "note", "version"]
        Opportunity.objects.bulk_update(kept, [*fields, "changed_by", "changed_at"])
    remember_deals(action, [before[deal.pk] for deal in kept])


def _touches_deals(row: StageTransition) -> bool:
    entered = row.to_stage in REACHED and row.from_stage != row.to_stage
    lost = row.to_disposition == Disposition.LOST and row.from_stage == LifecycleStage.OPPORTUNITY
    return entered or lost


def _first_deals(rows: Sequence[StageTransition], at: datetime) -> list[Opportunity]:
    if not rows:
        return []
    step = DealStep.objects.filter(is_active=True).first()
    currency = house_currency()
    return [
        Opportunity(
            lead=row.lead,
            is_first=True,
            owner_id=row.lead.owner_id,
            step=step,
            product_line_id=row.lead.product_line_id,
            currency=currency,
            opened_at=row.lead.opportunity_at or row.effective_at,
            changed_by=row.actor,
            changed_at=at,
        )
        for row in rows
    ]


def _close(deals: Sequence[Opportunity], row: StageTransition, at: datetime) -> list[Opportunity]:
    """Win the first open deal of a new customer that has won none; lose all of a lost lead."""
    still_open = [deal for deal in deals if deal.state == DealState.OPEN]
    state = STATES.get(Disposition(row.to_disposition))
    if state is DealState.WON:
        has_won = any(deal.state == DealState.WON for deal in deals)
        still_open = [] if has_won else still_open[:1]
    elif state is None:
        return []
    for deal in still_open:
        deal.state, deal.closed_at = state, row.effective_at
        deal.changed_by, deal.changed_at, deal.version = row.actor, at, deal.version + 1
        if state is DealState.LOST:
            deal.reason, deal.note = row.reason, row.note
            deal.competitor_id = row.lead.competitor_id
    return still_open


def forget_undone(
    sender: Any,
    transitions: Sequence[StageTransition],
    *,
    at: datetime,
    action: UndoableAction | None = None,
    **_: Any,
) -> None:
    """Take deals back with the moves that made, won or lost them: what they made is gone, what they
    closed is as it was before. At most four statements.
    """
    stages = [(row, _touches_deals(row)) for row in transitions if not row.inferred]
    undone = [row for row, touches in stages if touches]
    made = Q(pk__in=())
    reopened = Q(pk__in=())
    for row in undone:
        since = row.effective_at
        if row.to_disposition in STATES:
            state = STATES[Disposition(row.to_disposition)]
            reopened |= Q(lead_id=row.lead_id, state=state, closed_at__gte=since)
        if row.from_stage not in REACHED:
            made |= Q(lead_id=row.lead_id, opened_at__gte=since)
    if not undone:
        return
    Opportunity.objects.filter(made).delete()
    deals = list(Opportunity.objects.filter(reopened).order_by("id"))
    for deal in deals:
        deal.state, deal.closed_at, deal.rate = DealState.OPEN, None, None
        deal.reason, deal.competitor_id, deal.try_again_on = "", None, None
        deal.changed_at, deal.version = at, deal.version + 1
    bring_back(deals, action)
    if deals:
        Opportunity.objects.bulk_update(deals, REOPENED)
