"""Changes of calendars as they moved clocks."""

from __future__ import annotations

from datetime import datetime, timedelta

from sla.models import Recalculation

REMEMBERED_FOR = timedelta(days=1)


def last_to_take_back(calendar_id: int, *, at: datetime) -> Recalculation | None:
    """Return the last change of a calendar where it moved clocks within the last day; one
    statement. What was taken back, or is followed by another change, is none."""
    last = (
        Recalculation.objects.filter(calendar=calendar_id, done_at__isnull=False)
        .order_by("-pk")
        .first()
    )
    if last is None or not last.moved or last.undone_at or last.asked_at < at - REMEMBERED_FOR:
        return None
    return last
