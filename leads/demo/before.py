"""What the demo's people met before they became leads, and the papers that they downloaded.

It adds to the year of leads and to the library. Nothing in it is left to chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from leads.enums import TouchKind
from leads.models import Asset, Campaign, Lead, Touch
from leads.services.facts import note_everything
from leads.services.touches import TouchFacts, record_touches

DAY = timedelta(days=1)
# How many advertisements each saw before, in turn; and how many days lie between them.
SEEN = (0, 1, 3, 0, 2, 1, 5, 0, 2, 4, 1, 0, 8)
APART = 6 * DAY
DETAIL = "Advertisement for plant managers"


def load_before(at: datetime) -> None:
    """Load it up to `at`; once, and only beside the demo's leads and its library."""
    if not Asset.objects.exists() or Touch.objects.filter(detail=DETAIL, outside_id="before-0"):
        return
    touches = list(_advertisements())
    if touches:
        record_touches(touches, at=at)
    _name_papers()


def _advertisements() -> Iterator[TouchFacts]:
    """Advertisements seen by those who became leads for the first time; they give no points."""
    campaigns = list(Campaign.objects.order_by("key").values_list("pk", flat=True))
    first = Lead.objects.filter(recycled_from=None, returning=False, lead_at__isnull=False)
    told = 0
    rows: Any = first.order_by("lead_at", "pk").values_list("contact_id", "lead_at")
    for n, (contact, lead_at) in enumerate(rows):
        for k in range(SEEN[n % len(SEEN)]):
            yield TouchFacts(
                contact_id=contact,
                kind=TouchKind.AD,
                occurred_at=lead_at - 2 * DAY - k * APART - timedelta(minutes=13 * (n % 60)),
                campaign_id=campaigns[(n + k) % len(campaigns)] if campaigns else None,
                detail=DETAIL,
                outside_id=f"before-{told}",
            )
            told += 1


def _name_papers() -> None:
    """Say which asset each download was of: those there were on its day, in turn."""
    assets = list(Asset.objects.filter(internal_only=False).order_by("created_at", "pk"))
    papers = Touch.objects.filter(kind=TouchKind.DOWNLOAD, asset_id=None)
    named = []
    for n, touch in enumerate(papers.order_by("occurred_at", "pk")):
        known = [one for one in assets if one.created_at <= touch.occurred_at]
        if known:
            asset = known[n % len(known)]
            touch.asset_id, touch.detail = asset.pk, asset.name
            named.append(touch)
    Touch.objects.bulk_update(named, ["asset_id", "detail"], batch_size=2_000)
    note_everything()  # touches are never changed elsewhere, so nothing notes it
