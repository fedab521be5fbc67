"""What new customers brought, and which touches are credited with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from leads.attribution import Model
from leads.enums import LifecycleStage, Origin
from leads.models import AttributionPart
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import ENTERED, Span

MOST = 100


@dataclass(frozen=True)
class Revenue:
    """New customers of a span and their first wins, in cents. `sourced`: leads that Marketing
    brought; `influenced`: those of Sales that met Marketing before they closed. Never added."""

    customers: int
    cents: int
    lacks_rate: int
    sourced_customers: int
    sourced_cents: int
    influenced_customers: int
    influenced_cents: int


SOURCED = Q(origin=Origin.MARKETING)
MET_US = ~Q(touch_kinds=[])


def revenue(facts: LeadFactQuerySet, span: Span) -> Revenue:
    """Return what became customers in `span` brought (flow); one statement."""
    won = facts.filter(span.holds(ENTERED[LifecycleStage.CUSTOMER]))
    found = won.aggregate(
        customers=Count("pk"),
        cents=Sum("revenue_cents", default=0),
        lacks_rate=Count("pk", filter=Q(lacks_rate=True)),
        sourced_customers=Count("pk", filter=SOURCED),
        sourced_cents=Sum("revenue_cents", filter=SOURCED, default=0),
        influenced_customers=Count("pk", filter=MET_US),
        influenced_cents=Sum("revenue_cents", filter=MET_US, default=0),
    )
    return Revenue(**found)


@dataclass(frozen=True)
class Credit:
    """What one origin of touches is credited with, in cents by model; `key` None is "none"."""

    key: Any
    name: Any
    cents: dict[Model, int]


def credited(facts: LeadFactQuerySet, span: Span, by: str) -> tuple[list[Credit], int]:
    """Return what each `by` ("campaign", "source" or "kind") is credited with of the deals won in
    `span`, most linear credit first, and the cents that no touch led to; two statements."""
    parts = AttributionPart.objects.filter(
        span.holds("won_at"), Exists(facts.filter(pk=OuterRef("lead_id")))
    )
    names = ("kind", "kind") if by == "kind" else (f"{by}_id", f"{by}__name")
    sums = {model.value: Sum(f"{model.value}_cents") for model in Model}
    rows = parts.order_by().values(*set(names)).annotate(**sums)
    found = [
        Credit(row[names[0]], row[names[1]], {model: row[model.value] for model in Model})
        for row in rows.order_by(f"-{Model.LINEAR.value}", names[1])[:MOST]
    ]
    given = sum(one.cents[Model.LINEAR] for one in found)
    return found, revenue(facts, span).cents - given
