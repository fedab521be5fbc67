"""What each role finds of the leads on the Today page; one or two statements a panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When

from accounts.models import User
from accounts.rules import standing
from leads.enums import Decision, LifecycleStage
from leads.models import Feedback, Lead
from leads.querysets import LeadQuerySet
from leads.selectors.balances import stage_balances
from leads.selectors.qualifying import queue_leads, waiting_leads

MOST = 6


def _open_leads(user: Any) -> LeadQuerySet:
    rows = Lead.objects.visible_to(user, standing(user)).open()
    return rows.select_related("contact__company", "source", "owner").defer("contact__search")


def leads_to_qualify(user: Any, at: datetime) -> Mapping[str, Any]:
    """The open leads that Marketing still answers for, in the order of its queue."""
    proposed = Q(proposed_at__isnull=False)
    counts = waiting_leads(user).aggregate(count=Count("id"), proposed=Count("id", filter=proposed))
    return {"leads": queue_leads(user, "all", most=MOST - 1), **counts}


def my_open_leads(user: Any, at: datetime) -> Mapping[str, Any]:
    """The rep's own open leads: what waits for a decision first, then the furthest, the oldest."""
    mine = _open_leads(user).filter(owner=user)
    decide_first = Case(
        When(stage=LifecycleStage.MQL, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return {
        "leads": list(mine.order_by(decide_first, "stage_at", "id")[:MOST]),
        "count": mine.count(),
    }


def unclaimed_leads(user: Any, at: datetime) -> Mapping[str, Any]:
    """Qualified leads that nobody of Sales has yet, the oldest first."""
    waiting = _open_leads(user).filter(
        stage=LifecycleStage.MQL, owner__isnull=True, returned_at__isnull=True
    )
    return {"leads": list(waiting.order_by("stage_at", "id")[:MOST]), "count": waiting.count()}


def leads_to_fix(user: Any, at: datetime) -> Mapping[str, Any]:
    """Leads that Sales returned because of their data, with its words, the oldest first."""
    returned = _open_leads(user).filter(returned_at__isnull=False)
    said = Feedback.objects.filter(
        lead=OuterRef("pk"), decision=Decision.RETURNED, voided_at__isnull=True
    )
    rows = returned.annotate(what_is_wrong=Subquery(said.order_by("-id").values("text")[:1]))
    return {"leads": list(rows.order_by("returned_at", "id")[:MOST]), "count": returned.count()}


def funnel(user: Any, at: datetime) -> Mapping[str, Any]:
    """Open leads by stage now (a balance), by the side that answers for them."""
    balances = stage_balances(user)
    return {
        "balances": balances,
        "most": max([balance.count for balance in balances] + [1]),
        "total": sum(balance.count for balance in balances),
    }


@dataclass(frozen=True)
class OwnerBalance:
    """How many open leads a person holds now, and how many of them wait for a decision."""

    owner: User
    count: int
    undecided: int


def owner_balances(user: Any, at: datetime) -> Mapping[str, Any]:
    """Open leads by owner now (a balance), those with most decisions waiting first."""
    undecided = Count("leads", filter=Q(leads__stage=LifecycleStage.MQL))
    owners = (
        User.objects.filter(leads__in=Lead.objects.visible_to(user, standing(user)).open())
        .annotate(n=Count("leads"), undecided=undecided)
        .order_by("-undecided", "-n", "name")[:MOST]
    )
    balances = [OwnerBalance(owner, owner.n, owner.undecided) for owner in owners]
    return {"balances": balances}
