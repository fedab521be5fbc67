"""To whom leads were lost, in which product line, and what the lost deals were worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    DecimalField,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Round

from leads.enums import Disposition
from leads.models import Competitor, Opportunity
from leads.models.opportunities import DealState
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import Span

LOST_DEALS = Opportunity.objects.filter(lead=OuterRef("pk"), state=DealState.LOST).order_by()
RATE = Coalesce(F("rate"), Value(1), output_field=DecimalField())
# What the lead says, else what its last lost deal says.
LOST_TO = Coalesce(
    F("competitor_id"),
    Subquery(
        LOST_DEALS.filter(competitor__isnull=False)
        .order_by(F("closed_at").desc(nulls_last=True), "-pk")
        .values("competitor_id")[:1]
    ),
    output_field=BigIntegerField(),
)


@dataclass(frozen=True)
class Loss:
    """Leads of one product line lost to one competitor (None: nobody named, or no line).

    `cents`: what their lost deals were worth; `unworthed`: leads of which that is not known.
    """

    competitor: int | None
    competitor_name: str | None
    line: int | None
    line_name: str | None
    n: int
    cents: int
    unworthed: int


def lost(facts: LeadFactQuerySet, span: Span) -> LeadFactQuerySet:
    """Return those lost in `span`, annotated with `lost_to`."""
    gone = facts.filter(span.holds("closed_at"), disposition=Disposition.LOST)
    return gone.annotate(lost_to=LOST_TO)


def lost_by(facts: LeadFactQuerySet, span: Span, competitor: int | None) -> LeadFactQuerySet:
    """Return those lost in `span` to `competitor` (None: nobody named)."""
    gone: Any = lost(facts, span)
    gone = (
        gone.filter(lost_to__isnull=True) if competitor is None else gone.filter(lost_to=competitor)
    )
    found: LeadFactQuerySet = gone
    return found


def losses(facts: LeadFactQuerySet, span: Span, currency: str) -> Sequence[Loss]:
    """Return what was lost in `span` by competitor and product line (flow); two statements.

    A deal in another currency counts where it has a rate.
    """
    rows = (
        lost(facts, span)
        .annotate(worth=_worth(currency))
        .values("lost_to", "product_line_id", "product_line__name")
        .annotate(
            n=Count("pk"),
            cents=Sum("worth", default=0),
            unworthed=Count("pk", filter=Q(worth__isnull=True)),
        )
        .order_by("lost_to", "product_line__name", "product_line_id")
    )
    names = dict(Competitor.objects.order_by().values_list("pk", "name"))
    return [
        Loss(
            row["lost_to"], names.get(row["lost_to"]), row["product_line_id"],
            row["product_line__name"], row["n"], int(row["cents"]), row["unworthed"],
        )
        for row in rows
    ]  # fmt: skip


def _worth(currency: str) -> Subquery:
    """The lost deals of a lead in cents; null where none says what it was worth."""
    known = LOST_DEALS.filter(
        Q(currency=currency) | Q(rate__isnull=False), amount__isnull=False
    ).annotate(cents=Round(F("amount") * RATE * 100, output_field=DecimalField()))
    summed: Any = known.values("lead").annotate(worth=Cast(Sum("cents"), BigIntegerField()))
    return Subquery(summed.values("worth"))
