"""How often people met us before they became leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Q
from django.db.models.functions import Least

from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import Span
from leads.selectors.figures.velocity import Percentile

MOST_SOURCES = 100
# From here on touches are told together.
MANY = 10
MET = Q(touches_until_lead__gt=0)


@dataclass(frozen=True)
class TouchesNeeded:
    """Of the leads of one source (`key` None: none): how many met us before, how often, and how
    many no touch is known of."""

    key: int | None
    name: str | None
    n: int
    median: int | None
    p90: int | None
    unmet: int


def became_leads(facts: LeadFactQuerySet, span: Span) -> LeadFactQuerySet:
    """Return those whose person became a lead for the first time in `span`: neither came back
    after an end nor after nurturing."""
    first = Q(is_returning=False, recycled_from_id__isnull=True)
    return facts.filter(span.holds("lead_at"), first, touches_until_lead__isnull=False)


def touches_needed(
    facts: LeadFactQuerySet, span: Span
) -> tuple[TouchesNeeded, list[TouchesNeeded]]:
    """Return how many touches it took until leads of `span` were born, of all and by source, most
    leads first (flow); two statements. Those without a known touch are in no median."""
    born = became_leads(facts, span)
    figures = {
        "n": Count("pk", filter=MET),
        "median": Percentile("touches_until_lead", 0.5, filter=MET),
        "p90": Percentile("touches_until_lead", 0.9, filter=MET),
        "unmet": Count("pk", filter=~MET),
    }
    grouped: Any = born.values("source_id", "source__name").annotate(**figures)
    found = [
        TouchesNeeded(
            row["source_id"], row["source__name"], row["n"], row["median"], row["p90"], row["unmet"]
        )
        for row in grouped.order_by("-n", "source__name", "source_id")[:MOST_SOURCES]
    ]
    return TouchesNeeded(None, None, **born.aggregate(**figures)), found


def spread(facts: LeadFactQuerySet, span: Span) -> dict[int, int]:
    """Return how many leads were born in `span` after 0, 1, … touches, from `MANY` on together;
    one statement. Numbers that nobody had are missing."""
    capped = Least("touches_until_lead", MANY, output_field=IntegerField())
    rows = became_leads(facts, span).annotate(met=capped).values_list("met")
    return dict(rows.annotate(n=Count("pk")))


def met_so_often(facts: LeadFactQuerySet, touches: int) -> LeadFactQuerySet:
    """Return those of `facts` born after so many touches; `MANY` stands for as many and more."""
    if touches >= MANY:
        return facts.filter(touches_until_lead__gte=MANY)
    return facts.filter(touches_until_lead=touches)
