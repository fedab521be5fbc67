"""The people of a chunk: found by e-mail or an id elsewhere, locked, made or filled by sets.

The rules are those of `leads.services.contacts`, for rows that were read already: what cannot be a
contact has been refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import User
from leads.enums import AttributeSubject
from leads.folding import fold, words
from leads.mapping import Mapping as FileMapping
from leads.mapping import ReadRow
from leads.mapping.shape import TEXTS
from leads.models import Contact, ContactExternalId
from leads.services.copying import NULL, Copier, or_null, quoted, stamp
from leads.services.importing.employers import Employer
from leads.services.importing.own import NOTHING, Values, as_json, learnt, own_line
from leads.services.locking import lock_leads_of, wait_in_line

LONGEST_KEY = 200
CONTACTS = Copier(
    Contact, "id", "email", "given_name", "family_name", "sort_key", "phone", "job_title",
    "country", "city", "company_id", "captured_by_id", "captured_through", "first_mql_at",
    "created_at", "search", "attributes",
)  # fmt: skip
OUTSIDE_IDS = Copier(ContactExternalId, "contact_id", "system", "external_id")
# Two walks by index instead of one condition with "or".
IDENTITIES_SQL = """
    SELECT 'email', '', email, id, COALESCE(merged_into_id, id)
        FROM leads_contact WHERE email = ANY(%s)
    UNION ALL
    SELECT 'key', e.system, e.external_id, c.id, COALESCE(c.merged_into_id, c.id)
        FROM unnest(%s::text[], %s::text[]) AS asked(system, external_id)
        JOIN leads_contactexternalid AS e USING (system, external_id)
        JOIN leads_contact AS c ON c.id = e.contact_id
"""
PEOPLE_SQL = f"""
    SELECT c.id, c.email, {", ".join(f"c.{name}" for name in TEXTS)}, c.company_id, o.name,
        CASE WHEN c.attributes = '{{}}' THEN NULL ELSE c.attributes END
    FROM leads_contact AS c LEFT JOIN leads_company AS o ON o.id = c.company_id
    WHERE c.id = ANY(%s) ORDER BY c.id FOR NO KEY UPDATE OF c
"""  # noqa: S608  # fixed names
CHANGED = ("email", *TEXTS, "sort_key", "search")
CHANGE_SQL = f"""
    UPDATE leads_contact AS old SET {", ".join(f"{name} = new.{name}" for name in CHANGED[:-1])},
        search = new.search::tsvector, attributes = new.own::jsonb,
        company_id = new.company_id, version = old.version + 1
    FROM unnest(%s::bigint[], {"%s::text[], " * len(CHANGED)} %s::text[],
        %s::bigint[]) AS new(id, {", ".join(CHANGED)}, own, company_id)
    WHERE old.id = new.id
