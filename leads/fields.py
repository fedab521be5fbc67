"""The vocabulary of fields that criteria ask about: what each is called, its type, how it is read.

Pure over rows that are already loaded: reading a field asks the database nothing when contact,
company, source, campaign and product line are there (`leads.selectors.facts` sees to it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from leads.enums import AttributeKind, AttributeSubject, Origin

if TYPE_CHECKING:
    from leads.models import CustomAttribute, Lead

Read = Callable[["Lead"], Any]


class FieldType(Enum):
    """Of what type a field's values are; numbers and dates alone have an order."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"
    FLAG = "flag"


ORDERED = frozenset({FieldType.NUMBER, FieldType.DATE})


@dataclass(frozen=True, kw_only=True)
class Field:
    """One checkable field. `read` returns its value on a lead: None or "" where it is empty.

    Sources, campaigns and product lines are read as their names, a date as ISO text, a flag as
    true or false.
    """

    key: str
    label: Any
    type: FieldType
    read: Read
    choices: tuple[tuple[Any, Any], ...] = ()

    @property
    def is_custom(self) -> bool:
        """Tell whether the organisation itself added the field."""
        return ".attributes." in self.key


def _contact(name: str) -> Read:
    return lambda lead: getattr(lead.contact, name)


def _company(name: str) -> Read:
    return lambda lead: getattr(lead.contact.company, name, None)


def _name_of(name: str) -> Read:
    return lambda lead: str(getattr(lead, name) or "")


def _own(name: str) -> Read:
    return lambda lead: getattr(lead, name)


_TEXT, _NUMBER = FieldType.TEXT, FieldType.NUMBER
BUILT_IN: tuple[Field, ...] = (
    Field(key="contact.email", label=_("E-mail"), type=_TEXT, read=_contact("email")),
    Field(key="contact.phone", label=_("Phone"), type=_TEXT, read=_contact("phone")),
    Field(key="contact.given_name", label=_("Given name"), type=_TEXT, read=_contact("given_name")),
    Field(
        key="contact.family_name", label=_("Family name"), type=_TEXT, read=_contact("family_name")
    ),
    Field(key="contact.job_title", label=_("Job title"), type=_TEXT, read=_contact("job_title")),
    Field(key="contact.country", label=_("Country"), type=_TEXT, read=_contact("country")),
    Field(key="contact.city", label=_("City"), type=_TEXT, read=_contact("city")),
    Field(key="company.name", label=_("Company"), type=_TEXT, read=_company("name")),
    Field(key="company.domain", label=_("Company domain"), type=_TEXT, read=_company("domain")),
    Field(key="company.sector", label=_("Company sector"), type=_TEXT, read=_company("sector")),
    Field(key="company.country", label=_("Company country"), type=_TEXT, read=_company("country")),
    Field(
        key="company.employees",
        label=_("Company employees"),
        type=_NUMBER,
        read=_company("employees"),
    ),
    Field(key="lead.source", label=_("Source"), type=_TEXT, read=_name_of("source")),
    Field(key="lead.campaign", label=_("Campaign"), type=_TEXT, read=_name_of("campaign")),
    Field(
        key="lead.product_line", label=_("Product line"), type=_TEXT, read=_name_of("product_line")
    ),
    Field(
        key="lead.origin",
        label=_("Origin"),
        type=FieldType.CHOICE,
        read=_own("origin"),
        choices=tuple(Origin.choices),
    ),
    Field(key="lead.returning", label=_("Returning"), type=FieldType.FLAG, read=_own("returning")),
)

_HOLDERS: dict[str, Callable[[Lead], Any]] = {
    AttributeSubject.CONTACT: lambda lead: lead.contact,
    AttributeSubject.COMPANY: lambda lead: lead.contact.company,
    AttributeSubject.LEAD: lambda lead: lead,
}


def _attribute(subject: str, key: str) -> Read:
    def read(lead: Lead) -> Any:
        holder = _HOLDERS[subject](lead)
        return None if holder is None else holder.attributes.get(key)

    return read


def field_of_attribute(attribute: CustomAttribute) -> Field:
    """Return the field that a custom attribute adds: `contact.attributes.<key>` and so on."""
    subject = AttributeSubject(attribute.subject)
    return Field(
        key=f"{subject.value.lower()}.attributes.{attribute.key}",
        label=attribute.label,
        type=FieldType(AttributeKind(attribute.kind).value.lower()),
        read=_attribute(subject, attribute.key),
        choices=tuple((one, one) for one in attribute.choices),
    )


def vocabulary(attributes: Iterable[CustomAttribute] = ()) -> dict[str, Field]:
    """Return every checkable field by its key, built-in ones first."""
    return {one.key: one for one in (*BUILT_IN, *map(field_of_attribute, attributes))}


# The built-in ones alone, for words about a criterion where nobody asks the database.
FIELDS: dict[str, Field] = vocabulary()


def read_all(fields: Mapping[str, Field], lead: Lead) -> dict[str, Any]:
    """Return the value of each field on `lead`, by key."""
    return {key: one.read(lead) for key, one in fields.items()}
