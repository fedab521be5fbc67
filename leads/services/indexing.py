"""The words by which contacts are found, kept right whatever changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Q

from leads.folding import fold, words
from leads.models import Contact

INDEX_SQL = """
    UPDATE leads_contact AS old
    SET search = to_tsvector('simple', new.text), sort_key = new.sort_key
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new(id, text, sort_key)
    WHERE old.id = new.id
"""


def index_people(contact_ids: Iterable[int]) -> None:
    """Write anew by which words the people of these canonical contacts are found; two statements.

    Everyone of a person's rows is found by the words of all of them and stands at the place of the
    one that counts, so that leads of a merged contact are found under either name.
    """
    wanted = set(contact_ids)
    if not wanted:
        return
    rows = Contact.objects.filter(Q(id__in=wanted) | Q(merged_into_id__in=wanted))
    people: dict[int, list[Contact]] = {}
    for row in rows.select_related("company").defer("search").order_by("id"):
        people.setdefault(row.merged_into_id or row.pk, []).append(row)
    write_index([entry for head, rows in people.items() for entry in _entries(head, rows)])


def index_company(company_id: int) -> None:
    """Write anew the words of everyone who works at a company; two statements."""
    rows = Contact.objects.filter(company_id=company_id)
    index_people({head or pk for pk, head in rows.values_list("id", "merged_into_id")})


def _entries(head: int, rows: Sequence[Contact]) -> list[tuple[int, str, str]]:
    text = " ".join(word for row in rows for word in words_of(row))
    first = next((row for row in rows if row.pk == head), rows[0])
    return [(row.pk, text, sort_key_of(first)) for row in rows]


def words_of(contact: Contact) -> list[str]:
    """Return the folded words of a contact and its company; an e-mail falls into its parts."""
    company = contact.company.name if contact.company else ""
    named = words(contact.given_name, contact.family_name, contact.email or "", contact.phone)
    return named + words(company)


def sort_key_of(contact: Contact) -> str:
    """Return what a contact is ordered by: family and given name, else the e-mail, folded."""
    return (fold(f"{contact.family_name} {contact.given_name}") or fold(contact.email or ""))[:200]


def write_index(entries: Sequence[tuple[int, str, str]]) -> None:
    """Write (contact, words, place in the order) rows by one statement."""
    if not entries:
        return
    with connection.cursor() as cursor:
        cursor.execute(INDEX_SQL, [list(column) for column in zip(*entries, strict=True)])
