"""`/api/v1/campaigns/`: campaigns and their costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from leads.api.bodies import read
from leads.api.deals import READ, WRITE_ONLY
from leads.api.deals_serializers import LAST_ID, AddCost, CampaignOut, CostOut, SaveCampaign
from leads.api.refusals import caller
from leads.api.views import NOT_FOUND, REFUSED, WRITE, WRONG
from leads.models import Campaign, CampaignCost
from leads.selectors.campaigns import campaign_of, listed_campaigns, reach_of
from leads.selectors.organisation import house_currency
from leads.services.campaigns import CampaignFacts, add_cost, remove_cost, save_campaign
from smarketing.errors import BadInput

MOST = 200
BEYOND = OpenApiParameter(
    "before", {"type": "integer", "minimum": 1, "maximum": LAST_ID},
    description="Campaigns with a smaller id than this one.",
)  # fmt: skip


def told(campaigns: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the campaigns with their cost and reach."""
    reach = reach_of([campaign.pk for campaign in campaigns])
    for campaign in campaigns:
        campaign.lead_count = reach[campaign.pk].leads
        campaign.reached_counts = {stage.value: n for stage, n in reach[campaign.pk].stages}
    return [dict(CampaignOut(campaign).data) for campaign in campaigns]


def facts_from(data: dict[str, Any]) -> CampaignFacts:
    """Return what the body says."""
    given = {"currency": house_currency(), **data}
    return CampaignFacts(product_line_id=given.pop("product_line", None), **given)


class CampaignList(generics.GenericAPIView[Campaign]):
    """Campaigns."""

    permission_classes = WRITE
    serializer_class = SaveCampaign

    @extend_schema(
        operation_id="campaigns_list",
        summary="List campaigns",
        parameters=[BEYOND],
        responses={200: CampaignOut(many=True), **WRONG, 422: REFUSED[422]},
    )
    def get(self, request: Request) -> Response:
        """At most 200 campaigns, the last made first, with cost and reach."""
        rows = listed_campaigns().order_by("-id")
        before = request.query_params.get("before", "")
        if before:
            if not (before.isascii() and before.isdecimal() and 0 < int(before[:20]) <= LAST_ID):
                raise BadInput(_("The request cannot be read."), fields={"before": [_("An id.")]})
            rows = rows.filter(pk__lt=int(before))
        return Response(told(list(rows[:MOST])))

    @once_by_key
    @extend_schema(
        operation_id="campaigns_create",
        summary="Create a campaign",
        request=SaveCampaign,
        responses={201: CampaignOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Plan a campaign; its name is its own."""
        facts = facts_from(read(SaveCampaign, request))
        row = save_campaign(None, facts, actor=caller(request))
        return Response(told([campaign_of(row.pk)])[0], status=status.HTTP_201_CREATED)


class CampaignDetail(generics.GenericAPIView[Campaign]):
    """One campaign."""

    permission_classes = READ
    serializer_class = CampaignOut

    @extend_schema(
        operation_id="campaigns_retrieve",
        summary="Read a campaign",
        responses={200: CampaignOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The campaign with cost and reach."""
        return Response(told([campaign_of(pk)])[0])


class CampaignChange(generics.GenericAPIView[Campaign]):
    """Edits of one campaign."""

    permission_classes = WRITE_ONLY
    serializer_class = SaveCampaign

    @once_by_key
    @extend_schema(
        operation_id="campaigns_change",
        summary="Edit a campaign",
        request=SaveCampaign,
        responses={200: CampaignOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write the campaign anew, as the body says."""
        facts = facts_from(read(SaveCampaign, request))
        save_campaign(campaign_of(pk), facts, actor=caller(request))
        return Response(told([campaign_of(pk)])[0])


class CampaignCosts(generics.GenericAPIView[CampaignCost]):
    """Costs of one campaign."""

    permission_classes = WRITE
    serializer_class = AddCost

    @extend_schema(
        operation_id="campaigns_costs_list",
        summary="List the costs of a campaign",
        responses={200: CostOut(many=True), **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Its dated costs, newest first."""
        costs = campaign_of(pk).costs.order_by("-spent_on", "-id")[:MOST]
        return Response(CostOut(costs, many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="campaigns_costs_add",
        summary="Add a cost",
        request=AddCost,
        responses={201: CostOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Note what the campaign cost on a day."""
        data = {"note": "", **read(AddCost, request)}
        cost = add_cost(campaign_of(pk), **data, actor=caller(request))
        return Response(CostOut(cost).data, status=status.HTTP_201_CREATED)


class CampaignCostRemove(generics.GenericAPIView[CampaignCost]):
    """One cost of a campaign."""

    permission_classes = WRITE_ONLY
    serializer_class = CostOut

    @once_by_key
    @extend_schema(
        operation_id="campaigns_costs_remove",
        summary="Remove a cost",
        request=None,
        responses={204: OpenApiResponse(description="Removed."), **WRONG, **NOT_FOUND},
    )
    def post(self, request: Request, pk: int, cost: int) -> Response:
        """Take a cost away; the record's history keeps it."""
        remove_cost(campaign_of(pk), cost, actor=caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
