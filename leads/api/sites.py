"""Tracked sites and proposed changes by REST."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.rules import standing
from leads.api.bodies import UseIn, read
from leads.api.deals_serializers import LAST_ID
from leads.api.forms import BEFORE, rows_before
from leads.api.forms_serializers import ProposedChangeOut, SiteIn, SiteOut
from leads.api.keyset import AFTER, page_response, paged, place_of
from leads.api.qualifying import READ, WRITE
from leads.api.refusals import caller
from leads.api.views import NO_PLACE, NOT_FOUND, REFUSED, WRONG
from leads.models import ProposedChange, TrackedSite
from leads.rules import decides_on_leads
from leads.selectors.contacts import visible_contact
from leads.selectors.forms import changes_page, proposal_of
from leads.selectors.visits import listed_sites
from leads.services.proposals import NOT_YOURS, refuse_change, take_change
from leads.services.sites import add_site, use_site
from smarketing import time_source
from smarketing.errors import BadInput, NotAllowed

AN_ID = "An id."
CONTACT = OpenApiParameter(
    "contact", {"type": "integer", "minimum": 1, "maximum": LAST_ID},
    description="Of this person alone; rows merged into him are his.",
)  # fmt: skip


class SiteList(generics.GenericAPIView[TrackedSite]):
    """Tracked sites."""

    permission_classes = READ
    serializer_class = SiteIn
    pagination_class = None

    @extend_schema(
        operation_id="sites_list",
        summary="List tracked sites",
        parameters=[BEFORE],
        responses={200: SiteOut(many=True), **WRONG, 422: REFUSED[422]},
    )
    def get(self, request: Request) -> Response:
        """At most 200 sites, the last added first, with how many browsers each has seen."""
        return Response(SiteOut(rows_before(request, listed_sites()), many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="sites_create",
        summary="Add a tracked site",
        request=SiteIn,
        responses={201: SiteOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Count visits of a site of ours from now on. For Marketing and managers."""
        data = read(SiteIn, request)
        row = add_site(
            data["name"],
            data["origins"],
            asks_consent=data["asks_consent"],
            actor=caller(request),
            at=time_source.now(),
        )
        told = SiteOut(listed_sites().get(pk=row.pk)).data
        return Response(told, status=status.HTTP_201_CREATED)


class SiteUse(generics.GenericAPIView[TrackedSite]):
    """Whether visits of a site are counted."""

    permission_classes = WRITE
    serializer_class = UseIn

    @once_by_key
    @extend_schema(
        operation_id="sites_use",
        summary="Stop counting visits of a site, or count again",
        request=UseIn,
        responses={200: SiteOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """What was counted stays."""
        site, in_use = get_object_or_404(TrackedSite, pk=pk), read(UseIn, request)["in_use"]
        use_site(site, in_use=in_use, actor=caller(request))
        return Response(SiteOut(listed_sites().get(pk=pk)).data)


class ProposedChangeList(generics.GenericAPIView[ProposedChange]):
    """Changes that wait for a decision."""

    permission_classes = READ
    serializer_class = ProposedChangeOut
    pagination_class = None

    @extend_schema(
        operation_id="proposed_changes_list",
        summary="List proposed changes",
        parameters=[AFTER, CONTACT],
        responses={
            200: paged("ProposedChangePage", ProposedChangeOut), **WRONG, 404: NO_PLACE,
            422: REFUSED[422],
        },
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Open ones about people whom you may see, newest first, 50 a page."""
        user, asked = caller(request), request.query_params.get("contact", "")
        contact = None
        if asked:
            if not (asked.isascii() and asked.isdecimal() and 0 < int(asked[:20]) <= LAST_ID):
                raise BadInput(AN_ID, fields={"contact": [AN_ID]})
            contact = visible_contact(user, int(asked)).pk
        page, following = changes_page(user, contact, after=place_of(request))
        return page_response(request, ProposedChangeOut(page, many=True).data, following)


class ProposedChangeTake(generics.GenericAPIView[ProposedChange]):
    """Taking one proposed change."""

    permission_classes = WRITE
    serializer_class = ProposedChangeOut

    @once_by_key
    @extend_schema(
        operation_id="proposed_changes_take",
        summary="Take a proposed value",
        request=None,
        responses={200: ProposedChangeOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write the value into the record; 409 `decided` when somebody has decided before."""
        _refuse_others(request)
        change = proposal_of(caller(request), pk)
        take_change(change.pk, actor=caller(request), at=time_source.now())
        return Response(ProposedChangeOut(proposal_of(caller(request), pk)).data)


class ProposedChangeRefuse(generics.GenericAPIView[ProposedChange]):
    """Refusing one proposed change."""

    permission_classes = WRITE
    serializer_class = ProposedChangeOut

    @once_by_key
    @extend_schema(
        operation_id="proposed_changes_refuse",
        summary="Keep our value",
        request=None,
        responses={200: ProposedChangeOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Leave the record as it is; 409 `decided` when somebody has decided before."""
        _refuse_others(request)
        change = proposal_of(caller(request), pk)
        refuse_change(change.pk, actor=caller(request), at=time_source.now())
        return Response(ProposedChangeOut(proposal_of(caller(request), pk)).data)


def _refuse_others(request: Request) -> None:
    if not decides_on_leads(standing(caller(request))):
        raise NotAllowed(NOT_YOURS)
