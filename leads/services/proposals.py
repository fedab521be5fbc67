"""What a capture says otherwise than we know: kept beside it, never written over it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.querysets import normalise_email
from accounts.rules import standing
from leads.enums import ChangeState
from leads.folding import fold
from leads.models import Contact, ProposedChange
from leads.rules import decides_on_leads
from leads.services.contacts import TEXTS, ContactFacts
from leads.services.editing import edit_contact
from smarketing.errors import NotAllowed, NotFound, Refused

FIELDS = (*TEXTS, "email", "company")
LONGEST = 254
NOT_DIGITS = re.compile(r"\D")
GONE = _("There is no such proposal.")
DECIDED = _("This was decided already.")
NOT_YOURS = _("Correcting records is for Marketing and Sales.")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was told of a contact, and by which submission, if by one."""

    contact_id: int
    facts: ContactFacts
    submission_id: int | None = None


def propose_changes(told: Sequence[Told], *, at: datetime) -> int:
    """Keep each told value that differs from a known one; return how many differ.

    Nothing of a contact changes. What waits for a decision already is kept once. The number of
    statements does not grow with the list.
    """
    people = _people({one.contact_id for one in told})
    rows = [
        ProposedChange(
            contact=contact,
            field=field,
            known=known[:LONGEST],
            proposed=proposed[:LONGEST],
            through=one.facts.captured_through,
            submission_id=one.submission_id,
            created_at=at,
        )
        for one in told
        for contact in [people[one.contact_id]]
        for field, (known, proposed) in _differences(contact, one.facts).items()
    ]
    if rows:
        rows.sort(key=lambda row: (row.contact_id, row.field, row.proposed))
        ProposedChange.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _people(ids: set[int]) -> dict[int, Contact]:
    rows = Contact.objects.select_related("company").defer("search").filter(pk__in=ids)
    return {contact.pk: contact for contact in rows}


def _differences(contact: Contact, facts: ContactFacts) -> Mapping[str, tuple[str, str]]:
    told = {name: getattr(facts, name).strip() for name in FIELDS}
    known = {name: known_value(contact, name) for name in FIELDS}
    return {
        name: (known[name], value)
        for name, value in told.items()
        if value and known[name] and _folded(name, value) != _folded(name, known[name])
    }


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
    """Write the proposed value into the contact.

    Raises Refused when it was decided already, and what `edit_contact` raises.
    """
    change = _open(change_id, actor)
    contact = change.contact.canonical
    value: Any = change.proposed
    written = edit_contact(
        contact.pk, {change.field: value}, version=contact.version, actor=actor, at=at
    )
    _decide(change, ChangeState.TAKEN, actor, at)
    return written


@transaction.atomic
def refuse_change(change_id: int, *, actor: User, at: datetime) -> None:
    """Leave the contact as it is. Raises Refused when it was decided already."""
    _decide(_open(change_id, actor), ChangeState.REFUSED, actor, at)


def _open(change_id: int, actor: User) -> ProposedChange:
    if not decides_on_leads(standing(actor)):
        raise NotAllowed(NOT_YOURS)
    rows = ProposedChange.objects.select_for_update(of=("self",))
    change = rows.select_related("contact__merged_into").filter(pk=change_id).first()
    if change is None:
        raise NotFound(GONE)
    if change.state != ChangeState.OPEN:
        raise Refused(DECIDED, code="decided")
    return change


def _decide(change: ProposedChange, state: ChangeState, actor: User, at: datetime) -> None:
    change.state, change.decided_by, change.decided_at = state, actor, at
    change.save(update_fields=["state", "decided_by", "decided_at"])
