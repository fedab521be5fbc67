"""`/api/v1/capture/`: people whom any outside source has met, one by one or 500 at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.models import User
from accounts.rules import standing
from leads import rules
from leads.api.capture_serializers import (
    CaptureBatchIn,
    CaptureBatchOut,
    CaptureIn,
    CaptureOut,
    CaptureResult,
)
from leads.api.qualifying import WRITE
from leads.api.refusals import caller
from leads.api.views import REFUSED, WRONG
from leads.enums import ConsentPurpose, TouchKind
from leads.models import Contact, Lead
from leads.services.capturing import Item, Result, Verdict, capture_all
from leads.services.consents import ConsentFacts
from leads.services.contacts import TEXTS, ContactFacts
from leads.services.touches import TouchFacts
from smarketing import time_source
from smarketing.errors import BadInput, NotAllowed

NAMED = ("source", "campaign", "product_line", "key")
OF_TOUCH = ("detail", "url", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
NO_IDENTITY = _("Give an e-mail or an external id.")
NOT_YOURS = _("Capturing people is for Marketing and Sales.")
BODY = PolymorphicProxySerializer(
    component_name="CaptureBody",
    serializers=[CaptureIn, CaptureBatchIn],
    resource_type_field_name=None,
)
ANSWER = PolymorphicProxySerializer(
    component_name="CaptureAnswer",
    serializers=[CaptureOut, CaptureBatchOut],
    resource_type_field_name=None,
)


class CaptureView(generics.GenericAPIView[Any]):
    """Captures of outside sources."""

    permission_classes = WRITE
    serializer_class = CaptureIn

    @once_by_key
    @extend_schema(
        operation_id="capture",
        summary="Capture a person, or up to 500",
        request=BODY,
        responses={
            201: OpenApiResponse(CaptureOut, description="One capture: its lead has begun."),
            200: OpenApiResponse(
                ANSWER,
                description="One capture of a person who is known already, or the results of a "
                "list, one for each capture in the same order.",
            ),
            **WRONG,
            **REFUSED,
        },
    )
    def post(self, request: Request) -> Response:
        """Take in people with the touch that brought them.

        What is known of a contact stays, what is empty is filled, what differs waits as a proposed
        change. Of a list each capture has a result of its own: a refused one leaves the others in.
        """
        user = caller(request)
        if not rules.decides_on_leads(standing(user)):
            raise NotAllowed(NOT_YOURS)
        if isinstance(request.data, Mapping) and "captures" in request.data:
            return self._many(request, user)
        given = CaptureIn(data=request.data)
        given.is_valid(raise_exception=True)
        _refuse_nobody(given.validated_data)
        item = _item(given.validated_data, request.data)
        (result,) = capture_all([item], sender=user, at=time_source.now())
        if result.verdict is Verdict.REFUSED:
            raise BadInput(result.message, fields=result.fields, code=result.code)
        (answer,) = _told([result], user)
        begun = result.verdict is Verdict.BEGUN and not result.again
        code = status.HTTP_201_CREATED if begun else status.HTTP_200_OK
        return Response(CaptureOut(answer).data, status=code)

    @staticmethod
    def _many(request: Request, user: User) -> Response:
        given = CaptureBatchIn(data=request.data)
        given.is_valid(raise_exception=True)
        read = [_read(one) for one in given.validated_data["captures"]]
        items = [one for one in read if isinstance(one, Item)]
        taken = iter(capture_all(items, sender=user, at=time_source.now()))
        results = [next(taken) if isinstance(one, Item) else one for one in read]
        return Response({"results": CaptureResult(_told(results, user), many=True).data})


def _read(told: Any) -> Item | Result:
    """Return the capture that `told` means, or why it cannot be read."""
    given = CaptureIn(data=told)
    try:
        given.is_valid(raise_exception=True)
        _refuse_nobody(given.validated_data)
    except ValidationError as wrong:
        fields: dict[str, Any] = dict(wrong.detail) if isinstance(wrong.detail, dict) else {}
        message = ValidationError.default_detail
        return Result(verdict=Verdict.REFUSED, code="invalid", message=message, fields=fields)
    except BadInput as wrong:
        fields = dict(wrong.fields)
        return Result(
            verdict=Verdict.REFUSED, code=wrong.code, message=wrong.message, fields=fields
        )
    return _item(given.validated_data, told)


def _refuse_nobody(data: Mapping[str, Any]) -> None:
    if not data.get("email") and not data.get("external_id"):
        raise BadInput(NO_IDENTITY, fields={"email": [NO_IDENTITY]}, code="no_identity")


def _item(data: Mapping[str, Any], told: Any) -> Item:
    outside = data.get("external_id") or {}
    said = data.get("consent")
    contact = ContactFacts(
        captured_through="api",
        email=data.get("email", ""),
        system=outside.get("system", ""),
        external_id=outside.get("id", ""),
        company=data.get("company", ""),
        **{name: data.get(name, "") for name in TEXTS},
    )
    touch = TouchFacts(
        kind=TouchKind(data["kind"]),
        occurred_at=data.get("occurred_at"),
        **{name: data.get(name, "") for name in OF_TOUCH},
    )
    return Item(
        contact=contact,
        touch=touch,
        consent=_consent(said) if said else None,
        fingerprint=sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
        **{name: data.get(name, "") for name in NAMED},
    )


def _consent(said: Mapping[str, Any]) -> ConsentFacts:
    words = {name: said.get(name, "") for name in ("text", "text_version")}
    return ConsentFacts(given=said["given"], purpose=ConsentPurpose(said["purpose"]), **words)


def _told(results: Sequence[Result], user: User) -> list[dict[str, Any]]:
    """Return results as the caller may see them; two statements, however many."""
    leads = {one.lead_id for one in results if one.lead_id}
    people = {one.contact_id for one in results if one.contact_id}
    mine = standing(user)
    seen = set(
        Lead.objects.visible_to(user, mine).filter(pk__in=leads).values_list("pk", flat=True)
    )
    known = Contact.objects.visible_to(user, mine).filter(pk__in=people)
    whom = set(known.values_list("pk", flat=True))
    return [
        {
            "verdict": one.verdict,
            "contact": one.contact_id if one.contact_id in whom else None,
            "lead": one.lead_id if one.lead_id in seen else None,
            "again": one.again,
            "problem": _problem(one),
        }
        for one in results
    ]


def _problem(one: Result) -> dict[str, Any] | None:
    if one.verdict is not Verdict.REFUSED:
        return None
    return {"code": one.code, "message": str(one.message), "fields": one.fields}
