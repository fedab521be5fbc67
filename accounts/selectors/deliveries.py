"""What leaves the house, as an administrator sees it."""

from __future__ import annotations

from datetime import datetime

from accounts.models import NoticeDelivery


def failed_deliveries(*, since: datetime, limit: int = 20) -> list[NoticeDelivery]:
    """Return the deliveries given up since `since`, newest first, with notice and recipient."""
    failed = NoticeDelivery.objects.filter(given_up_at__gte=since)
    return list(failed.select_related("notice__recipient").order_by("-given_up_at", "-id")[:limit])


def waiting_deliveries() -> int:
    """Return how many deliveries are still to leave; answered from a partial index."""
    return NoticeDelivery.objects.filter(
        delivered_at__isnull=True, given_up_at__isnull=True
    ).count()
