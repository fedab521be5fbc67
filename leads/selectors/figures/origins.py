"""Where leads came from and what that brought: one row a source, or a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from leads.enums import Decision, LifecycleStage
from leads.lifecycle import STAGES
from leads.models import CampaignCost, Feedback
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import ENTERED, Span, entered_any

MOST = 200


@dataclass
class Origin:
    """What came of one origin in a span; `key` None is "none". Cents of the organisation's
    currency; `cost_cents` None where nothing was spent, `lacks_rate` counts wins without a rate."""

    key: int | None
    name: str | None
    entered: Mapping[LifecycleStage, int]
    revenue_cents: int
    lacks_rate: int
    cost_cents: int | None = None
    accepted: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def top_reason(self) -> str:
        """The code most often given; the first by name among equals."""
        return min(self.reasons, key=lambda code: (-self.reasons[code], code), default="")


def origins(facts: LeadFactQuerySet, span: Span, by: str) -> list[Origin]:
    """Return what each `by` ("source" or "campaign") brought in `span`, most leads first, at most
    200; two statements, three with costs.

    Entries and revenue are flows; acceptance and reasons are those of decisions in `span`.
    """
    key, name = f"{by}_id", f"{by}__name"
    won = span.holds(ENTERED[LifecycleStage.CUSTOMER])
    counts: dict[str, Any] = {
        stage: Count("pk", filter=span.holds(ENTERED[stage])) for stage in STAGES
    }
    counts |= {
        "revenue": Sum("revenue_cents", filter=won, default=0),
        "without": Count("pk", filter=won & Q(lacks_rate=True)),
    }
    grouped = facts.filter(entered_any(span)).values(key, name).annotate(**counts)
    found = {
        row[key]: Origin(
            row[key], row[name], {stage: row[stage] for stage in STAGES},
            row["revenue"], row["without"],
        )
        for row in grouped.order_by(f"-{LifecycleStage.LEAD}", name, key)[:MOST]
    }  # fmt: skip
    _add_decisions(found, facts, span, key)
    return list(found.values())


def add_costs(found: list[Origin], first: date, last: date, currency: str) -> None:
    """Add what each campaign cost on the days from `first` to `last`; one statement.

    Costs in another currency than `currency` are not added: nothing says at what rate.
    """
    spent = CampaignCost.objects.filter(
        spent_on__gte=first, spent_on__lte=last, campaign__currency=currency
    )
    rows = spent.order_by().values_list("campaign").annotate(total=Sum("amount"))
    costs: dict[int, Decimal] = dict(rows)
    for one in found:
        if one.key in costs:
            one.cost_cents = int(costs[one.key] * 100)


def _add_decisions(
    found: Mapping[int | None, Origin], facts: LeadFactQuerySet, span: Span, key: str
) -> None:
    counted = Feedback.objects.filter(
        span.holds("decided_at"),
        Exists(facts.filter(pk=OuterRef("lead_id"))),
        voided_at=None, counts_as__isnull=False,
    )  # fmt: skip
    rows = counted.order_by().values_list(f"lead__{key}", "counts_as", "reason")
    for origin, counts_as, reason, n in rows.annotate(n=Count("pk")):
        one = found.get(origin)
        if one is None:
            continue
        if counts_as == Decision.ACCEPTED:
            one.accepted += n
        else:
            one.rejected += n
            one.reasons[reason] = one.reasons.get(reason, 0) + n
