"""Campaigns: what each cost and what it brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Round

from leads.enums import LifecycleStage, PostKind
from leads.lifecycle import RANK, STAGES
from leads.models import Asset, Campaign, CampaignCost, ChannelPost, Lead, Opportunity
from leads.models.opportunities import DealState
from smarketing.errors import NotFound

MOST = 500


@dataclass
class Reach:
    """How many leads of a campaign there are, and how many ever reached each stage."""

    leads: int = 0
    reached: dict[LifecycleStage, int] = field(default_factory=dict)

    @property
    def stages(self) -> list[tuple[LifecycleStage, int]]:
        """The stages in funnel order with how many reached them."""
        return [(stage, self.reached.get(stage, 0)) for stage in STAGES]


def listed_campaigns() -> QuerySet[Campaign]:
    """Return every campaign with what it cost so far (`cost`, None without any), newest first."""
    spent = CampaignCost.objects.filter(campaign=OuterRef("pk")).order_by()
    cost = Subquery(spent.values("campaign").annotate(total=Sum("amount")).values("total"))
    rows = Campaign.objects.select_related("product_line").annotate(cost=cost)
    return rows.order_by(F("starts_on").desc(nulls_last=True), "-id")


def campaign_of(pk: int) -> Any:
    """Return the campaign with its cost; raise NotFound."""
    found = listed_campaigns().filter(pk=pk).first()
    if found is None:
        raise NotFound("no such campaign")
    return found


def reach_of(campaigns: Iterable[int]) -> dict[int, Reach]:
    """Return what each of `campaigns` (ids) brought, by the furthest stage of its leads.

    A lead that stands at SQL has reached every stage before; whoever began further on has passed
    the earlier ones. One statement, whatever the number.
    """
    reach: dict[int, Reach] = {pk: Reach() for pk in campaigns}
    rows = Lead.objects.filter(campaign_id__in=list(reach)).order_by()
    for pk, stage, n in rows.values_list("campaign_id", "stage").annotate(n=Count("id")):
        one = reach[pk]
        one.leads += n
        for passed in STAGES[: RANK[LifecycleStage(stage)] + 1]:
            one.reached[passed] = one.reached.get(passed, 0) + n
    return reach


@dataclass(frozen=True)
class Revenue:
    """What new customers brought, in the organisation's currency at the rates of the closes.

    Deals won without a rate stand apart, by their currencies, and are never added.
    """

    total: Decimal
    apart: Mapping[str, Decimal]


@dataclass(frozen=True)
class CampaignPage:
    """Everything that the page of a campaign shows; six statements."""

    campaign: Any
    costs: Sequence[CampaignCost]
    reach: Reach
    revenue: Revenue
    assets: Sequence[Asset]
    alerts: Sequence[ChannelPost]


def campaign_page(pk: int) -> CampaignPage:
    """Return what the page of campaign `pk` shows; raise NotFound."""
    campaign = campaign_of(pk)
    posts = ChannelPost.objects.filter(campaign=campaign, kind=PostKind.ALERT).select_related(
        "author"
    )
    return CampaignPage(
        campaign=campaign,
        costs=list(campaign.costs.order_by("-spent_on", "-id")[:MOST]),
        reach=reach_of([pk])[pk],
        revenue=_revenue(pk),
        assets=list(campaign.assets.filter(is_active=True)[:MOST]),
        alerts=list(posts.order_by("-posted_at", "-id")[:20]),
    )


def _revenue(pk: int) -> Revenue:
    """The deals that made the campaign's leads customers."""
    won = Opportunity.objects.filter(
        Q(closed_at__lte=F("lead__customer_at")) | Q(lead__customer_at__isnull=True),
        lead__campaign_id=pk, state=DealState.WON,
    ).order_by()  # fmt: skip
    at_home = Round(F("amount") * F("rate"), precision=2)
    apart_from = ExpressionWrapper(Q(rate__isnull=True), output_field=BooleanField())
    rows = (
        won.annotate(is_apart=apart_from)
        .values_list("currency", "is_apart")
        .annotate(amounts=Sum("amount"), home=Sum(at_home))
    )
    total, apart = Decimal(0), {}
    for currency, is_apart, amounts, home in rows:
        if is_apart and amounts is not None:
            apart[currency] = amounts
        total += home or 0
    return Revenue(total, apart)
