"""Full-text search over contacts: folded words, each as a beginning, best 10 000 matches."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

from leads.folding import prefix_query
from leads.models import Contact

MOST_MATCHES = 10_000


def contacts_matching(text: str) -> QuerySet[Contact]:
    """Return the contacts that hold every word of `text` as the beginning of one of theirs.

    Nothing matches a text without a word in it.
    """
    query = prefix_query(text)
    if not query:
        return Contact.objects.none()
    asked: Any = SearchQuery(query, config="simple", search_type="raw")
    return Contact.objects.filter(search=asked)
