"""Leads, contacts and companies in the global search: one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.rules import standing
from leads.models import Lead
from leads.search import (
    MOST_MATCHES,
    AnyOf,
    companies_matching,
    contacts_matching,
    notes_matching,
)
from leads.selectors.companies import listed_companies
from leads.selectors.contacts import listed_contacts
from smarketing.registry import SearchHit


def find_leads(user: Any, query: str, limit: int) -> Sequence[SearchHit]:
    """Return the newest leads whose contact or notes match, as far as `user` may see them."""
    people = contacts_matching(query).order_by().values("id")[:MOST_MATCHES]
    noted = notes_matching(query).order_by().values("lead_id")[:MOST_MATCHES]
    rows = Lead.objects.visible_to(user, standing(user))
    rows = rows.filter(Q(AnyOf("contact_id", people)) | Q(AnyOf("id", noted)))
    rows = rows.select_related("contact__company", "contact__merged_into").order_by("-id")
    rows = rows.defer("contact__search", "contact__merged_into__search")
    return [
        SearchHit(
            label=lead.contact.canonical.name,
            detail=_detail(lead),
            url=reverse("lead-detail", args=[lead.pk]),
            icon="user",
        )
        for lead in rows[:limit]
    ]


def _detail(lead: Lead) -> str:
    parts = [lead.get_stage_display(), lead.contact.company and lead.contact.company.name]
    return " · ".join(str(part) for part in parts if part)


def find_contacts(user: Any, query: str, limit: int) -> Sequence[SearchHit]:
    """Return the contacts that match, by name, as far as `user` may see them."""
    found = contacts_matching(query).order_by().values("id")[:MOST_MATCHES]
    rows = listed_contacts(user).filter(AnyOf("id", found)).order_by("sort_key", "id")
    return [
        SearchHit(
            label=contact.name,
            detail=" · ".join(
                part for part in (contact.email, contact.company and contact.company.name) if part
            ),
            url=reverse("contact-detail", args=[contact.pk]),
            icon="address-book",
        )
        for contact in rows[:limit]
    ]


def find_companies(user: Any, query: str, limit: int) -> Sequence[SearchHit]:
    """Return the companies whose name or domain matches, by name."""
    found = companies_matching(query).order_by().values("id")[:MOST_MATCHES]
    rows = listed_companies(user).filter(AnyOf("id", found)).order_by("sort_key", "id")
    return [
        SearchHit(
            label=company.name,
            detail=company.domain or "",
            url=reverse("company-detail", args=[company.pk]),
            icon="building",
        )
        for company in rows[:limit]
    ]
