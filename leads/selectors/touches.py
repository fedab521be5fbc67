"""Touches of a person, page by page."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from leads.models import Touch
from leads.selectors.canonical import contact_ids_of

PAGE = 50
Key = tuple[datetime, int]


def touches_page(contact_id: int, *, after: Key | None) -> tuple[list[Touch], Key | None]:
    """Return touches of the person newest first, and where the next page begins; two statements."""
    rows = Touch.objects.filter(contact_id__in=contact_ids_of(contact_id))
    if after is not None:
        instant, pk = after
        rows = rows.filter(Q(occurred_at__lt=instant) | Q(occurred_at=instant, pk__lt=pk))
    ordered = rows.select_related("campaign", "source").order_by("-occurred_at", "-id")
    page = list(ordered[: PAGE + 1])
    more = len(page) > PAGE
    page = page[:PAGE]
    return page, (page[-1].occurred_at, page[-1].pk) if more else None
