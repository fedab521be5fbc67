"""Full-text search over contacts and companies: folded words, each as a beginning, best 10 000."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

from leads.folding import prefix_query
from leads.models import Activity, Company, Contact
from leads.models.parties import COMPANY_WORDS

MOST_MATCHES = 10_000


def contacts_matching(text: str) -> QuerySet[Contact]:
    """Return the contacts that hold every word of `text` as the beginning of one of theirs.

    Nothing matches a text without a word in it.
    """
    query = _asked(text)
    return Contact.objects.filter(search=query) if query else Contact.objects.none()


def companies_matching(text: str) -> QuerySet[Company]:
    """Return the companies whose name or domain holds every word of `text` as a beginning."""
    query = _asked(text)
    if not query:
        return Company.objects.none()
    return Company.objects.alias(words=COMPANY_WORDS).filter(words=query)


def notes_matching(text: str) -> QuerySet[Activity]:
    """Return the notes that hold every word of `text` as the beginning of one of theirs."""
    query = _asked(text)
    if not query:
        return Activity.objects.none()
    return Activity.objects.filter(search=query, deleted_at__isnull=True)


def _asked(text: str) -> Any:
    query = prefix_query(text)
    return SearchQuery(query, config="simple", search_type="raw") if query else None
