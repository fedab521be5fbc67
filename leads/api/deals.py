"""`/api/v1/`: conversion, opportunities, what follows the sale, deal steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.models import User
from leads.api.bodies import read
from leads.api.deals_serializers import (
    AddOpportunity,
    ChangeOpportunity,
    ConvertLead,
    LoseOpportunity,
    OpportunityOut,
    OpportunityPage,
    StepOpportunity,
    WinOpportunity,
)
from leads.api.refusals import as_right, caller
from leads.api.views import NO_PLACE, NOT_FOUND, REFUSED, WRITE, WRONG
from leads.deal_filters import DEFAULT_ORDER, ORDERS, OpportunityFilter, deal_page
from leads.enums import Cause, LifecycleStage
from leads.models import Lead, Opportunity
from leads.moving import MovesRefused
from leads.selectors.deals import listed_opportunities, visible_opportunity
from leads.selectors.details import visible_lead
from leads.selectors.organisation import house_currency
from leads.services.deals import (
    DealFacts,
    Loss,
    Win,
    add_opportunity,
    change_opportunity,
    convert_lead,
    lose_opportunity,
    step_opportunity,
    win_opportunity,
)
from leads.services.deals.facts import FIELDS
from smarketing import time_source
from smarketing.errors import BadInput

READ = [has_scope(read=Scope.LEADS_READ)]
WRITE_ONLY = [has_scope(read=Scope.LEADS_WRITE)]
SIZE, LARGEST = 50, 100
IDS = ("step", "product_line", "owner")
LIST_KEYS = [
    OpenApiParameter("sort", str, enum=list(ORDERS), description="Order; a minus turns it."),
    OpenApiParameter("size", {"type": "integer", "minimum": 1, "maximum": LARGEST}),
    OpenApiParameter("after", str, description="The `next` of the page before."),
]


def facts_from(data: dict[str, Any], base: DealFacts) -> DealFacts:
    """Return `base` with what the body names."""
    named = {f"{k}_id" if k in IDS else k: v for k, v in data.items()}
    return replace(base, **{k: v for k, v in named.items() if k in FIELDS})


def told(deal: Opportunity, user: User) -> dict[str, Any]:
    """Return the deal as it is now."""
    return dict(OpportunityOut(visible_opportunity(user, deal.pk)).data)


class LeadConvert(generics.GenericAPIView[Lead]):
    """The conversion of one lead."""

    permission_classes = WRITE_ONLY
    serializer_class = ConvertLead

    @once_by_key
    @extend_schema(
        operation_id="leads_convert",
        summary="Make a lead an opportunity",
        request=ConvertLead,
        responses={201: OpportunityOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Move the lead to OPPORTUNITY and give it its first deal, both or neither, once."""
        user, data = caller(request), read(ConvertLead, request)
        lead = visible_lead(user, pk)
        expected = LifecycleStage(data["expected"]) if "expected" in data else None
        try:
            deal = convert_lead(
                lead.pk,
                facts_from(data, DealFacts(currency=house_currency())),
                actor=user,
                at=time_source.now(),
                expected=expected,
                cause=Cause.API,
                reason_note=data.get("reason_note", ""),
            ).deal
        except MovesRefused as refused:
            raise as_right(refused) from refused
        return Response(told(deal, user), status=status.HTTP_201_CREATED)


