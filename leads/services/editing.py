"""Corrections by hand: what is known of a contact, a company or a lead, field by field.

Every writer says which version he saw. When the row has changed since, nothing is written: he is
told who changed it, and decides again. Histories keep what was (`accounts.models.tracking`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.querysets import normalise_email
from accounts.rules import standing
from leads.folding import fold
from leads.models import Company, Contact, Lead
from leads.rules import decides_on_leads
from leads.selectors.canonical import contact_ids_of
from leads.selectors.changes import who_changed
from leads.services.companies import CompanyFacts, companies_for
from leads.services.indexing import index_company, index_people
from leads.services.locking import lock_leads_of
from leads.services.scoring import score_company, score_contacts, score_leads
from leads.services.second_look import looking_twice
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

NOT_YOURS = _("Correcting records is for Marketing and Sales.")
GONE = _("It is not there any more.")
MERGED = _("This contact has been merged into %(name)s. Correct that one.")
CHANGED = _("%(who)s has changed this meanwhile, so nothing was saved. Compare, then save again.")
BAD_EMAIL = _("“%(email)s” is not an e-mail address.")
EMAIL_TAKEN = _("%(email)s belongs to %(name)s already. Merge the two if they are one person.")
NO_IDENTITY = _("A contact needs an e-mail or an id in another system.")
DOMAIN_TAKEN = _("%(domain)s belongs to %(name)s already.")
NO_NAME = _("A company needs a name.")
LINE_TAKEN = _("This contact has another open lead for the same product line. Merge the two.")

CONTACT_FIELDS = frozenset(
    {"email", "given_name", "family_name", "phone", "job_title", "country", "city", "company_id",
     "attributes"}
)  # fmt: skip
COMPANY_FIELDS = frozenset(
    {"name", "domain", "sector", "country", "employees", "owner_id", "attributes"}
)
LEAD_FIELDS = frozenset({"product_line_id", "source_id", "campaign_id", "persona_id", "attributes"})
WORDS_OF_CONTACT = frozenset({"email", "given_name", "family_name", "phone", "company_id"})


class ChangedMeanwhile(Refused):
    """Somebody wrote first. `row` is as it is now, `who` changed it last (if that is known)."""

    code = "changed_meanwhile"

    def __init__(self, row: Any, who: str) -> None:
        super().__init__(CHANGED % {"who": who or _now("Somebody")})
        self.row, self.who = row, who


class EmailTaken(Refused):
    """The address is another contact's; `contact` is the one that stands for that person."""

    code = "email_taken"

    def __init__(self, contact: Contact, email: str) -> None:
        message = EMAIL_TAKEN % {"email": email, "name": contact.name}
        super().__init__(message)
        self.contact = contact
        self.fields = {"email": [message]}


class LineTaken(Refused):
    """The person has another open lead for the product line: `lead`."""

    code = "line_taken"

    def __init__(self, lead: Lead) -> None:
        super().__init__(LINE_TAKEN)
        self.lead = lead
        self.fields = {"product_line": [LINE_TAKEN]}


@looking_twice
def edit_contact(
    contact_id: int, values: Mapping[str, Any], *, version: int, actor: User, at: datetime
) -> Contact:
    """Write the given fields of a contact that differ; the same values again change nothing.

    `company` may be told by its name: an unknown one is made.

    Raises NotAllowed, NotFound, BadInput, ChangedMeanwhile, EmailTaken, or Refused for a contact
    that was merged away; each has changed nothing.
    """
    _may_edit(actor)
    lock_leads_of((), [contact_id])
    rows = Contact.objects.select_for_update(of=("self",)).select_related("merged_into")
    contact = rows.defer("search").filter(pk=contact_id).first()
    if contact is None:
        raise NotFound(GONE)
    if contact.merged_into is not None:
        raise Refused(MERGED % {"name": contact.merged_into.name}, code="merged")
    given = dict(values)
    if "email" in given:
        given["email"] = _readable_email(given["email"], contact)
    if "company" in given:  # by name: found, else made
        (company,) = companies_for([CompanyFacts(name=given.pop("company"))], at=at)
        given["company_id"] = company.pk if company else None
    changed = _take(contact, given, CONTACT_FIELDS, version)
    if changed:
        contact.save(update_fields=[*changed, "version"])
        if changed & WORDS_OF_CONTACT:
            index_people([contact.pk])
        score_contacts([contact.pk], at=at)
    return contact


