"""`/api/v1/`: what follows the sale, the totals of the board."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from leads.api.bodies import read
from leads.api.deals import READ
from leads.api.deals_serializers import (
    BoardOut,
    CustomerEventOut,
    TellCustomerEvent,
)
from leads.api.filtering import ApiLeadFilter
from leads.api.refusals import caller
from leads.api.views import NOT_FOUND, REFUSED, WRITE, WRONG
from leads.enums import CustomerEventKind
from leads.models import CustomerEvent, Lead
from leads.querysets import LeadQuerySet
from leads.selectors.board import board_totals
from leads.selectors.deals import lead_deals
from leads.selectors.details import visible_lead
from leads.selectors.lists import listed_leads
from leads.selectors.organisation import house_currency
from leads.services.deals import AfterSale, record_customer_event
from smarketing import time_source


class CustomerEvents(generics.GenericAPIView[CustomerEvent]):
    """What happened to a customer after the sale."""

    permission_classes = WRITE
    serializer_class = TellCustomerEvent

    @extend_schema(
        operation_id="leads_customer_events_list",
        summary="List what followed the sale",
        responses={200: CustomerEventOut(many=True), **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Renewals, expansions and the leaving of a customer, newest first."""
        events = lead_deals(visible_lead(caller(request), pk)).events
        return Response(CustomerEventOut(events, many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="leads_customer_events_tell",
        summary="Tell what followed the sale",
        request=TellCustomerEvent,
        responses={201: CustomerEventOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Tell that a customer renewed, expanded or left; it is never new revenue."""
        user, data = caller(request), read(TellCustomerEvent, request)
        lead = visible_lead(user, pk)
        told: dict[str, Any] = {"currency": house_currency(), **data}
        event = AfterSale(**{**told, "kind": CustomerEventKind(told["kind"])})
        row = record_customer_event(lead.pk, event, actor=user, at=time_source.now())
        return Response(CustomerEventOut(row).data, status=status.HTTP_201_CREATED)


class Board(generics.GenericAPIView[Lead]):
    """The board."""

    permission_classes = READ
    serializer_class = BoardOut
    filterset_class = ApiLeadFilter

    def get_queryset(self) -> LeadQuerySet:
        """Return the leads that the caller may see."""
        return listed_leads(self.request.user)

    @extend_schema(
        operation_id="board_totals",
        summary="Read the totals of the board",
        responses={200: BoardOut, **WRONG, 422: REFUSED[422]},
    )
    def get(self, request: Request) -> Response:
        """How many leads each column holds, what their deals are worth, since when the oldest."""
        asked = request.query_params.copy()
        asked.pop("disposition", None)
        filters = ApiLeadFilter(asked, queryset=self.get_queryset(), request=request)
        scope = f"api:{caller(request).pk}:{sorted(asked.lists())}"
        totals = board_totals(filters.qs, scope, time_source.now())
        columns = [
            {
                "stage": stage,
                "count": total.count,
                "oldest_since": total.oldest,
                "amounts": total.amounts,
            }
            for stage, total in totals.columns.items()
        ]
        return Response(BoardOut({"counted_at": totals.counted_at, "columns": columns}).data)
