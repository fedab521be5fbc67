"""What each asset did: to how many it was sent, who saw it, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    Func,
    OuterRef,
    Q,
    Sum,
)

from leads.enums import Disposition
from leads.models import Asset, AssetSend
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import Span
from leads.selectors.figures.traits import ended

MOST = 100


class Unnest(Func):
    """One row for each member of an array."""

    function = "unnest"
    set_returning = True
    output_field = BigIntegerField()


@dataclass
class AssetUse:
    """One asset in a span. `sent` and `opened` count leads to whom it was sent, and those of them
    who opened it since; `seen` those who ended and had seen it, `won` and `cents` the new customers
    among them and their first wins."""

    key: int
    name: str
    sent: int = 0
    opened: int = 0
    seen: int = 0
    won: int = 0
    cents: int = 0


def asset_use(facts: LeadFactQuerySet, span: Span) -> list[AssetUse]:
    """Return what each asset did in `span`, most customers first, at most 100; three statements.

    Assets that were neither sent nor seen are left out.
    """
    found: dict[int, AssetUse] = {}
    for row in _seen(facts, span):
        one = found.setdefault(row["asset"], AssetUse(row["asset"], ""))
        one.seen, one.won, one.cents = row["seen"], row["won"], row["cents"]
    for row in _sent(facts, span):
        one = found.setdefault(row["asset_id"], AssetUse(row["asset_id"], ""))
        one.sent, one.opened = row["sent"], row["opened"]
    names = Asset.objects.filter(pk__in=found).order_by().values_list("pk", "name")
    for pk, name in names if found else ():
        found[pk].name = name
    return sorted(found.values(), key=lambda one: (-one.won, -one.seen, -one.sent, one.name))[:MOST]


def sent_to(facts: LeadFactQuerySet, span: Span, asset: int, *, opened: bool) -> LeadFactQuerySet:
    """Return those of `facts` to whom an asset was sent in `span`, or those who opened it since."""
    rows = AssetSend.objects.filter(span.holds("sent_at"), asset=asset)
    if opened:
        rows = rows.filter(first_opened_at__isnull=False)
    return facts.filter(pk__in=rows.values("lead_id"))


def that_saw(facts: LeadFactQuerySet, span: Span, asset: int) -> LeadFactQuerySet:
    """Return those of `facts` that ended in `span` and had seen an asset by then."""
    return ended(facts, span).filter(asset_ids__contains=[asset])


def _seen(facts: LeadFactQuerySet, span: Span) -> Any:
    won = Q(disposition=Disposition.WON)
    rows = ended(facts, span).filter(~Q(asset_ids=[])).annotate(asset=Unnest("asset_ids"))
    return rows.values("asset").annotate(
        seen=Count("pk"),
        won=Count("pk", filter=won),
        cents=Sum("revenue_cents", filter=won, default=0),
    )


def _sent(facts: LeadFactQuerySet, span: Span) -> Any:
    counted = Exists(facts.filter(pk=OuterRef("lead_id")))
    rows = AssetSend.objects.filter(span.holds("sent_at"), counted).order_by()
    opened = Q(first_opened_at__isnull=False)
    return rows.values("asset_id").annotate(
        sent=Count("lead_id", distinct=True),
        opened=Count("lead_id", distinct=True, filter=opened),
    )