def _readable_email(text: str | None, contact: Contact) -> str | None:
    """Return the address as it is kept; raise for what is none or another contact's."""
    email = normalise_email(text or "") or None
    if email is None:
        if contact.email and not contact.external_ids.exists():
            raise BadInput(NO_IDENTITY, fields={"email": [NO_IDENTITY]})
        return None
    try:
        validate_email(email)
    except ValidationError:
        wrong = BAD_EMAIL % {"email": email}
        raise BadInput(wrong, fields={"email": [wrong]}) from None
    other = Contact.objects.filter(email=email).exclude(pk=contact.pk)
    taken = other.select_related("merged_into").first()
    if taken is not None:
        raise EmailTaken(taken.canonical, email)
    return email


@looking_twice
def edit_company(
    company_id: int, values: Mapping[str, Any], *, version: int, actor: User, at: datetime
) -> Company:
    """Write the given fields of a company that differ; a new name is found by everyone's search.

    Raises NotAllowed, NotFound, BadInput or ChangedMeanwhile, having changed nothing.
    """
    _may_edit(actor)
    company = Company.objects.select_for_update(of=("self",)).filter(pk=company_id).first()
    if company is None:
        raise NotFound(GONE)
    given = readable_company(values, company.pk)
    changed = _take(company, given, COMPANY_FIELDS, version)
    if changed:
        company.sort_key = fold(company.name)[:200]
        company.save(update_fields=[*changed, "sort_key", "version"])
        if "name" in changed:
            index_company(company.pk)
        if changed - {"owner_id"}:
            score_company(company.pk, at=at)
    return company


def readable_company(values: Mapping[str, Any], company_id: int | None = None) -> dict[str, Any]:
    """Return name and domain as they are kept; raise BadInput for an empty name, a taken domain."""
    given = dict(values)
    if "name" in given and not given["name"].strip():
        raise BadInput(NO_NAME, fields={"name": [NO_NAME]})
    if "domain" in given:
        given["domain"] = (given["domain"] or "").strip().lower().removeprefix("www.") or None
        others = Company.objects.filter(domain=given["domain"]).exclude(pk=company_id or 0)
        taken = others.first() if given["domain"] else None
        if taken is not None:
            wrong = DOMAIN_TAKEN % {"domain": given["domain"], "name": taken.name}
            raise BadInput(wrong, fields={"domain": [wrong]})
    return given


@looking_twice
def edit_lead(
    lead_id: int, values: Mapping[str, Any], *, version: int, actor: User, at: datetime
) -> Lead:
    """Write what a lead is about: product line, source, campaign, persona, own attributes.

    Raises NotAllowed, NotFound, ChangedMeanwhile, or LineTaken where another open lead of the
    person has the product line; each has changed nothing.
    """
    _may_edit(actor)
    rows = Lead.objects.select_for_update(of=("self",)).select_related("contact")
    lead = rows.defer("contact__search").filter(pk=lead_id).first()
    if lead is None:
        raise NotFound(GONE)
    changed = _take(lead, values, LEAD_FIELDS, version)
    if "product_line_id" in changed and lead.position.is_open:
        others = Lead.objects.open().filter(contact_id__in=contact_ids_of(lead.contact_id))
        same = others.exclude(pk=lead.pk).filter(product_line_id=lead.product_line_id).first()
        if same is not None:
            raise LineTaken(same)
    if changed:
        lead.save(update_fields=[*changed, "version"])
        score_leads([lead.pk], at=at)
    return lead


def _may_edit(actor: User) -> None:
    if not decides_on_leads(standing(actor)):
        raise NotAllowed(NOT_YOURS)


def _take(row: Any, values: Mapping[str, Any], known: frozenset[str], version: int) -> set[str]:
    """Put the values that differ into `row`, whose version grows with them; return their names."""
    if row.version != version:
        raise ChangedMeanwhile(row, who_changed(row))
    unknown = set(values) - known
    if unknown:
        raise ValueError(f"not to be edited: {sorted(unknown)}")
    changed = {name for name, value in values.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, values[name])
    row.version += 1 if changed else 0
    return changed
