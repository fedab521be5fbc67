"""The organisation's own fields, and what they say of a contact, a company or a lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leads.attributes import tell_value
from leads.enums import AttributeKind, AttributeSubject
from leads.models import Company, Contact, CustomAttribute, Lead
from leads.selectors.companies import visible_company
from leads.selectors.contacts import visible_contact
from leads.selectors.details import visible_lead

Holder = Contact | Company | Lead


@dataclass(frozen=True)
class OwnValue:
    """One field with its value on a row, as kept and as text."""

    attribute: CustomAttribute
    value: Any
    text: str


def all_attributes() -> list[tuple[AttributeSubject, list[CustomAttribute]]]:
    """Return every field by what it describes, those out of use last; one statement."""
    rows = list(CustomAttribute.objects.order_by("-is_active", "label", "id"))
    return [(one, [row for row in rows if row.subject == one]) for one in AttributeSubject]


def attributes_in_use(subject: AttributeSubject) -> list[CustomAttribute]:
    """Return the fields in use on `subject`; one statement."""
    return list(CustomAttribute.objects.filter(subject=subject, is_active=True))


def own_values(row: Holder, attributes: Sequence[CustomAttribute]) -> list[OwnValue]:
    """Return each of `attributes` with its value on `row`."""
    found = []
    for one in attributes:
        value = row.attributes.get(one.key)
        found.append(OwnValue(one, value, tell_value(AttributeKind(one.kind), value)))
    return found


def visible_holder(user: Any, subject: AttributeSubject, pk: int) -> Holder:
    """Return the row that carries values; raises NotFound for one that `user` does not see."""
    if subject is AttributeSubject.LEAD:
        return visible_lead(user, pk)
    if subject is AttributeSubject.COMPANY:
        return visible_company(user, pk)
    return visible_contact(user, pk)
