"""How long it takes: from entering a stage to passing it, and from birth to customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q

from leads.enums import LifecycleStage
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import ENTERED, Span, entered_any
from leads.selectors.figures.funnel import PAIRS, passed_at

WHOLE = "WHOLE"


class Percentile(Aggregate):
    """The smallest value that so large a share of all do not exceed (discrete percentile)."""

    function = "PERCENTILE_DISC"
    name = "Percentile"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)


@dataclass(frozen=True)
class Took:
    """The median and the ninetieth percentile of `n` times; None where nobody passed."""

    n: int
    median: timedelta | None
    p90: timedelta | None


def velocity(facts: LeadFactQuerySet, span: Span) -> dict[str, Took]:
    """Return how long those took that passed each stage in `span`, and the whole cycle (`WHOLE`)
    of those that became customers in it (flow); one statement. Unknown instants do not count."""
    figures: dict[str, Aggregate] = {}
    for stage, _following in PAIRS:
        figures |= _figures(stage, F(f"passed_{stage}") - F(ENTERED[stage]), passed_in(stage, span))
    cycle = F(ENTERED[LifecycleStage.CUSTOMER]) - F(ENTERED[LifecycleStage.LEAD])
    figures |= _figures(WHOLE, cycle, won_in(span))
    annotated = facts.annotate(**{f"passed_{stage}": passed_at(stage) for stage, _next in PAIRS})
    found = annotated.filter(entered_any(span)).aggregate(**figures)
    return {
        key: Took(found[f"n_{key}"], found[f"median_{key}"], found[f"p90_{key}"])
        for key in (*(stage for stage, _next in PAIRS), WHOLE)
    }


def passed_in(stage: LifecycleStage, span: Span) -> Q:
    """Return the condition that a lead entered `stage` once and passed it in `span`; reads the
    annotation `passed_<stage>`."""
    return span.holds(f"passed_{stage}") & Q(**{f"{ENTERED[stage]}__isnull": False})


def won_in(span: Span) -> Q:
    """Return the condition that a lead became a customer in `span`, its birth known."""
    return span.holds(ENTERED[LifecycleStage.CUSTOMER]) & Q(lead_at__isnull=False)


def _figures(key: str, took: Any, which: Q) -> dict[str, Aggregate]:
    span = ExpressionWrapper(took, output_field=DurationField())
    return {
        f"n_{key}": Count("pk", filter=which),
        f"median_{key}": Percentile(span, 0.5, filter=which),
        f"p90_{key}": Percentile(span, 0.9, filter=which),
    }
