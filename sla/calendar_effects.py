"""What a business calendar means to the clocks that count in it: shown below its form and told
once a change was saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.business_time import BusinessTime
from accounts.models import BusinessCalendar, User
from accounts.selectors.calendars import business_time_of
from sla.models import Clock, Recalculation
from sla.selectors.arrivals import arrivals
from sla.selectors.clocks import visible_clocks
from sla.selectors.recalculations import last_to_take_back
from sla.services.recalculating import (
    Moved,
    open_clocks_of,
    preview_recalculation,
    recalculate,
)

# So many are counted anew while somebody types; for more he asks, or the background counts.
MOST_AT_ONCE = 2_000
FEW = 5


@dataclass(frozen=True)
class MovedClock:
    """One clock that a draft would move, with both instants."""

    clock: Clock
    was_due_at: datetime
    due_at: datetime


def effect_on_clocks(
    user: User, calendar_id: int | None, wanted: BusinessTime, at: datetime, thorough: bool
) -> Mapping[str, Any]:
    """Return when an MQL would be due, and which open clocks the draft would move.

    `would_move` is None where so many are open that they are counted only when asked for.
    """
    context: dict[str, Any] = {
        "arrivals": arrivals(calendar_id, wanted, at=at),
        "is_stored": calendar_id is not None,
    }
    if calendar_id is None:
        return context
    open_now = open_clocks_of(calendar_id, at).count()
    context |= {"open": open_now, "last": last_to_take_back(calendar_id, at=at)}
    if wanted == _stored(calendar_id):
        return context | {"is_changed": False}
    context["is_changed"] = True
    if open_now > MOST_AT_ONCE and not thorough:
        return context | {"would_move": None}
    would = preview_recalculation(calendar_id, wanted, at=at, few=FEW)
    return context | {"would_move": would.count, "few": _named(user, would.soonest)}


def tell_moved(calendar_id: int, at: datetime) -> tuple[str, str] | None:
    """Count the clocks of a changed calendar anew and say how many moved; many are left to the
    background, which was told already."""
    waiting = list(
        Recalculation.objects.filter(calendar=calendar_id, done_at__isnull=True).order_by("pk")
    )
    if not waiting:
        return None
    if open_clocks_of(calendar_id, at).count() > MOST_AT_ONCE:
        return _("Open clocks are being counted anew. This page tells how many moved."), ""
    for row in waiting:
        recalculate(row.pk, at=at)
    row = waiting[-1]
    row.refresh_from_db()
    if not row.moved:
        return None
    words = ngettext("%(n)d clock moved.", "%(n)d clocks moved.", row.moved) % {"n": row.moved}
    return words, reverse("recalculation-undo", args=[row.pk])


def _stored(calendar_id: int) -> BusinessTime:
    rows = BusinessCalendar.objects.prefetch_related("exceptions")
    return business_time_of(rows.get(pk=calendar_id))


def _named(user: User, moved: Sequence[Moved]) -> list[MovedClock]:
    """Return those of a few clocks that the person may see, soonest first."""
    rows = visible_clocks(user).select_related("lead__contact", "commitment")
    seen = rows.in_bulk([one.clock_id for one in moved])
    return [
        MovedClock(seen[one.clock_id], one.was_due_at, one.dates.due_at)
        for one in moved
        if one.clock_id in seen
    ]
