"""After the sale: renewed, expanded, left. Told on the customer, never new revenue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import CustomerEventKind, Disposition
from leads.models import CustomerEvent, Lead
from leads.money import read_currency
from leads.selectors.organisation import house_day
from leads.services.deals.changing import lock_lead, refuse_stranger
from leads.services.deals.facts import check_amount
from smarketing.errors import BadInput, Refused

NO_CUSTOMER = _("Only a customer renews, expands or leaves; this lead is at %(stage)s.")
HAS_LEFT = _("This customer left on %(day)s.")
BEFORE_THE_SALE = _("This lies before the day on which the customer was won.")
NOT_YET = _("This day lies ahead.")


@dataclass(frozen=True, kw_only=True)
class AfterSale:
    """What happened after the sale, and on which day."""

    kind: CustomerEventKind
    occurred_on: date
    amount: Decimal | None = None
    currency: str = "EUR"
    note: str = ""


@transaction.atomic
def record_customer_event(
    lead_id: int, event: AfterSale, *, actor: User, at: datetime
) -> CustomerEvent:
    """Tell what happened on a customer.

    Raises Refused when the lead is no customer or has left by then, NotAllowed, BadInput by field.
    """
    lead = lock_lead(lead_id)
    refuse_stranger(actor, lead.owner_id, str(lead.owner))
    if lead.disposition != Disposition.WON:
        raise Refused(NO_CUSTOMER % {"stage": lead.get_stage_display()}, code="no_customer")
    _check(event, lead, at)
    left = lead.customer_events.filter(kind=CustomerEventKind.CHURNED).first()
    if left is not None and (event.kind == left.kind or event.occurred_on >= left.occurred_on):
        raise Refused(HAS_LEFT % {"day": f"{left.occurred_on:%Y-%m-%d}"}, code="has_left")
    return CustomerEvent.objects.create(
        lead=lead,
        kind=event.kind,
        occurred_on=event.occurred_on,
        amount=event.amount,
        currency=event.currency,
        note=event.note,
        actor=actor,
        recorded_at=at,
    )


def _check(event: AfterSale, lead: Lead, at: datetime) -> None:
    wrong: dict[str, list[Any]] = {}
    check_amount(event.amount, wrong)
    try:
        read_currency(event.currency)
    except BadInput as bad:
        wrong.update(bad.fields)
    if event.occurred_on > house_day(at):
        wrong["occurred_on"] = [NOT_YET]
    elif lead.customer_at is not None and event.occurred_on < house_day(lead.customer_at):
        wrong["occurred_on"] = [BEFORE_THE_SALE]
    if wrong:
        raise BadInput(_("This cannot be kept like this."), fields=wrong)