"""  # noqa: S608  # fixed names


@dataclass(slots=True, eq=False)
class Person:
    """A contact as the chunk knows it; `id` 0 until it is written. `learnt`: by the last row."""

    id: int = 0
    email: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    employer: Employer | None = None
    captured_through: str = ""
    is_new: bool = False
    is_changed: bool = False
    learnt: bool = False
    mql_since: datetime | None = None
    own: Values = field(default_factory=dict)

    @property
    def sort_key(self) -> str:
        """The name, else the e-mail, folded for order."""
        names = (self.texts.get("family_name", ""), self.texts.get("given_name", ""))
        return (fold(" ".join(names)) or fold(self.email))[:LONGEST_KEY]

    @property
    def search(self) -> str:
        """The words by which the person is found, as PostgreSQL writes a vector of the kind
        `simple` (see `leads.services.contacts.search_words`)."""
        told = self.texts.get
        name = self.employer.name if self.employer else ""
        texts = (told("given_name", ""), told("family_name", ""), self.email, told("phone", ""))
        found = words(" ".join((*texts, name)))
        return " ".join([f"{word}:{place}" for place, word in enumerate(found, start=1)])


class People:
    """Whom the rows of a chunk mean."""

    def __init__(self, mapping: FileMapping) -> None:
        self._by_email: dict[str, Person] = {}
        self._by_key: dict[tuple[str, str], Person] = {}
        self._new: list[Person] = []
        self._new_keys: list[tuple[Person, tuple[str, str]]] = []
        self._mapping = mapping
        self.known: dict[int, Person] = {}

    def read(self, rows: Sequence[ReadRow]) -> None:
        """Stand in line for the rows' people, then read and lock whoever is known of them; two
        statements when nobody is."""
        emails = sorted({row.values["email"] for row in rows if "email" in row.values})
        keys = sorted({key for row in rows for key in row.keys})
        wait_in_line(emails, keys)
        with connection.cursor() as cursor:
            asked = [emails, [system for system, _id in keys], [one for _system, one in keys]]
            cursor.execute(IDENTITIES_SQL, asked)
            found = cursor.fetchall()
        if not found:
            return
        lock_leads_of((), {pk for *_rest, pk, _head in found})
        heads = self._read_heads({head for *_rest, head in found})
        for kind, system, told, _pk, head in found:
            if kind == "email":
                self._by_email[told] = heads[head]
            else:
                self._by_key[system, told] = heads[head]

    def _read_heads(self, ids: Iterable[int]) -> Mapping[int, Person]:
        with connection.cursor() as cursor:
            cursor.execute(PEOPLE_SQL, [sorted(ids)])
            for pk, email, *texts, company_id, company, own in cursor.fetchall():
                employer = Employer(company_id, company) if company_id else None
                told = dict(zip(TEXTS, texts, strict=True))
                person = self.known[pk] = Person(pk, email or "", told, employer)
                person.own = json.loads(own) if own else NOTHING
        return self.known

    def find(self, row: ReadRow) -> tuple[Person | None, bool]:
        """Return whom a row means, and whether it means two people at once."""
        email = row.values.get("email")
        found = self._by_email.get(email) if email else None
        for key in row.keys:
            other = self._by_key.get(key)
            if other is not None and found is not None and other is not found:
                return found, True
            found = found or other
        return found, False

    def take(self, row: ReadRow, found: Person | None, employer: Employer | None) -> Person:
        """Return the person of a row that comes in: made, or filled as the policies say."""
        if found is None:
            found = self._make(row, employer)
        else:
            found.learnt = self._learn(found, row, employer)
            found.is_changed = found.is_changed or found.learnt
        if found.email:
            self._by_email.setdefault(found.email, found)
        for key in row.keys:
            if key not in self._by_key:
                self._by_key[key] = found
                self._new_keys.append((found, key))
                found.learnt = True
        return found

    def _make(self, row: ReadRow, employer: Employer | None) -> Person:
        values = row.values
        person = Person(
            email=values.get("email", ""),
            texts={name: values[name] for name in TEXTS if name in values},
            employer=employer,
            captured_through=values.get("captured_through", ""),
            is_new=True,
            own=row.own.get(AttributeSubject.CONTACT, NOTHING) if row.own else NOTHING,
        )
        self._new.append(person)
        return person

    def _learn(self, person: Person, row: ReadRow, employer: Employer | None) -> bool:
        """Fill or replace as the policies say; tell whether anything is new."""
        values, is_new = row.values, False
        for name in TEXTS:
            value = values.get(name)
            if value and self._mapping.takes(name, person.texts.get(name), value):
                person.texts[name], is_new = value, True
        known = person.employer
        if employer is not None and self._mapping.takes("company", known, employer):
            person.employer, is_new = employer, True
        if not person.email and "email" in values:
            person.email, is_new = values["email"], True
        told = row.own.get(AttributeSubject.CONTACT, NOTHING) if row.own else NOTHING
        own = learnt(person.own, told, AttributeSubject.CONTACT, self._mapping) if told else None
        if own is not None:
            person.own, is_new = own, True
        return is_new

    @property
    def new(self) -> list[Person]:
        """Those that are to be written; they have no id yet."""
        return self._new

    def write(self, ids: Sequence[int], *, actor: User | None, at: datetime) -> None:
        """Write new people with these ids, what was learnt of known ones, and the outside ids."""
        # In one order everywhere, so that two writers of the same addresses never wait in a ring.
        self._new.sort(key=lambda person: person.email)
        for person, pk in zip(self._new, ids, strict=True):
            person.id = pk
        by = or_null(actor.pk if actor else None)
        CONTACTS.write([_line(person, by, stamp(at)) for person in self._new])
        self._write_changed([one for one in self.known.values() if one.is_changed])
        OUTSIDE_IDS.write(
            [
                OUTSIDE_IDS.line % (person.id, quoted(system), quoted(told))
                for person, (system, told) in self._new_keys
            ]
        )

    @staticmethod
    def _write_changed(changed: Sequence[Person]) -> None:
        if not changed:
            return
        columns: list[list[Any]] = [
            [one.id for one in changed],
            [one.email or None for one in changed],
            *([one.texts.get(name, "") for one in changed] for name in TEXTS),
            [one.sort_key for one in changed],
            [one.search for one in changed],
            [as_json(one.own) for one in changed],
            [one.employer.id if one.employer else None for one in changed],
        ]
        with connection.cursor() as cursor:
            cursor.execute(CHANGE_SQL, columns)


def _line(person: Person, by: object, at: str) -> str:
    told = person.texts.get
    texts: Sequence[str] = (
        person.email,
        person.captured_through or "import",
        person.sort_key,
        *[told(name, "") for name in TEXTS],
    )
    whole = "".join(texts)
    if "\\" in whole or not whole.isprintable():
        texts = [quoted(text) for text in texts]
    email, through, sort_key, given, family, phone, title, country, city = texts
    return CONTACTS.line % (
        person.id,
        email or NULL,
        given,
        family,
        sort_key,
        phone,
        title,
        country,
        city,
        person.employer.id if person.employer else NULL,
        by,
        through,
        stamp(person.mql_since),
        at,
        person.search,
        own_line(person.own),
    )
