"""Contacts and companies at capture: found by identity, created once, never overwritten.

Identity is the normalised e-mail, else the id in another system. What is known stays as it is:
a capture fills only what was empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Q, TextField, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.contact_facts import LONGEST, TEXTS, ContactFacts, refusal_of, tidied
from leads.folding import words
from leads.models import Company, Contact, ContactExternalId
from leads.moving import Refusal
from leads.services.companies import CompanyFacts, companies_for
from leads.services.erasure_list import known_or_erased
from leads.services.indexing import sort_key_of
from leads.services.locking import lock_leads_of

__all__ = ["LONGEST", "TEXTS", "ContactFacts", "contacts_for", "new_contact", "search_words"]

ERASED = _("This person was erased at his own wish, and is not taken in again.")
TWO_CONTACTS = _("The e-mail and the external id belong to two different contacts.")


def contacts_for(
    facts: Sequence[ContactFacts], *, actor: User | None, at: datetime
) -> tuple[list[Contact | Refusal], frozenset[int]]:
    """Return for each of `facts` its contact, locked until the transaction ends, or a refusal; and
    the ids of those who were made just now.

    Must run inside a transaction that stands in line for them. Two parallel callers with one new
    e-mail get one contact. The number of statements does not grow with the list.
    """
    found, known = _taken_in(facts, actor, at)
    return found, known.made


def new_contact(
    facts: ContactFacts, *, actor: User, at: datetime
) -> tuple[Contact | Refusal, bool]:
    """Return the contact that `facts` mean, or a refusal, and whether it was made just now.

    Raises IntegrityError when another session made the same person meanwhile.
    """
    (found,), known = _taken_in([facts], actor, at, take_over=False)
    return found, known.has_made(found)


def _taken_in(
    facts: Sequence[ContactFacts], actor: User | None, at: datetime, *, take_over: bool = True
) -> tuple[list[Contact | Refusal], _Known]:
    tidy = [tidied(one) for one in facts]
    results: list[Contact | Refusal | None] = [refusal_of(one) for one in tidy]
    known = _Known([one for one, no in zip(tidy, results, strict=True) if no is None])
    results = [no or known.conflict(one) for one, no in zip(tidy, results, strict=True)]
    usable = [one for one, no in zip(tidy, results, strict=True) if no is None]
    companies = companies_for([_company_facts(one) for one in usable], at=at)
    places = [i for i, refusal in enumerate(results) if refusal is None]
    for place, one, company in zip(places, usable, companies, strict=True):
        results[place] = known.take(one, company, actor, at)
    known.save(take_over=take_over)
    return [result for result in results if result is not None], known


def search_words(contact: Contact, company_name: str) -> SearchVector:
    """Return the words by which `contact` is found, as PostgreSQL is to store them."""
    text = " ".join(
        words(contact.given_name, contact.family_name, contact.email or "", contact.phone)
        + words(company_name)
    )
    return SearchVector(Value(text, output_field=TextField()), config="simple")


def _company_facts(one: ContactFacts) -> CompanyFacts:
    return CompanyFacts(name=one.company, email=one.email, country=one.country)


class _Known:
    """The contacts of one list as they become known: read and locked once, written once."""

    def __init__(self, facts: Sequence[ContactFacts]) -> None:
        self._by_key = self._read_keys(one.outside_key for one in facts)
        self._by_id = self._read_contacts(
            {one.email for one in facts if one.email},
            {one.outside_key for one in facts if one.outside_key},
        )
        self._by_email = {c.email: c for c in self._by_id.values() if c.email}
        self._new: list[Contact] = []
        self._new_keys: list[tuple[Contact, tuple[str, str]]] = []
        self._filled: dict[int, Contact] = {}
        self._by_new_key: dict[tuple[str, str], Contact] = {}

    @staticmethod
    def _read_keys(keys: Iterable[tuple[str, str] | None]) -> dict[tuple[str, str], int]:
        by_system: dict[str, list[str]] = {}
        for key in keys:
            if key is not None:
                by_system.setdefault(key[0], []).append(key[1])
        if not by_system:
            return {}
        wanted = Q()
        for system, ids in by_system.items():
            wanted |= Q(system=system, external_id__in=ids)
        rows = ContactExternalId.objects.filter(wanted)
        return {(row.system, row.external_id): row.contact_id for row in rows}

    def _read_contacts(self, emails: set[str], keys: set[tuple[str, str]]) -> dict[int, Contact]:
        """Lock in id order; a merged contact stands for the one that it was merged into."""
        wanted = Q(email__in=emails) | Q(id__in=set(self._by_key.values()))
        known, self._erased = known_or_erased(Contact.objects.filter(wanted), emails, keys)
        if not known:
            return {}
        lock_leads_of(emails, set(self._by_key.values()))
        found = self._locked(wanted)
        heirs = {c.merged_into_id for c in found.values() if c.merged_into_id} - set(found)
        return {**found, **self._locked(Q(id__in=heirs))} if heirs else found

    @staticmethod
    def _locked(wanted: Q) -> dict[int, Contact]:
        rows = Contact.objects.select_for_update(of=("self",), no_key=True)
        rows = rows.select_related("company")
        return {c.pk: c for c in rows.defer("search").filter(wanted).order_by("id")}

    def conflict(self, one: ContactFacts) -> Refusal | None:
        """Return the refusal of facts that name two known contacts at once, or an erased one."""
        if one.email in self._erased or one.outside_key in self._erased:
            return Refusal(lead_id=None, code="erased", message=ERASED)
        found = self._find(one)
        return found if isinstance(found, Refusal) else None

    def take(
        self, one: ContactFacts, company: Company | None, actor: User | None, at: datetime
    ) -> Contact | Refusal:
        """Return the contact that `one` means, creating it or filling what it lacks."""
        found = self._find(one)
        if isinstance(found, Refusal):
            return found
        if found is None:
            return self._create(one, company, actor, at)
        self._fill(found, one, company)
        return found

    def _find(self, one: ContactFacts) -> Contact | Refusal | None:
        by_email = self._canonical(self._by_email.get(one.email)) if one.email else None
        key = one.outside_key
        by_key = None
        if key is not None:
            by_key = self._by_new_key.get(key) or self._by_id.get(self._by_key.get(key, 0))
            by_key = self._canonical(by_key)
        if by_email is not None and by_key is not None and by_email is not by_key:
            return Refusal(lead_id=None, code="two_contacts", message=TWO_CONTACTS)
        return by_email or by_key

    def _canonical(self, contact: Contact | None) -> Contact | None:
        if contact is None or contact.merged_into_id is None:
            return contact
        return self._by_id.get(contact.merged_into_id, contact)

    def _create(
        self, one: ContactFacts, company: Company | None, actor: User | None, at: datetime
    ) -> Contact:
        contact = Contact(
            email=one.email or None,
            company=company,
            captured_by=actor,
            captured_through=one.captured_through,
            system_of_record=one.system_of_record,
            created_at=at,
            attributes=dict(one.attributes),
            **{name: getattr(one, name) for name in TEXTS},
        )
        contact.sort_key = sort_key_of(contact)
        contact.search = search_words(contact, company.name if company else one.company)
        self._new.append(contact)
        if one.email:
            self._by_email[one.email] = contact
        self._note_key(contact, one)
        return contact

    def _note_key(self, contact: Contact, one: ContactFacts) -> None:
        key = one.outside_key
        if key is not None and key not in self._by_key and key not in self._by_new_key:
            self._by_new_key[key] = contact
            self._new_keys.append((contact, key))

    def _fill(self, contact: Contact, one: ContactFacts, company: Company | None) -> None:
        """Fill what was empty; a value that is known stays."""
        self._note_key(contact, one)
        told: dict[str, Any] = {name: getattr(one, name) for name in (*TEXTS, "email")}
        told["company"] = company
        own = {key: v for key, v in one.attributes.items() if key not in contact.attributes}
        missing = {
            name: value for name, value in told.items() if value and not getattr(contact, name)
        }
        if own:
            missing["attributes"] = {**contact.attributes, **own}
        if not missing or (contact.pk is None):
            return
        for name, value in missing.items():
            setattr(contact, name, value)
        contact.sort_key = sort_key_of(contact)
        contact.search = search_words(contact, contact.company.name if contact.company else "")
        if contact.email:
            self._by_email[contact.email] = contact
        self._filled[contact.pk] = contact

    @property
    def made(self) -> frozenset[int]:
        """The ids of those who were unknown until now, once they are written."""
        return frozenset(contact.pk for contact in self._new)

    def has_made(self, found: Contact | Refusal) -> bool:
        """Tell whether a contact was unknown until now."""
        return any(found is one for one in self._new)

    def save(self, *, take_over: bool) -> None:
        """Write contacts and outside ids; `take_over` takes one made by another meanwhile."""
        # In one order everywhere, so that two writers of the same addresses never wait in a ring.
        self._new.sort(key=lambda contact: contact.email or "")
        Contact.objects.bulk_create(
            self._new,
            update_conflicts=take_over,
            unique_fields=["email"] if take_over else None,
            update_fields=["email"] if take_over else None,
        )
        if self._filled:
            fields = [*TEXTS, "email", "company", "attributes", "sort_key", "search"]
            Contact.objects.bulk_update(self._filled.values(), fields, batch_size=200)
        if self._new_keys:
            ContactExternalId.objects.bulk_create(
                ContactExternalId(contact=contact, system=key[0], external_id=key[1])
                for contact, key in self._new_keys
            )
