"""Visits of our own sites: counted for an unknown browser, joined to a person by a form."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from leads.enums import TouchKind
from leads.models import PageView, TrackedSite, Visitor
from leads.services.touches import TouchFacts, record_touches

MOST_JOINED = 50
KEPT_ANONYMOUS = timedelta(days=395)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A page that somebody saw. `browser` is the id that his browser gave itself; `referrer` the
    page of another site that sent him, empty within the site."""

    browser: str
    url: str
    referrer: str = ""
    utm: Mapping[str, str] = field(default_factory=dict)


def key_of(browser: str) -> str:
    """Return the digest under which a browser is kept; its own id is never stored."""
    digest = sha256(f"visitor:{browser}".encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


@transaction.atomic
def record_view(site: TrackedSite, seen: Seen, *, at: datetime) -> PageView:
    """Write down a page view. The first UTM values of a browser stay for ever, the last ones are
    those of its newest campaign. Of a person who is known, an arrival is a touch."""
    key = key_of(seen.browser)
    fresh = Visitor(site=site, key=key, first_referrer=seen.referrer, first_seen_at=at,
                    last_seen_at=at)  # fmt: skip
    Visitor.objects.bulk_create([fresh], ignore_conflicts=True)
    visitor = Visitor.objects.select_for_update(of=("self",)).get(site=site, key=key)
    visitor.last_seen_at = max(at, visitor.last_seen_at)
    if seen.utm:
        visitor.first_utm = visitor.first_utm or dict(seen.utm)
        visitor.last_utm = dict(seen.utm)
    visitor.save(update_fields=["last_seen_at", "first_utm", "last_utm"])
    view = PageView.objects.create(
        visitor=visitor, url=seen.url, referrer=seen.referrer, utm=dict(seen.utm), seen_at=at
    )
    if visitor.contact_id is not None:
        record_touches(_arrivals([view], visitor.contact_id), at=at)
    return view


def last_utm_of(browser: str) -> dict[str, str]:
    """Return the UTM values of the newest campaign that brought a browser; empty if none did."""
    rows = Visitor.objects.filter(key=key_of(browser)).exclude(last_utm={})
    found = rows.order_by("-last_seen_at").values_list("last_utm", flat=True).first()
    return found or {}


@transaction.atomic
def identify(browser: str, contact_id: int, *, at: datetime) -> int:
    """Join what a browser saw to the person who says who he is; return how many touches it makes.

    A browser that was another person's stays his. Arrivals, the newest 50, become touches at the
    instants at which they happened.
    """
    rows = Visitor.objects.select_for_update(of=("self",)).filter(
        key=key_of(browser), contact__isnull=True
    )
    ids = list(rows.order_by("id").values_list("id", flat=True))
    if not ids:
        return 0
    Visitor.objects.filter(pk__in=ids).update(contact_id=contact_id, identified_at=at)
    views = PageView.objects.filter(visitor_id__in=ids, seen_at__lte=at)
    arrived = views.exclude(utm={}, referrer="").order_by("-seen_at", "-id")[:MOST_JOINED]
    return len(record_touches(_arrivals(arrived, contact_id), at=at))


def _arrivals(views: Iterable[PageView], contact_id: int) -> list[TouchFacts]:
    """Return the touches of views that began a visit: by a campaign, or from another site."""
    return [
        TouchFacts(
            kind=TouchKind.VISIT,
            contact_id=contact_id,
            occurred_at=view.seen_at,
            url=view.url,
            detail=view.referrer[:300],
            outside_id=f"view:{view.pk}",
            **view.utm,
        )
        for view in views
        if view.utm or view.referrer
    ]


def forget_visits(*, at: datetime) -> int:
    """Remove browsers that stayed unknown and were not seen for 13 months; return how many."""
    rows = Visitor.objects.filter(contact__isnull=True, last_seen_at__lt=at - KEPT_ANONYMOUS)
    return rows.delete()[1].get("leads.Visitor", 0)
