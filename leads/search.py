"""Full-text search over contacts and companies: folded words, each as a beginning, best 10 000."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, F, Func, QuerySet

from leads.folding import MOST_WORDS, fold, prefix_query
from leads.models import Activity, Company, Contact
from leads.models.parties import COMPANY_WORDS

MOST_MATCHES = 10_000
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")  # nothing in it can be an operator


class AnyOf(Func):
    """Whether a column holds one of the keys that a subquery finds.

    The keys are gathered first and looked up by index: a join with them would tempt the planner to
    read whole tables, for it cannot guess how many words match.
    """

    output_field = BooleanField()
    template = "%(expressions)s)"
    arg_joiner = " = ANY("

    def __init__(self, column: str, rows: QuerySet[Any]) -> None:
        super().__init__(F(column), ArraySubquery(rows))


def contacts_matching(text: str) -> QuerySet[Contact]:
    """Return the contacts that hold every word of `text` as the beginning of one of theirs.

    Nothing matches a text without a word in it.
    """
    query = _asked(text)
    return Contact.objects.filter(search=query) if query else Contact.objects.none()


def companies_matching(text: str) -> QuerySet[Company]:
    """Return the companies whose name or domain holds every word of `text` as a beginning.

    What looks like a domain is one word: PostgreSQL keeps a domain whole.
    """
    tokens = map(_domain_or_words, fold(text).split()[:MOST_WORDS])
    asked = " & ".join(token for token in tokens if token)
    if not asked:
        return Company.objects.none()
    query: Any = SearchQuery(asked, config="simple", search_type="raw")
    return Company.objects.alias(words=COMPANY_WORDS).filter(words=query)


def notes_matching(text: str) -> QuerySet[Activity]:
    """Return the notes that hold every word of `text` as the beginning of one of theirs."""
    query = _asked(text)
    if not query:
        return Activity.objects.none()
    return Activity.objects.filter(search=query, deleted_at__isnull=True)


def _domain_or_words(token: str) -> str:
    return f"'{token}':*" if DOMAIN.fullmatch(token) else prefix_query(token)


def _asked(text: str) -> Any:
    query = prefix_query(text)
    return SearchQuery(query, config="simple", search_type="raw") if query else None
