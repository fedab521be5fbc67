"""Figures arranged for the reports. Everything here is a balance: how things stand now."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import User
from accounts.rules import standing
from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import STAGES
from leads.models import Lead

SOURCES_SHOWN = 20


@dataclass(frozen=True)
class StageBalance:
    """Open leads that stand at `stage` now."""

    stage: LifecycleStage
    count: int


@dataclass(frozen=True)
class SourceBalance:
    """Leads of one source as they stand now; `source_id` None is "no source"."""

    source_id: int | None
    name: str | None
    leads: int
    open: int
    customers: int


def stage_balances(user: User) -> list[StageBalance]:
    """Return how many open leads `user` may see at each stage, in funnel order; one query.

    CUSTOMER has no open leads, so the funnel ends before it.
    """
    visible = Lead.objects.visible_to(user, standing(user)).open()
    counts = dict(visible.values_list("stage").annotate(n=Count("id")).order_by())
    return [StageBalance(stage, counts.get(stage, 0)) for stage in STAGES[:-1]]


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