class LeadOpportunities(generics.GenericAPIView[Opportunity]):
    """Deals of one lead."""

    permission_classes = WRITE
    serializer_class = AddOpportunity

    @once_by_key
    @extend_schema(
        operation_id="leads_opportunities_add",
        summary="Add an opportunity",
        request=AddOpportunity,
        responses={201: OpportunityOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add one more deal to a converted lead; to a customer it is an expansion."""
        user, data = caller(request), read(AddOpportunity, request)
        lead = visible_lead(user, pk)
        facts = facts_from(data, DealFacts(currency=house_currency()))
        deal = add_opportunity(lead.pk, facts, actor=user, at=time_source.now())
        return Response(told(deal, user), status=status.HTTP_201_CREATED)


class OpportunityList(generics.GenericAPIView[Opportunity]):
    """Deals."""

    permission_classes = READ
    serializer_class = OpportunityPage
    filterset_class = OpportunityFilter

    def get_queryset(self) -> QuerySet[Opportunity]:
        """Return the deals that the caller may see."""
        return listed_opportunities(self.request.user)

    @extend_schema(
        operation_id="opportunities_list",
        summary="List opportunities",
        parameters=LIST_KEYS,
        responses={200: OpportunityPage, **WRONG, 404: NO_PLACE, 422: REFUSED[422]},
    )
    def get(self, request: Request) -> Response:
        """The deals that you may see, with the filters of the page; those to close next first."""
        filters = OpportunityFilter(
            request.query_params, queryset=self.get_queryset(), request=request
        )
        if not filters.is_valid():
            raise BadInput(_("The request cannot be read."), fields=filters.errors)
        asked = request.query_params
        page = deal_page(
            filters.qs, sort=_sort(asked), size=_size(asked), after=asked.get("after", "")
        )
        body = {"next": page.after or None, "results": page.deals}
        return Response(OpportunityPage(body).data)


def _sort(asked: Any) -> str:
    sort = str(asked.get("sort", DEFAULT_ORDER))
    if sort not in ORDERS:
        raise BadInput(
            _("There is no such order."), fields={"sort": [f"One of {', '.join(ORDERS)}."]}
        )
    return sort


def _size(asked: Any) -> int:
    text = str(asked.get("size", SIZE))
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= LARGEST):
        reason = f"A number from 1 to {LARGEST}."
        raise BadInput(_("The size cannot be read."), fields={"size": [reason]})
    return int(text)


class OpportunityDetail(generics.GenericAPIView[Opportunity]):
    """One deal."""

    permission_classes = READ
    serializer_class = OpportunityOut

    @extend_schema(
        operation_id="opportunities_retrieve",
        summary="Read an opportunity",
        responses={200: OpportunityOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The deal as it is now."""
        return Response(OpportunityOut(visible_opportunity(caller(request), pk)).data)


class OpportunityChange(generics.GenericAPIView[Opportunity]):
    """Edits of one deal."""

    permission_classes = WRITE_ONLY
    serializer_class = ChangeOpportunity

    @once_by_key
    @extend_schema(
        operation_id="opportunities_change",
        summary="Edit an opportunity",
        request=ChangeOpportunity,
        responses={200: OpportunityOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Change what the body names on an open deal; with `version`, nobody is overwritten."""
        user, data = caller(request), read(ChangeOpportunity, request)
        deal = visible_opportunity(user, pk)
        known = DealFacts(**{name: getattr(deal, name) for name in FIELDS})
        version = data.get("version", deal.version)
        facts = facts_from(data, known)
        change_opportunity(pk, facts, version=version, actor=user, at=time_source.now())
        return Response(told(deal, user))


class OpportunityStep(generics.GenericAPIView[Opportunity]):
    """Steps of one deal."""

    permission_classes = WRITE_ONLY
    serializer_class = StepOpportunity

    @once_by_key
    @extend_schema(
        operation_id="opportunities_step",
        summary="Move an opportunity to a step",
        request=StepOpportunity,
        responses={200: OpportunityOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Move an open deal to another step in use, forward or back."""
        user, data = caller(request), read(StepOpportunity, request)
        deal = visible_opportunity(user, pk)
        version, at = data.get("version"), time_source.now()
        step_opportunity(pk, data["step"], version=version, actor=user, at=at)
        return Response(told(deal, user))


class OpportunityWin(generics.GenericAPIView[Opportunity]):
    """The win of one deal."""

    permission_classes = WRITE_ONLY
    serializer_class = WinOpportunity

    @once_by_key
    @extend_schema(
        operation_id="opportunities_win",
        summary="Win an opportunity",
        request=WinOpportunity,
        responses={200: OpportunityOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Win an open deal; the first win of a lead makes it a CUSTOMER, later ones expand."""
        user, data = caller(request), read(WinOpportunity, request)
        deal = visible_opportunity(user, pk)
        win = Win(amount=data.get("amount"), rate=data.get("rate"), note=data.get("note", ""))
        version, at = data.get("version"), time_source.now()
        try:
            win_opportunity(pk, win, version=version, actor=user, at=at, cause=Cause.API)
        except MovesRefused as refused:
            raise as_right(refused) from refused
        return Response(told(deal, user))


class OpportunityLose(generics.GenericAPIView[Opportunity]):
    """The loss of one deal."""

    permission_classes = WRITE_ONLY
    serializer_class = LoseOpportunity

    @once_by_key
    @extend_schema(
        operation_id="opportunities_lose",
        summary="Lose an opportunity",
        request=LoseOpportunity,
        responses={200: OpportunityOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Lose an open deal; the last open one loses its lead."""
        user, data = caller(request), read(LoseOpportunity, request)
        deal = visible_opportunity(user, pk)
        version, at = data.pop("version", None), time_source.now()
        loss = Loss(competitor_id=data.pop("competitor", None), **data)
        try:
            lose_opportunity(pk, loss, version=version, actor=user, at=at, cause=Cause.API)
        except MovesRefused as refused:
            raise as_right(refused) from refused
        return Response(told(deal, user))
