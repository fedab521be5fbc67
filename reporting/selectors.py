"""Figures arranged for the reports. Everything here is a balance: how things stand now."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import User
from accounts.rules import standing
from leads.enums import Disposition
from leads.models import Lead

SOURCES_SHOWN = 20


@dataclass(frozen=True)
class SourceBalance:
    """Leads of one source as they stand now; `source_id` None is "no source"."""

    source_id: int | None
    name: str | None
    leads: int
    open: int
    customers: int


def source_balances(user: User) -> list[SourceBalance]:
    """Return the sources with most leads, at most `SOURCES_SHOWN`; one query."""
    rows = (
        Lead.objects.visible_to(user, standing(user))
        .values_list("source_id", "source__name")
        .annotate(
            leads=Count("id"),
            open=Count("id", filter=Q(disposition=Disposition.OPEN)),
            customers=Count("id", filter=Q(disposition=Disposition.WON)),
        )
        .order_by("-leads", "source__name")[:SOURCES_SHOWN]
    )
    return [SourceBalance(*row) for row in rows]
