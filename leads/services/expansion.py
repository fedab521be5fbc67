"""Existing customers who came as leads: whoever owns the customer hears that there may be more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from accounts.services.notices import Telling, notify_each, withdraw
from leads.enums import Disposition, ReasonOutcome
from leads.models import Contact, Lead, StageTransition
from leads.moving import told_at
from leads.reasons import CodedReason
from leads.services.house import House

EXPANSION_HINT = "expansion_hint"


def hint_at_expansion(
    transitions: Sequence[StageTransition], *, house: House, at: datetime
) -> None:
    """Tell the owner of each customer after the undo window; part of the gate.

    The owner is that of the company, else of the contact's or company's last won lead. A constant
    number of statements, and none unless an existing customer was disqualified.
    """
    closed = [row for row in transitions if row.to_disposition == Disposition.DISQUALIFIED]
    if not closed:
        return
    reasons = house.rules.reasons
    rows = [one for one in closed if one.reason in reasons and _hints(reasons[one.reason])]
    tellings = _tellings(rows) if rows else []
    if tellings:
        due_at = told_at(at, house.rules.settings.undo_seconds)
        notify_each(tellings, EXPANSION_HINT, at=at, due_at=due_at)


def _hints(reason: CodedReason) -> bool:
    return reason.outcome is ReasonOutcome.EXPANSION


def withdraw_hints(
    sender: Any, transitions: Sequence[StageTransition], at: datetime, **_: Any
) -> None:
    """Take back what an undone close would have told; hears `moves_taken_back`."""
    keys = [_key(row) for row in transitions if row.to_disposition == Disposition.DISQUALIFIED]
    if keys:
        withdraw(*keys, at=at)


def _key(row: StageTransition) -> str:
    return f"{EXPANSION_HINT}:{row.pk}"


def _tellings(rows: Sequence[StageTransition]) -> list[Telling]:
    contacts = (
        Contact.objects.select_related("company__owner")
        .defer("search")
        .in_bulk({row.lead.contact_id for row in rows})
    )
    sellers = _sellers(contacts.values())
    tellings = []
    for row in rows:
        contact = contacts[row.lead.contact_id]
        company = contact.company
        owner = company.owner if company else None
        owner = owner if owner and owner.is_active else None
        owner = owner or sellers.get(("contact", contact.pk))
        owner = owner or (sellers.get(("company", company.pk)) if company else None)
        if owner is not None and owner.pk != row.actor_id:
            tellings.append(
                Telling(
                    recipient=owner,
                    params={"name": company.name if company else contact.name},
                    url=reverse("lead-detail", args=[row.lead_id]),
                    dedupe_key=_key(row),
                )
            )
    return tellings


def _sellers(contacts: Any) -> dict[tuple[str, int], User]:
    """Return who owns the last won lead of each contact and company; one statement."""
    people = {contact.pk for contact in contacts}
    companies = {contact.company_id for contact in contacts if contact.company_id}
    won = Lead.objects.filter(disposition=Disposition.WON, owner__is_active=True)
    won = won.filter(contact__company__in=companies) | won.filter(contact__in=people)
    sellers: dict[tuple[str, int], User] = {}
    for lead in won.select_related("owner", "contact").defer("contact__search").order_by("id"):
        if lead.owner is not None:
            sellers["contact", lead.contact_id] = lead.owner
            if lead.contact.company_id is not None:
                sellers["company", lead.contact.company_id] = lead.owner
    return sellers
