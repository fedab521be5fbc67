"""Balances: how leads stand now. Reports and Today read the same rows from here."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import User
from accounts.rules import standing
from leads.enums import LifecycleStage
from leads.lifecycle import STAGES
from leads.models import Lead

SHARED = (LifecycleStage.MQL, LifecycleStage.SAL, LifecycleStage.SQL)


@dataclass(frozen=True)
class StageBalance:
    """How many open leads stand at a stage now, on whose side, and how many nobody owns."""

    stage: LifecycleStage
    side: str
    count: int
    unowned: int


def stage_balances(user: User) -> list[StageBalance]:
    """Return the open leads that `user` may see at each stage, in funnel order; one query.

    CUSTOMER has no open leads, so the list ends before it.
    """
    rows = (
        Lead.objects.visible_to(user, standing(user))
        .open()
        .order_by()
        .values_list("stage")
        .annotate(n=Count("id"), unowned=Count("id", filter=Q(owner__isnull=True)))
    )
    counts = {stage: (n, unowned) for stage, n, unowned in rows}
    return [StageBalance(stage, _side(stage), *counts.get(stage, (0, 0))) for stage in STAGES[:-1]]


def _side(stage: LifecycleStage) -> str:
    if stage is LifecycleStage.LEAD:
        return "marketing"
    return "shared" if stage in SHARED else "sales"
