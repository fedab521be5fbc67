"""One person, several rows: a merged contact points to the one it was merged into.

Merges move no history, so whoever reads touches, leads or outside ids of a person reads those of
every row that stands for it. Chains are flat: what a row points to points nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from leads.models import Contact, Lead

# Two joins by key instead of one condition with "or": each is walked by its own index.
UNITED_SQL = """
    WITH asked AS (
        SELECT id, COALESCE(merged_into_id, id) AS head FROM leads_contact WHERE id = ANY(%s)
    )
    (SELECT asked.id, asked.head FROM asked)
    UNION ALL
    (SELECT asked.id, c.id FROM asked JOIN leads_contact AS c ON c.merged_into_id = asked.head
     ORDER BY c.id)
"""


def contact_ids_of(contact_id: int) -> list[int]:
    """Return the ids of the person behind `contact_id`, the one that counts first; one statement.

    A contact that is unknown stands for itself.
    """
    return united_ids([contact_id])[contact_id]


def canonical_id(contact_id: int) -> int:
    """Return the id of the contact that stands for `contact_id`; one statement."""
    return canonical_ids([contact_id])[contact_id]


def canonical_ids(contact_ids: Iterable[int]) -> dict[int, int]:
    """Return for each contact the id of the one that stands for it; one statement."""
    wanted = set(contact_ids)
    heirs = Contact.objects.filter(id__in=wanted).values_list(
        "id", Coalesce("merged_into_id", "id")
    )
    return {**{pk: pk for pk in wanted}, **dict(heirs)}


def united_ids(contact_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return for each contact the ids of its person, the one that counts first; one statement."""
    wanted = sorted(set(contact_ids))
    people: dict[int, list[int]] = {pk: [] for pk in wanted}
    with connection.cursor() as cursor:
        cursor.execute(UNITED_SQL, [wanted])
        for asked, pk in cursor.fetchall():
            people[asked].append(pk)
    return {asked: ids or [asked] for asked, ids in people.items()}


def contacts_of_person(contact_id: int) -> QuerySet[Contact]:
    """Return the rows of the person whose canonical contact is `contact_id`, for use in filters."""
    return Contact.objects.filter(Q(id=contact_id) | Q(merged_into_id=contact_id))


def leads_of_people(contacts: Iterable[Contact]) -> QuerySet[Any]:
    """Return the leads of the people whom these rows stand for, of the rows merged with them too.

    Each comes with `person_id`, the contact that counts; see `person_of`. Costs one statement
    besides the reading of the leads.
    """
    rows = Lead.objects.filter(contact_id__in=rows_of_people(contacts))
    return rows.annotate(person_id=Coalesce("contact__merged_into_id", "contact_id"))


def rows_of_people(contacts: Iterable[Contact]) -> list[int]:
    """Return the ids of all rows of the people whom these rows stand for; one statement.

    A list, not a condition: joined into a larger statement as one, it makes PostgreSQL read whole
    tables again and again while nobody has counted them yet.
    """
    heads = {person_of(contact) for contact in contacts}
    merged = Contact.objects.filter(merged_into_id__in=heads).order_by()
    return sorted(heads.union(merged.values_list("id", flat=True)))


def person_of(contact: Contact) -> int:
    """Return the id of the contact that stands for this one."""
    return contact.merged_into_id or contact.pk


def canonical_lead_id(lead_id: int) -> int:
    """Return the id of the lead that `lead_id` was merged into, else its own; one statement."""
    heir = Lead.objects.filter(id=lead_id).values_list("merged_into_id", flat=True).first()
    return heir or lead_id
