"""Agreements by REST: read, propose, withdraw. Signing is for the browser alone."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import once_by_key
from leads.api.bodies import read
from leads.api.qualifying import READ, WRITE
from leads.api.refusals import caller
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from sla.api.agreement_serializers import (
    AgreementOut,
    AgreementTextOut,
    ProposeIn,
    SignatureOut,
)
from sla.enums import AgreementState
from sla.models import Agreement
from sla.selectors import versions
from sla.selectors.agreement_parts import canonical_text
from sla.services import signing
from sla.services.holding import hold_writer
from smarketing import time_source
from smarketing.errors import NotFound

MOST_LISTED = 100


class AgreementList(APIView):
    """Versions of the agreement."""

    permission_classes = READ

    @extend_schema(
        operation_id="agreements_list",
        summary="List versions of the agreement",
        responses={200: AgreementOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Every version that was at least proposed, the newest first, a hundred at most."""
        rows = versions.versions().select_related("based_on")[:MOST_LISTED]
        return Response(AgreementOut(rows, many=True).data)


class AgreementDetail(APIView):
    """One version."""

    permission_classes = READ

    @extend_schema(
        operation_id="agreements_retrieve",
        summary="Read a version of the agreement",
        responses={200: AgreementOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, number: int) -> Response:
        """The version with its signatures."""
        return Response(AgreementOut(versions.version_numbered(number)).data)


class AgreementText(APIView):
    """The text of a version."""

    permission_classes = READ

    @extend_schema(
        operation_id="agreements_text",
        summary="Read the text that was signed",
        responses={200: AgreementTextOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, number: int) -> Response:
        """Every word and number that binds, and the hash that the heads signed."""
        row = versions.version_numbered(number)
        told: dict[str, Any] = {
            "number": row.number,
            "text_hash": row.text_hash,
            "sections": row.sections.all(),
            "canonical": canonical_text(row),
        }
        return Response(AgreementTextOut(told).data)


class AgreementSignatures(APIView):
    """Who signed a version."""

    permission_classes = READ

    @extend_schema(
        operation_id="agreements_signatures",
        summary="List the signatures of a version",
        responses={200: SignatureOut(many=True), **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, number: int) -> Response:
        """Two at most. There is no way to sign by REST: the heads prove who they are anew, in the
        browser."""
        rows = versions.version_numbered(number).signatures.all()
        return Response(SignatureOut(rows, many=True).data)


class AgreementPropose(APIView):
    """From the draft to a version that waits for its signatures."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="agreements_propose",
        summary="Propose the draft",
        request=ProposeIn,
        responses={200: AgreementOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Freeze the draft for signing and tell the heads, who sign it in the browser."""
        actor = caller(request)
        hold_writer(actor)
        data = read(ProposeIn, request)
        draft = Agreement.objects.filter(state=AgreementState.DRAFT).first()
        if draft is None:
            raise NotFound("no draft")
        note = data.get("change_note")
        row = signing.propose(draft, actor=actor, at=time_source.now(), change_note=note)
        return Response(AgreementOut(versions.version_numbered(row.number)).data)


class AgreementWithdraw(APIView):
    """Taking back a version that is not in force yet."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="agreements_withdraw",
        summary="Withdraw a version",
        request=None,
        responses={200: AgreementOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, number: int) -> Response:
        """It stays readable; a draft may be proposed in its place."""
        actor = caller(request)
        hold_writer(actor)
        row = versions.version_numbered(number)
        signing.withdraw(row, actor=actor, at=time_source.now())
        return Response(AgreementOut(versions.version_numbered(number)).data)
