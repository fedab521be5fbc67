"""Who changed a record last: for whoever wants to write it and comes second."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.selectors.history import HistoryFilter, history_page
from leads.models import Assignment, Lead, StageTransition


def who_changed(row: Any) -> str:
    """Return the name of whoever changed `row` last, empty when no history tells."""
    latest = _latest_edit(row)
    if isinstance(row, Lead):
        moved = StageTransition.objects.filter(lead_id=row.pk).select_related("actor")
        given = Assignment.objects.filter(lead_id=row.pk).select_related("actor")
        move, gift = moved.order_by("-id").first(), given.order_by("-id").first()
        told = [latest, (move.recorded_at, move.actor) if move else None]
        told += [(gift.assigned_at, gift.actor) if gift else None]
        latest = max((one for one in told if one), key=lambda one: one[0], default=None)
    return str(latest[1].name) if latest and latest[1] else ""


def _latest_edit(row: Any) -> tuple[datetime, User | None] | None:
    kept = HistoryFilter(kind=row._meta.label_lower, object_id=row.pk)
    changes, _more = history_page(kept, after=None, limit=1)
    return (changes[0].at, changes[0].by) if changes else None
