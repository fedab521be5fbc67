"""What the pages of contacts show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.rules import standing
from leads.merging import UNDO_DAYS
from leads.models import Contact, ContactExternalId, CustomAttribute, Lead, Merge, Touch
from leads.querysets import ContactQuerySet
from leads.selectors.duplicates import Duplicate, duplicates_of
from smarketing.errors import NotFound

MOST_TOUCHES = 20
MOST_CHOICES = 200
# Every value that an index begins with, one jump a value: as quick with a million rows.
VALUES_SQL = """
    WITH RECURSIVE found AS (
        (SELECT {column} AS value FROM {table} ORDER BY {column} LIMIT 1)
        UNION ALL
        SELECT (SELECT {column} FROM {table} WHERE {column} > found.value
                ORDER BY {column} LIMIT 1)
        FROM found WHERE found.value IS NOT NULL
    )
    SELECT value FROM found WHERE value <> '' LIMIT %s
"""


def listed_contacts(user: Any) -> ContactQuerySet:
    """Return the contacts that `user` may see, with what a row shows, unordered."""
    rows = Contact.objects.canonical().visible_to(user, standing(user))
    return rows.select_related("company").defer("search")


def known_values(table: str, column: str) -> list[str]:
    """Return the different values of an indexed text column, at most 200; one statement.

    `table` and `column` are names of ours, never anybody's input.
    """
    with connection.cursor() as cursor:
        cursor.execute(VALUES_SQL.format(table=table, column=column), [MOST_CHOICES])
        return [value for (value,) in cursor.fetchall()]


def latest_leads(user: Any, contacts: Iterable[Contact]) -> dict[int, Lead]:
    """Return of each person the cycle that began last, by canonical contact id; one statement."""
    people = Contact.objects.filter(_of_people([contact.pk for contact in contacts]))
    rows: Any = (
        Lead.objects.visible_to(user, standing(user))
        .filter(contact_id__in=people.values("id"))
        .annotate(person_id=Coalesce("contact__merged_into_id", "contact_id"))
        .order_by("person_id", F("created_at").desc(), "-id")
        .distinct("person_id")
    )
    return {lead.person_id: lead for lead in rows}


def _of_people(ids: Sequence[int]) -> Q:
    return Q(id__in=ids) | Q(merged_into_id__in=ids)


@dataclass(frozen=True)
class ContactPage:
    """Everything of a person that the page shows; a constant number of statements."""

    contact: Contact
    merged_from: Sequence[Contact]
    leads: Sequence[Lead]
    touches: Sequence[Touch]
    external_ids: Sequence[ContactExternalId]
    merges: Sequence[Merge]
    duplicates: Sequence[Duplicate]
    attributes: Sequence[tuple[Any, Any]]

    @property
    def first_mql_at(self) -> datetime | None:
        """When the person first became an MQL, on whichever of its rows."""
        known = [row.first_mql_at for row in (self.contact, *self.merged_from) if row.first_mql_at]
        return min(known, default=None)

    @property
    def open_leads(self) -> list[Lead]:
        """The cycles that still run."""
        return [lead for lead in self.leads if lead.position.is_open]


def visible_contact(user: Any, pk: int) -> Contact:
    """Return a contact with its company; raise NotFound when `user` does not see it."""
    rows = Contact.objects.visible_to(user, standing(user)).defer("search")
    found = rows.select_related("company", "captured_by", "merged_into").filter(pk=pk).first()
    if found is None:
        raise NotFound("no such contact")
    return found


def contact_page(user: Any, contact: Contact, *, at: datetime) -> ContactPage:
    """Return what the page of `contact` (a canonical one) shows to `user`."""
    merged = list(Contact.objects.filter(merged_into=contact).defer("search").order_by("id"))
    ids = [contact.pk, *(row.pk for row in merged)]
    return ContactPage(
        contact=contact,
        merged_from=merged,
        leads=_cycles(user, ids),
        touches=list(_touches(ids)[:MOST_TOUCHES]),
        external_ids=list(ContactExternalId.objects.filter(contact_id__in=ids).order_by("id")),
        merges=_undoable(contact, at),
        duplicates=duplicates_of(user, contact.pk),
        attributes=attributes_of(contact, "CONTACT"),
    )


def _cycles(user: Any, ids: Sequence[int]) -> list[Lead]:
    rows = Lead.objects.visible_to(user, standing(user)).filter(contact_id__in=ids)
    found = rows.select_related("product_line", "owner", "campaign", "source")
    return sorted(found, key=lambda lead: (lead.began_at, lead.pk), reverse=True)


def _touches(ids: Sequence[int]) -> QuerySet[Touch]:
    rows = Touch.objects.filter(contact_id__in=ids).select_related("campaign", "source")
    return rows.order_by("-occurred_at", "-id")


def _undoable(contact: Contact, at: datetime) -> list[Merge]:
    since = at - timedelta(days=UNDO_DAYS)
    rows = Merge.objects.filter(winner=contact, undone_at__isnull=True, merged_at__gte=since)
    return list(rows.select_related("loser", "actor").order_by("-id"))


def attributes_of(row: Any, subject: str) -> list[tuple[Any, Any]]:
    """Return the organisation's own fields in use on `row`: label and value; one statement."""
    known = CustomAttribute.objects.filter(subject=subject, is_active=True)
    return [(one.label, row.attributes.get(one.key)) for one in known]
