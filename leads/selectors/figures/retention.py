"""After the sale: who stayed, who left, who bought more, by where they once came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from leads.enums import CustomerEventKind, Disposition
from leads.lifecycle import STAGES
from leads.models import CustomerEvent
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import ENTERED, Span

MOST = 100
LAST = STAGES[-1]
Kinds = CustomerEventKind


@dataclass
class Kept:
    """Customers of one source (`key` None: none) won before the end of a span, and how many of them
    had not left by then. `told` counts customers by what they did in it; `cents` is what expansions
    brought, `unworthed` how many of these have no amount in the organisation's currency."""

    key: int | None
    name: str | None
    won: int = 0
    kept: int = 0
    told: dict[Kinds, int] = field(default_factory=dict)
    cents: int = 0
    unworthed: int = 0


def customers(facts: LeadFactQuerySet, span: Span) -> LeadFactQuerySet:
    """Return the customers won before the end of `span`; an unknown day counts (balance)."""
    won_at = ENTERED[LAST]
    known = Q(**{f"{won_at}__lt": span.end}) | Q(**{f"{won_at}__isnull": True})
    return facts.filter(known, disposition=Disposition.WON)


def has_left(until: date) -> Exists:
    """Return the condition that a customer left on or before `until`."""
    return Exists(
        CustomerEvent.objects.filter(
            lead=OuterRef("pk"), kind=Kinds.CHURNED, occurred_on__lte=until
        )
    )


def did(kind: Kinds, first: date, last: date) -> Exists:
    """Return the condition that a customer did `kind` on a day from `first` to `last`."""
    return Exists(
        CustomerEvent.objects.filter(
            lead=OuterRef("pk"), kind=kind, occurred_on__gte=first, occurred_on__lte=last
        )
    )


def retention(
    facts: LeadFactQuerySet, span: Span, first: date, last: date, currency: str
) -> list[Kept]:
    """Return what became of customers by source, most customers first; two statements.

    `first` and `last` are the days of `span`; amounts in another currency than `currency` are
    counted apart, for nothing says at what rate.
    """
    base = customers(facts, span)
    rows = base.annotate(gone=has_left(last)).values("source_id", "source__name")
    counted = rows.annotate(won=Count("pk"), kept=Count("pk", filter=Q(gone=False)))
    found: dict[int | None, Kept] = {
        row["source_id"]: Kept(row["source_id"], row["source__name"], row["won"], row["kept"])
        for row in counted.order_by("-won", "source__name", "source_id")[:MOST]
    }
    _add_events(found, base, first, last, currency)
    return list(found.values())


def _add_events(
    found: Mapping[int | None, Kept], base: LeadFactQuerySet, first: date, last: date, currency: str
) -> None:
    events = CustomerEvent.objects.filter(
        Exists(base.filter(pk=OuterRef("lead_id"))), occurred_on__gte=first, occurred_on__lte=last
    )
    ours = Q(currency=currency, amount__isnull=False)
    rows: Any = events.order_by().values("lead__source_id", "kind")
    for row in rows.annotate(
        n=Count("lead_id", distinct=True),
        worth=Sum("amount", filter=ours, default=0),
        unworthed=Count("pk", filter=~ours),
    ):
        one = found.get(row["lead__source_id"])
        if one is None:
            continue
        one.told[Kinds(row["kind"])] = row["n"]
        if row["kind"] == Kinds.EXPANDED:
            one.cents, one.unworthed = int(row["worth"] * 100), row["unworthed"]
