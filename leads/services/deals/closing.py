"""How a deal ends: the first win makes a customer, the last loss loses the lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import Cause, CustomerEventKind, Disposition, LifecycleStage
from leads.models import Competitor, CustomerEvent, Lead, Opportunity, UndoableAction
from leads.models.opportunities import DealState
from leads.money import NO_RATE
from leads.moving import Move
from leads.reasons import CodedReason
from leads.selectors.house import house_rules
from leads.selectors.organisation import house_currency, house_day
from leads.services.deals.changing import NO_SUCH_DEAL, lock_lead, lock_open_deal, sign
from leads.services.deals.facts import check_amount
from leads.services.deals.keeping import as_it_is, remember_deals
from leads.services.moves import move_leads
from smarketing.errors import BadInput, NotFound, Refused

RATE_NEEDED = _("Say how many %(home)s one %(currency)s is worth on the day of the close.")
AMOUNT_NEEDED = _("Say what the deal is worth.")
REASON_NEEDED = _("Choose the reason.")
NOTE_NEEDED = _("Say in a few words what the other reason is.")
UNKNOWN_COMPETITOR = _("There is no such competitor.")
DAY_AHEAD = _("A day after today, within five years.")
LEAD_CLOSED = _("This lead is closed: %(disposition)s.")
LONGEST_WAIT = timedelta(days=5 * 366)
CLOSED = ["state", "closed_at", "changed_by", "changed_at", "version"]


@dataclass(frozen=True)
class DealOutcome:
    """A deal that entered the gate, and what its person may take back; None when no stage moved."""

    deal: Opportunity
    action: UndoableAction | None = None


@dataclass(frozen=True, kw_only=True)
class Win:
    """What is told of a win. `rate`: the organisation's currency for one of the deal's, needed
    when the two differ; `amount`: what it came to, None to keep what the deal says."""

    amount: Decimal | None = None
    rate: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Loss:
    """What is told of a loss; `try_again_on` None is never."""

    reason: str
    note: str = ""
    competitor_id: int | None = None
    try_again_on: date | None = None


@transaction.atomic
def win_opportunity(
    opportunity_id: int,
    win: Win,
    *,
    version: int | None = None,
    actor: User,
    at: datetime,
    cause: Cause = Cause.USER,
) -> DealOutcome:
    """Win an open deal. The lead's first win makes it a CUSTOMER through the gate: new revenue.

    A later win is an expansion: it is told on the customer and is never new revenue. The rate is
    kept with the close, 1 in the organisation's own currency. Raises BadInput (`rate`, `amount`),
    Refused (`closed` or `changed_meanwhile`, naming who), MovesRefused by the gate.
    """
    deal = _lock(opportunity_id, version, actor)
    before = as_it_is(deal)
    amount, rate = _worth(deal, win)
    deal.state, deal.closed_at, deal.amount, deal.rate = DealState.WON, at, amount, rate
    if win.note:
        deal.note = f"{deal.note}\n{win.note}".strip()
    sign(deal, actor, at)
    deal.save(update_fields=[*CLOSED, "amount", "rate", "note"])
    if deal.lead.stage == LifecycleStage.CUSTOMER:
        _tell_expansion(deal, actor, at)
        return DealOutcome(deal)
    move = Move(
        lead_id=deal.lead_id,
        to_stage=LifecycleStage.CUSTOMER,
        note=win.note,
        actor=actor,
        cause=cause,
    )
    return _moved(deal, before, move, at)


def _moved(deal: Opportunity, before: Mapping[str, Any], move: Move, at: datetime) -> DealOutcome:
    """Enter the gate with a deal that was closed; keep how it was for the undo."""
    action = move_leads([move], at=at).action
    remember_deals(action, [before])
    return DealOutcome(deal, action)


def _worth(deal: Opportunity, win: Win) -> tuple[Decimal, Decimal]:
    """Return the amount and the rate of a win."""
    wrong: dict[str, list[Any]] = {}
    amount = win.amount if win.amount is not None else deal.amount
    if amount is None:
        wrong["amount"] = [AMOUNT_NEEDED]
    check_amount(amount, wrong)
    home = house_currency()
    rate = Decimal(1) if deal.currency == home else win.rate
    if rate is None:
        wrong["rate"] = [RATE_NEEDED % {"home": home, "currency": deal.currency}]
    elif not rate.is_finite() or not 0 < rate < Decimal(10) ** 10:
        wrong["rate"] = [NO_RATE]
    if wrong or amount is None or rate is None:
        raise BadInput(_("The win cannot be kept like this."), fields=wrong)
    return amount, rate


def _tell_expansion(deal: Opportunity, actor: User, at: datetime) -> None:
    CustomerEvent.objects.create(
        lead_id=deal.lead_id,
        kind=CustomerEventKind.EXPANDED,
        occurred_on=house_day(at),
        amount=deal.amount,
        currency=deal.currency,
        note=deal.name,
        actor=actor,
        recorded_at=at,
    )


@transaction.atomic
def lose_opportunity(
    opportunity_id: int,
    loss: Loss,
    *,
    version: int | None = None,
    actor: User,
    at: datetime,
    cause: Cause = Cause.USER,
) -> DealOutcome:
    """Lose an open deal with its reason; the last open one loses the lead through the gate.

    On `try_again_on` a lost lead's contact begins a new row (`bring_back_lost`). A customer stays
    one, whatever he does not buy. Raises BadInput by field, Refused (`closed` or
    `changed_meanwhile`, naming who), MovesRefused by the gate.
    """
    deal = _lock(opportunity_id, version, actor)
    before = as_it_is(deal)
    _check_loss(loss, at)
    deal.state, deal.closed_at, deal.reason = DealState.LOST, at, loss.reason
    deal.competitor_id, deal.try_again_on = loss.competitor_id, loss.try_again_on
    if loss.note:
        deal.note = f"{deal.note}\n{loss.note}".strip()
    sign(deal, actor, at)
    deal.save(update_fields=[*CLOSED, "reason", "competitor", "note", "try_again_on"])
    others = Opportunity.objects.filter(lead_id=deal.lead_id, state=DealState.OPEN)
    if deal.lead.disposition != Disposition.OPEN or others.exists():
        return DealOutcome(deal)
    move = Move(
        lead_id=deal.lead_id,
        disposition=Disposition.LOST,
        reason=loss.reason,
        note=loss.note,
        competitor_id=loss.competitor_id,
        actor=actor,
        cause=cause,
    )
    return _moved(deal, before, move, at)


def loss_reasons() -> list[CodedReason]:
    """Return the reasons in use for which a deal may be lost; one statement."""
    return house_rules().reasons_for(Disposition.LOST)


def _check_loss(loss: Loss, at: datetime) -> None:
    reasons: Mapping[str, CodedReason] = {reason.code: reason for reason in loss_reasons()}
    wrong: dict[str, list[Any]] = {}
    if loss.reason not in reasons:
        wrong["reason"] = [REASON_NEEDED]
    elif reasons[loss.reason].note_needed and not loss.note.strip():
        wrong["note"] = [NOTE_NEEDED]
    competitor = loss.competitor_id
    if competitor is not None and not Competitor.objects.filter(pk=competitor).exists():
        wrong["competitor"] = [UNKNOWN_COMPETITOR]
    if loss.try_again_on is not None:
        today = house_day(at)
        if not today < loss.try_again_on <= today + LONGEST_WAIT:
            wrong["try_again_on"] = [DAY_AHEAD]
    if wrong:
        raise BadInput(_("The loss cannot be kept like this."), fields=wrong)


def _lock(opportunity_id: int, version: int | None, actor: User) -> Opportunity:
    """Lock the lead, then the deal; a deal that `actor` may close."""
    found = Opportunity.objects.filter(pk=opportunity_id).values_list("lead_id", flat=True).first()
    if found is None:
        raise NotFound(NO_SUCH_DEAL)
    lead: Lead = lock_lead(found)
    deal = lock_open_deal(opportunity_id, version, actor)
    if lead.disposition not in (Disposition.OPEN, Disposition.WON):
        raise Refused(LEAD_CLOSED % {"disposition": lead.get_disposition_display()})
    return deal
