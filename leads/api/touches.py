"""Touches and own fields by REST."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.rules import standing
from leads import rules
from leads.api.bodies import UseIn, read
from leads.api.keyset import AFTER, page_response, paged, place_of
from leads.api.qualifying import READ, WRITE
from leads.api.refusals import caller
from leads.api.scoring_serializers import (
    AttributeChangeIn,
    AttributeIn,
    AttributeOut,
    OwnValuesIn,
    OwnValuesOut,
    TouchesIn,
    TouchOut,
)
from leads.api.views import NO_PLACE, NOT_FOUND, REFUSED, WRONG
from leads.enums import AttributeSubject
from leads.models import CustomAttribute, Touch
from leads.selectors.attributes import Holder, attributes_in_use, visible_holder
from leads.selectors.contacts import visible_contact
from leads.selectors.touches import touches_page
from leads.services import attributes as services
from leads.services.catalogue import add_missing, catalogue_of
from leads.services.touches import TouchFacts, record_touches
from smarketing import time_source
from smarketing.errors import BadInput, NotAllowed

SUBJECT = OpenApiParameter(
    "subject", str, OpenApiParameter.PATH, enum=["contact", "company", "lead"]
)
NAMED = ("campaign", "source")


class ContactTouches(generics.GenericAPIView[Touch]):
    """Touches of a contact."""

    permission_classes = READ
    serializer_class = TouchOut
    pagination_class = None

    @extend_schema(
        operation_id="contacts_touches_list",
        summary="List a contact's touches",
        parameters=[AFTER],
        responses={200: paged("TouchPage", TouchOut), **WRONG, 404: NO_PLACE},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Touches of the person, of merged contacts too, newest first, 50 a page."""
        contact = visible_contact(caller(request), pk)
        page, following = touches_page(contact.pk, after=place_of(request))
        return page_response(request, TouchOut(page, many=True).data, following)

    @once_by_key
    @extend_schema(
        operation_id="contacts_touches_record",
        summary="Record touches of a contact",
        request=TouchesIn,
        responses={201: TouchOut(many=True), **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Record touches, all or none, and score the person's leads; the new ones come back."""
        if not rules.decides_on_leads(standing(caller(request))):
            raise NotAllowed(_("Recording touches is for Marketing and Sales."))
        contact = visible_contact(caller(request), pk)
        given = TouchesIn(data=request.data)
        given.is_valid(raise_exception=True)
        with transaction.atomic():  # a new source stays only with its touch
            touches = _touches(given.validated_data["touches"], contact.pk)
            new = record_touches(touches, at=time_source.now())
        return Response(TouchOut(new, many=True).data, status=status.HTTP_201_CREATED)


class AttributeList(generics.GenericAPIView[CustomAttribute]):
    """Fields of the organisation's own."""

    permission_classes = READ
    serializer_class = AttributeOut
    pagination_class = None

    @extend_schema(
        operation_id="attributes_list",
        summary="List own fields",
        responses={200: AttributeOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Every field, those out of use too."""
        return Response(AttributeOut(CustomAttribute.objects.order_by("id"), many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="attributes_define",
        summary="Define an own field",
        request=AttributeIn,
        responses={201: AttributeOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Define a field; its key follows from its name."""
        given = AttributeIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        row = services.define_attribute(
            subject=AttributeSubject(data["subject"]),
            label=data["name"],
            kind=data["kind"],
            choices=data.get("choices", ()),
            by=caller(request),
        )
        return Response(AttributeOut(row).data, status=status.HTTP_201_CREATED)


class AttributeChange(generics.GenericAPIView[CustomAttribute]):
    """Changes of a field."""

    permission_classes = WRITE
    serializer_class = AttributeChangeIn

    @once_by_key
    @extend_schema(
        operation_id="attributes_change",
        summary="Change an own field",
        request=AttributeChangeIn,
        responses={200: AttributeOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Rename it or change its choices; values that exist stay."""
        row = get_object_or_404(CustomAttribute, pk=pk)
        given = AttributeChangeIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        choices = data.get("choices", row.choices)
        services.change_attribute(row, label=data["name"], choices=choices, by=caller(request))
        return Response(AttributeOut(row).data)


class AttributeUse(generics.GenericAPIView[CustomAttribute]):
    """Whether a field is in use."""

    permission_classes = WRITE
    serializer_class = UseIn

    @once_by_key
    @extend_schema(
        operation_id="attributes_use",
        summary="Take an own field out of use, or back",
        request=UseIn,
        responses={200: AttributeOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """A field is never deleted; its values stay."""
        row = get_object_or_404(CustomAttribute, pk=pk)
        in_use = read(UseIn, request)["in_use"]
        services.use_attribute(row, in_use=in_use, by=caller(request))
        return Response(AttributeOut(row).data)


class OwnValues(generics.GenericAPIView[CustomAttribute]):
    """Own fields of one contact, company or lead."""

    permission_classes = READ
    serializer_class = OwnValuesOut

    @extend_schema(
        operation_id="own_values_retrieve",
        summary="Read own fields",
        parameters=[SUBJECT],
        responses={200: OwnValuesOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, subject: str, pk: int) -> Response:
        """The values of the fields in use, null where empty."""
        known = AttributeSubject(subject.upper())
        return Response(_values(visible_holder(caller(request), known, pk), known))

    @once_by_key
    @extend_schema(
        operation_id="own_values_write",
        summary="Write own fields",
        parameters=[SUBJECT],
        request=OwnValuesIn,
        responses={200: OwnValuesOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, subject: str, pk: int) -> Response:
        """Write some values, all or none; refused when the row has changed since `version`."""
        known = AttributeSubject(subject.upper())
        row = visible_holder(caller(request), known, pk)
        given = OwnValuesIn(data=request.data)
        given.is_valid(raise_exception=True)
        data, at = given.validated_data, time_source.now()
        written = services.write_values(
            row, data["values"], version=data["version"], actor=caller(request), at=at
        )
        return Response(_values(written, known))


def _values(row: Holder, subject: AttributeSubject) -> dict[str, Any]:
    values = {one.key: row.attributes.get(one.key) for one in attributes_in_use(subject)}
    return dict(OwnValuesOut({"version": row.version, "values": values}).data)


def _touches(told: list[dict[str, Any]], contact_id: int) -> list[TouchFacts]:
    """Return the facts of touches, campaigns and sources found by name; a source may be new."""
    names = {kind: [one.get(kind, "") for one in told] for kind in NAMED}
    known = catalogue_of(**names)
    add_missing(known, "source", names["source"])
    unknown = [n for n in names["campaign"] if n and known.find("campaign", n) is None]
    if unknown:
        reason = _("There is no campaign “%(name)s”.") % {"name": unknown[0][:80]}
        raise BadInput(reason, fields={"campaign": [reason]})
    facts = []
    for one in told:
        plain = {name: value for name, value in one.items() if name not in NAMED}
        ids: dict[str, Any] = {f"{kind}_id": known.find(kind, one.get(kind, "")) for kind in NAMED}
        facts.append(TouchFacts(contact_id=contact_id, **plain, **ids))
    return facts
