"""What a figure is counted over: a span of time, and the leads that somebody looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import Membership
from accounts.rules import Standing
from leads.enums import LifecycleStage
from leads.lifecycle import STAGES
from leads.models import Lead, LeadFact
from leads.querysets import LeadFactQuerySet

# The column of a fact that says when a stage was entered.
ENTERED = {stage: f"{stage.lower()}_at" for stage in STAGES}


@dataclass(frozen=True)
class Span:
    """Instants from `start` on and before `end`."""

    start: datetime
    end: datetime

    def holds(self, column: str) -> Q:
        """Return the condition that the instant in `column` lies in it."""
        return Q(**{f"{column}__gte": self.start, f"{column}__lt": self.end})


@dataclass(frozen=True)
class Cut:
    """Which leads are looked at; None is all. `attributes` are own fields of the lead by key."""

    source: int | None = None
    campaign: int | None = None
    persona: int | None = None
    product_line: int | None = None
    owner: int | None = None
    team: int | None = None
    region: str | None = None
    score_from: int | None = None
    score_to: int | None = None
    attributes: tuple[tuple[str, Any], ...] = ()

    def facts(self, user: Any, standing: Standing) -> LeadFactQuerySet:
        """Return the facts that `user` may count of these leads; no statement yet."""
        return self.of(LeadFact.objects.visible_to(user, standing).order_by())

    def of(self, facts: LeadFactQuerySet) -> LeadFactQuerySet:
        """Return those of `facts` that are looked at; no statement yet."""
        for name in ("source", "campaign", "persona", "product_line", "owner"):
            value = getattr(self, name)
            if value is not None:
                facts = facts.filter(**{f"{name}_id": value})
        if self.team is not None:
            members = Membership.objects.filter(team=self.team).values("user_id")
            facts = facts.filter(owner__in=members)
        if self.region is not None:
            facts = facts.filter(region__iexact=self.region)
        if self.score_from is not None:
            facts = facts.filter(score__gte=self.score_from)
        if self.score_to is not None:
            facts = facts.filter(score__lt=self.score_to)
        if self.attributes:
            chosen = Lead.objects.filter(attributes__contains=dict(self.attributes))
            facts = facts.filter(lead__in=chosen)
        return facts


def of_source(facts: LeadFactQuerySet, source: int | None) -> LeadFactQuerySet:
    """Return those of `facts` that came from `source`; None is nobody knows where."""
    return facts.filter(source__isnull=True) if source is None else facts.filter(source=source)


def entered_any(span: Span) -> Q:
    """Return the condition that any stage was entered in `span`: what an index can find."""
    found = Q()
    for stage in STAGES:
        found |= span.holds(ENTERED[stage])
    return found


def reached_after(stage: LifecycleStage) -> tuple[LifecycleStage, ...]:
    """Return `stage` and what lies beyond it: who is there has passed it."""
    return STAGES[STAGES.index(stage) :]
