"""What is known of visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet

from leads.models import PageView, TrackedSite, Visitor
from smarketing.errors import NotFound

MOST_SHOWN = 10
LONGEST_TOKEN = 43


@dataclass(frozen=True)
class Visits:
    """What a person saw of our sites: the newest pages, and what first and last brought him."""

    views: Sequence[PageView]
    first_utm: Mapping[str, str]
    first_referrer: str
    last_utm: Mapping[str, str]


def visits_of(contact_ids: Sequence[int]) -> Visits | None:
    """Return the visits of a person, whose rows are all told; None where there are none."""
    visitors = list(
        Visitor.objects.filter(contact_id__in=contact_ids).order_by("first_seen_at", "id")
    )
    if not visitors:
        return None
    views = PageView.objects.filter(visitor__in=visitors).order_by("-seen_at", "-id")
    latest = max(visitors, key=lambda one: (bool(one.last_utm), one.last_seen_at))
    first: Mapping[str, str] = next((one.first_utm for one in visitors if one.first_utm), {})
    return Visits(list(views[:MOST_SHOWN]), first, visitors[0].first_referrer, latest.last_utm)


def listed_sites() -> QuerySet[TrackedSite]:
    """Every site with how many browsers it saw, and when last."""
    return TrackedSite.objects.annotate(
        browsers=Count("visitors"), last_at=Max("visitors__last_seen_at")
    )


def site_by_token(token: str) -> TrackedSite:
    """Return the site of a snippet; raise NotFound when there is none."""
    usable = len(token) <= LONGEST_TOKEN and token.isascii() and token.isprintable()
    site = TrackedSite.objects.filter(token=token).first() if usable else None
    if site is None:
        raise NotFound("no such site")
    return site
