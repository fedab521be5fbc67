"""What a capture says otherwise than we know: kept beside it, never written over it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.querysets import normalise_email
from accounts.rules import standing
from leads.capture_fields import own_key
from leads.enums import ChangeState
from leads.folding import fold
from leads.models import Contact, Lead, ProposedChange
from leads.rules import decides_on_leads
from leads.selectors.attributes import Holder
from leads.services.attributes import write_values
from leads.services.contacts import TEXTS, ContactFacts
from leads.services.editing import edit_contact
from smarketing.errors import NotAllowed, NotFound, Refused

FIELDS = (*TEXTS, "email", "company")
LONGEST = 500
NOT_DIGITS = re.compile(r"\D")
GONE = _("There is no such proposal.")
NO_LEAD = _("The lead that this was told of is gone.")
NO_COMPANY = _("This person works for no company that we know.")
DECIDED = _("This was decided already.")
NOT_YOURS = _("Correcting records is for Marketing and Sales.")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was told of a contact, and by which submission, if by one; `of_lead` are values of own
    fields of its `lead`, `of_company` of whom the person works for."""

    contact_id: int
    facts: ContactFacts
    submission_id: int | None = None
    lead: Lead | None = None
    of_lead: Mapping[str, Any] = field(default_factory=dict)
    of_company: Mapping[str, Any] = field(default_factory=dict)


def propose_changes(told: Sequence[Told], *, at: datetime) -> int:
    """Keep each told value that differs from a known one; return how many differ.

    Nothing of a contact changes. What waits for a decision already is kept once. The number of
    statements does not grow with the list.
    """
    people = _people({one.contact_id for one in told})
    rows = [
        ProposedChange(
            contact=contact,
            field=name,
            known=known[:LONGEST],
            proposed=proposed[:LONGEST],
            through=one.facts.captured_through,
            submission_id=one.submission_id,
            created_at=at,
        )
        for one in told
        for contact in [people[one.contact_id]]
        for name, (known, proposed) in _differences(contact, one).items()
    ]
    if rows:
        rows.sort(key=lambda row: (row.contact_id, row.field, row.proposed))
        ProposedChange.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _people(ids: set[int]) -> dict[int, Contact]:
    rows = Contact.objects.select_related("company").defer("search").filter(pk__in=ids)
    return {contact.pk: contact for contact in rows}


def _differences(contact: Contact, one: Told) -> Mapping[str, tuple[str, str]]:
    told = {name: getattr(one.facts, name).strip() for name in FIELDS}
    known = {name: known_value(contact, name) for name in FIELDS}
    own: tuple[tuple[str, Holder | None, Mapping[str, Any]], ...] = (
        ("contact", contact, one.facts.attributes),
        ("company", contact.company, one.of_company),
        ("lead", one.lead, one.of_lead),
    )
    for subject, row, values in own:
        for key, value in values.items():
            name = f"{subject}.attributes.{key}"
            told[name], known[name] = _plain(value), _plain(row.attributes.get(key) if row else "")
    return {
        name: (known[name], value)
        for name, value in told.items()
        if value and known[name] and _folded(name, value) != _folded(name, known[name])
    }


def _plain(value: Any) -> str:
    """Return a kept value of an own field as the text that reads as the same value."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def known_value(contact: Contact, field: str) -> str:
    """Return what we know of a contact under the name of a form's field."""
    if field == "company":
        return contact.company.name if contact.company else ""
    return str(getattr(contact, field) or "")


def _folded(name: str, value: str) -> str:
    """Return the value as it is compared: case, accents and how a number is spaced say nothing."""
    if name == "email":
        return normalise_email(value)
    return NOT_DIGITS.sub("", value) or fold(value) if name == "phone" else fold(value)


@transaction.atomic
def take_change(change_id: int, *, actor: User, at: datetime) -> Contact:
    """Write the proposed value into the contact, its company, or the lead that it was told of.

    Raises Refused when it was decided already, and what the edit raises.
    """
    change = _open(change_id, actor)
    contact, own = change.contact.canonical, own_key(change.field)
    if own is None:
        value: Any = change.proposed
        edit_contact(contact.pk, {change.field: value}, version=contact.version, actor=actor, at=at)
    else:
        subject, key = own
        row = _holder(change, contact, subject)
        write_values(row, {key: change.proposed}, version=row.version, actor=actor, at=at)
    _decide(change, ChangeState.TAKEN, actor, at)
    return contact


def _holder(change: ProposedChange, contact: Contact, subject: str) -> Holder:
    if subject == "contact":
        return contact
    if subject == "company":
        if contact.company is None:
            raise Refused(NO_COMPANY, code="company_gone")
        return contact.company
    lead = change.submission.lead if change.submission is not None else None
    if lead is None:
        raise Refused(NO_LEAD, code="lead_gone")
    return lead


@transaction.atomic
def refuse_change(change_id: int, *, actor: User, at: datetime) -> None:
    """Leave the contact as it is. Raises Refused when it was decided already."""
    _decide(_open(change_id, actor), ChangeState.REFUSED, actor, at)


def _open(change_id: int, actor: User) -> ProposedChange:
    if not decides_on_leads(standing(actor)):
        raise NotAllowed(NOT_YOURS)
    rows = ProposedChange.objects.select_for_update(of=("self",))
    change = (
        rows.select_related("contact__merged_into", "submission__lead").filter(pk=change_id).first()
    )
    if change is None:
        raise NotFound(GONE)
    if change.state != ChangeState.OPEN:
        raise Refused(DECIDED, code="decided")
    return change


def _decide(change: ProposedChange, state: ChangeState, actor: User, at: datetime) -> None:
    change.state, change.decided_by, change.decided_at = state, actor, at
    change.save(update_fields=["state", "decided_by", "decided_at"])
