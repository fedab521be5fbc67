"""From a figure to its rows: the lead list, narrowed to what the figure counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.rules import NOBODY
from leads.models import LeadFact
from leads.querysets import LeadFactQuerySet
from reporting.asking import read_view, read_walk
from reporting.house import reporting_house
from reporting.panels import PANELS
from reporting.view import View
from smarketing.errors import BadInput

KEY = "report"


class _Everything(View):
    """A view of every fact: for rows that are narrowed to what the person may see already."""

    @property
    def facts(self) -> LeadFactQuerySet:
        return self.cut.of(LeadFact.objects.order_by())


def no_choices(user: Any) -> Sequence[tuple[str, Any]]:
    """A walk is never chosen from a list."""
    return []


def by_walk(rows: QuerySet[Any], text: str, at: datetime) -> QuerySet[Any]:
    """Narrow leads to those behind the value that `text` names; what names none leaves none."""
    walk = read_walk(text)
    panel = PANELS.get(walk.panel) if walk else None
    if walk is None or panel is None or panel.rows is None:
        return rows.none()
    try:
        view = read_view(walk.asked, None, NOBODY, house=reporting_house(), at=at)
    except BadInput:
        return rows.none()
    everything = _Everything(**vars(view))
    found = panel.rows(everything, walk.row, walk.column)
    return rows.none() if found is None else rows.filter(pk__in=found.values("pk"))


def told_walk(text: str) -> str:
    """Say which value it is: the panel, and the days."""
    walk = read_walk(text)
    panel = PANELS.get(walk.panel) if walk else None
    if walk is None or panel is None:
        return _("unknown")
    days = walk.asked.get("days", "")
    return " · ".join(part for part in (str(panel.title), walk.row.title(), days) if part)
