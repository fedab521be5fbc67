"""`/api/v1/leads/`: everything that the pages of leads do, by REST."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.models import User
from leads.api.filtering import ApiLeadFilter
from leads.api.pagination import LeadPagination
from leads.api.serializers import CreateLead, Error, LeadOut, MoveLead
from leads.enums import Cause, Disposition, LifecycleStage
from leads.models import Lead
from leads.moving import Move, MovesRefused, Step
from leads.querysets import LeadQuerySet
from leads.selectors.details import sees_lead, visible_lead, whole_lead
from leads.selectors.lists import listed_leads
from leads.services.catalogue import add_missing, catalogue_of
from leads.services.contacts import ContactFacts
from leads.services.moves import move_leads
from leads.services.opening import ALREADY_OPEN, Capture, open_leads
from smarketing import time_source
from smarketing.errors import BadInput, NotAllowed, Refused

WRITE = [has_scope(read=Scope.LEADS_READ, write=Scope.LEADS_WRITE)]
RIGHTS = frozenset({"wrong_side", "not_owner", "no_history_right"})
NAMES = ("given_name", "family_name", "company", "job_title", "phone", "country", "city")
WRONG: dict[Any, Any] = {
    400: OpenApiResponse(Error, description="The request cannot be read; `fields` says why."),
    401: OpenApiResponse(Error, description="No valid token."),
    403: OpenApiResponse(Error, description="The token's scope or the person's role is missing."),
}
NOT_FOUND: dict[Any, Any] = {404: OpenApiResponse(Error, description="No such lead, or not seen.")}
NO_PLACE = OpenApiResponse(Error, description="No such place in the list: an unknown cursor.")
REFUSED: dict[Any, Any] = {
    409: OpenApiResponse(Error, description="A rule of the lifecycle says no; nothing was done."),
    415: OpenApiResponse(Error, description="The body is not JSON."),
    422: OpenApiResponse(Error, description="Values that cannot be accepted."),
}


class LeadList(generics.GenericAPIView[Lead]):
    """Leads."""

    permission_classes = WRITE
    serializer_class = LeadOut
    filter_backends = [DjangoFilterBackend]
    filterset_class = ApiLeadFilter
    pagination_class = LeadPagination

    def get_queryset(self) -> LeadQuerySet:
        """Return the leads that the caller may see."""
        return listed_leads(self.request.user)

    @extend_schema(
        operation_id="leads_list",
        summary="List leads",
        responses={200: LeadOut(many=True), **WRONG, 404: NO_PLACE, 422: REFUSED[422]},
    )
    def get(self, request: Request) -> Response:
        """The leads that you may see, newest first, with the filters of the page."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(LeadOut(page, many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="leads_create",
        summary="Create a lead",
        request=CreateLead,
        responses={
            201: OpenApiResponse(LeadOut, description="The lead has begun."),
            200: OpenApiResponse(
                LeadOut,
                description="The contact has an open lead for this product line already: that one, "
                "unchanged. The same request twice therefore makes one contact and one lead.",
            ),
            **WRONG,
            **REFUSED,
        },
        filters=False,
    )
    def post(self, request: Request) -> Response:
        """Capture a person. What is known of the contact stays, what is empty is filled."""
        given = CreateLead(data=request.data)
        given.is_valid(raise_exception=True)
        user = _caller(request)
        try:
            with transaction.atomic():  # a new source stays only with its lead
                capture = _capture(given.validated_data, user)
                opened = open_leads([capture], actor=user, at=time_source.now())
        except MovesRefused as refused:
            raise _as_right(refused) from refused
        (lead,) = opened.leads
        if lead is None or (opened.existing and not sees_lead(user, lead)):
            raise Refused(ALREADY_OPEN, code="already_open")
        code = status.HTTP_200_OK if opened.existing else status.HTTP_201_CREATED
        return Response(LeadOut(whole_lead(lead.pk)).data, status=code)


class LeadDetail(generics.GenericAPIView[Lead]):
    """One lead."""

    permission_classes = WRITE
    serializer_class = LeadOut

    @extend_schema(
        operation_id="leads_retrieve",
        summary="Read a lead",
        responses={200: LeadOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The lead as it is now."""
        return Response(LeadOut(visible_lead(_caller(request), pk)).data)


class LeadMove(generics.GenericAPIView[Lead]):
    """Moves of one lead."""

    permission_classes = [has_scope(read=Scope.LEADS_WRITE)]
    serializer_class = MoveLead

    @once_by_key
    @extend_schema(
        operation_id="leads_move",
        summary="Move or close a lead",
        request=MoveLead,
        responses={200: LeadOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Move the lead to a later stage, or close it; a refusal says why and changes nothing."""
        user = _caller(request)
        lead = visible_lead(user, pk)
        given = MoveLead(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            move_leads([_move(lead, given.validated_data, user)], at=time_source.now())
        except MovesRefused as refused:
            raise _as_right(refused) from refused
        return Response(LeadOut(visible_lead(user, pk)).data)


def _caller(request: Request) -> User:
    """Return the person behind the request; the permission has let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101  # see the permission
    return request.user


def _capture(data: dict[str, Any], user: User) -> Capture:
    outside = data.get("external_id") or {}
    facts = ContactFacts(
        captured_through="api",
        email=data.get("email", ""),
        system=outside.get("system", ""),
        external_id=outside.get("id", ""),
        **{name: data.get(name, "") for name in NAMES},
    )
    stage = LifecycleStage(data["stage"])
    step = Step(to_stage=stage, actor=user, cause=Cause.API, note=data.get("note", ""))
    if not facts.email and not facts.external_id:
        reason = [_("Give an e-mail or an external id.")]
        raise BadInput(_("A contact needs an identity."), fields={"email": reason})
    return Capture(contact=facts, steps=(step,), **_catalogue_ids(data))


def _catalogue_ids(data: dict[str, Any]) -> dict[str, Any]:
    """Find source, campaign and product line by name; only a source may be new."""
    names = {kind: data.get(kind, "") for kind in ("source", "campaign", "product_line")}
    known = catalogue_of(**{kind: [name] for kind, name in names.items()})
    unknown = {
        kind: [_("There is none of this name.")]
        for kind, name in names.items()
        if name and kind != "source" and known.find(kind, name) is None
    }
    if unknown:
        raise BadInput(_("Some names are not known."), fields=unknown)
    add_missing(known, "source", [names["source"]])
    return {f"{kind}_id": known.find(kind, name) for kind, name in names.items() if name}


def _move(lead: Lead, data: dict[str, Any], user: User) -> Move:
    return Move(
        lead_id=lead.pk,
        to_stage=LifecycleStage(data["to_stage"]) if "to_stage" in data else None,
        disposition=Disposition(data.get("disposition", Disposition.OPEN)),
        reason=data.get("reason", ""),
        note=data.get("note", ""),
        expected=LifecycleStage(data["expected"]) if "expected" in data else None,
        actor=user,
        cause=Cause.API,
    )


def _as_right(refused: MovesRefused) -> Exception:
    """Tell a missing right (403) from a rule of the lifecycle (409)."""
    (refusal,) = refused.refusals
    if refusal.code in RIGHTS:
        return NotAllowed(str(refusal), code=refusal.code)
    return refused
