"""Leads in the global search: one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from accounts.rules import standing
from leads.models import Lead
from leads.search import MOST_MATCHES, contacts_matching
from smarketing.registry import SearchHit


def find_leads(user: Any, query: str, limit: int) -> Sequence[SearchHit]:
    """Return the newest leads of contacts that match, as far as `user` may see them."""
    matching = contacts_matching(query).values("id")[:MOST_MATCHES]
    rows = Lead.objects.visible_to(user, standing(user)).filter(contact__in=matching)
    rows = rows.select_related("contact__company").defer("contact__search").order_by("-id")
    return [
        SearchHit(
            label=lead.contact.name,
            detail=_detail(lead),
            url=reverse("lead-detail", args=[lead.pk]),
            icon="user",
        )
        for lead in rows[:limit]
    ]


def _detail(lead: Lead) -> str:
    parts = [lead.get_stage_display(), lead.contact.company and lead.contact.company.name]
    return " · ".join(str(part) for part in parts if part)
