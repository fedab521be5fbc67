"""Contacts and companies begun by hand: a prospect, an account before anybody is known there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.folding import fold
from leads.models import Company, Contact, NotDuplicate
from leads.moving import Refusal
from leads.rules import decides_on_leads
from leads.services.contacts import ContactFacts, new_contact
from leads.services.editing import NOT_YOURS, readable_company
from leads.services.second_look import looking_twice
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

KNOWN = _("%(name)s is known already.")
FIELDS = frozenset({"name", "domain", "sector", "country", "employees", "owner_id", "attributes"})


class ContactKnown(Refused):
    """Somebody with this identity is there already; `contact` is who."""

    code = "contact_known"

    def __init__(self, contact: Contact, field: str) -> None:
        message = KNOWN % {"name": contact.name}
        super().__init__(message)
        self.contact = contact
        self.fields = {field: [message]}


@looking_twice
def create_contact(facts: ContactFacts, *, actor: User, at: datetime) -> Contact:
    """Make a contact without a lead: a prospect. Raises ContactKnown, having changed nothing, when
    the identity is known, since long or since a moment; BadInput for what cannot be read;
    NotAllowed."""
    _may_record(actor)
    found, is_new = new_contact(facts, actor=actor, at=at)
    if isinstance(found, Refusal):
        raise BadInput(found.message, code=found.code)
    if not is_new:
        raise ContactKnown(found, "email" if facts.email else "external_id")
    return found


@looking_twice
def create_company(values: Mapping[str, Any], *, actor: User, at: datetime) -> Company:
    """Make a company. Raises BadInput for an empty name or another's domain; NotAllowed."""
    _may_record(actor)
    given = {name: value for name, value in values.items() if name in FIELDS}
    given = readable_company({"name": "", **given})
    return Company.objects.create(**given, sort_key=fold(given["name"])[:200], created_at=at)


def say_not_duplicate(one_id: int, two_id: int, *, actor: User, at: datetime) -> NotDuplicate:
    """Remember that two contacts are two people; saying it again changes nothing."""
    _may_record(actor)
    first, second = sorted((one_id, two_id))
    if first == second or Contact.objects.filter(id__in=(first, second)).count() != 2:  # noqa: PLR2004
        raise NotFound(_("One of the two is not there any more."))
    said, _new = NotDuplicate.objects.get_or_create(
        first_id=first, second_id=second, defaults={"said_by": actor, "said_at": at}
    )
    return said


def _may_record(actor: User) -> None:
    if not decides_on_leads(standing(actor)):
        raise NotAllowed(NOT_YOURS)
