"""`/api/v1/leads/{id}/…`: the decisions of the handoff, one endpoint a verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from leads.api.handoff_serializers import (
    AcceptLead,
    CloseLead,
    DecidedOut,
    FinishRework,
    LoseLead,
    NurtureLead,
    QualifyLead,
    RateLead,
    RecycleLead,
    RejectLead,
    UndoneOut,
)
from leads.api.refusals import as_right, caller
from leads.api.serializers import LeadOut
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from leads.enums import Cause, Disposition
from leads.models import Lead
from leads.moving import MovesRefused
from leads.selectors.details import sees_lead, visible_lead
from leads.services import decisions
from leads.services.decisions import By, Rejection
from leads.services.gate import Outcome
from leads.services.undoing import undo, undoable_until
from smarketing import time_source

ANSWERS: dict[Any, Any] = {
    200: OpenApiResponse(DecidedOut, description="Done; `undo` takes it back within the window."),
    **WRONG, **NOT_FOUND, **REFUSED,
}  # fmt: skip
Decide = Callable[[int, By, dict[str, Any], Any], Outcome]


class Verb(generics.GenericAPIView[Lead]):
    """A decision on one lead by whoever asks; a refusal says why and changes nothing."""

    permission_classes = [has_scope(read=Scope.LEADS_WRITE)]

    def decide(self, request: Request, pk: int, decide: Decide) -> Response:
        """Read the request by the endpoint's own serializer, decide, and tell the lead as it is."""
        user, at = caller(request), time_source.now()
        visible_lead(user, pk)
        given = self.get_serializer_class()(data=request.data)
        given.is_valid(raise_exception=True)
        data: dict[str, Any] = given.validated_data
        by = By(actor=user, cause=Cause.API, note=data.get("note", ""))
        try:
            outcome = decide(pk, by, data, at)
        except MovesRefused as refused:
            raise as_right(refused) from refused
        action = outcome.action
        way_back = {"id": action.pk, "until": undoable_until(at)} if action is not None else None
        (lead,) = outcome.leads  # a rejected lead may have left what the caller sees
        lead = visible_lead(user, pk) if sees_lead(user, lead) else lead
        return Response(DecidedOut({"lead": lead, "undo": way_back}).data)


class LeadQualify(Verb):
    """Marketing's yes."""

    serializer_class = QualifyLead

    @once_by_key
    @extend_schema(
        operation_id="leads_qualify", summary="Qualify a lead",
        request=QualifyLead, responses=ANSWERS,
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Make the lead an MQL; it is routed at once. `criteria_missing` names what is missing."""
        return self.decide(
            request, pk,
            lambda pk, by, data, at: decisions.qualify_leads(
                [pk], by=by, at=at, answers=data.get("answers")
            ),
        )  # fmt: skip


class LeadNurture(Verb):
    """Marketing's not yet."""

    serializer_class = NurtureLead

    @once_by_key
    @extend_schema(
        operation_id="leads_nurture", summary="Nurture a lead",
        request=NurtureLead, responses=ANSWERS,
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Keep a lead of Marketing's in nurturing until a date; then its next cycle begins."""
        return self.decide(
            request, pk,
            lambda pk, by, data, at: decisions.nurture_leads(
                [pk], by=by, at=at, until=data.get("until"), reason=data["reason"]
            ),
        )  # fmt: skip


class LeadAccept(Verb):
    """Sales' yes."""

    serializer_class = AcceptLead

    @once_by_key
    @extend_schema(
        operation_id="leads_accept", summary="Accept a lead",
        request=AcceptLead, responses=ANSWERS,
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Accept an MQL for Sales. Of two who accept, the second is told who was first (409).

        While Marketing fixes a lead that was sent back, nobody accepts it (409, `returned`).
        """
        return self.decide(
            request, pk,
            lambda pk, by, data, at: decisions.accept_leads(
                [pk], by=by, at=at, fit_rating=data.get("fit_rating")
            ),
        )  # fmt: skip


class LeadReject(Verb):
    """Sales' no."""

    serializer_class = RejectLead

    @once_by_key
    @extend_schema(
        operation_id="leads_reject", summary="Reject a lead",
        request=RejectLead, responses=ANSWERS,
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Reject an MQL by a coded reason, which says what becomes of it.

        While Marketing fixes a lead that was sent back, closing it is Marketing's (403).
        """
        return self.decide(
            request, pk,
            lambda pk, by, data, at: decisions.reject_leads(
                [pk], rejection_of(data), by=by, at=at
            ),
        )  # fmt: skip


def rejection_of(data: dict[str, Any]) -> Rejection:
    """Return the rejection that a request tells."""
    picked = data.get("disposition")
    return Rejection(
        reason=data["reason"],
        fit_rating=data.get("fit_rating"),
        until=data.get("until"),
        competitor_id=data.get("competitor"),
        disposition=Disposition(picked) if picked else None,
        duplicate_of_id=data.get("duplicate_of"),
    )


class LeadRecycle(Verb):
    """Back to nurturing from wherever it stands."""

    serializer_class = RecycleLead

    @once_by_key
    @extend_schema(
        operation_id="leads_recycle", summary="Recycle a lead",
        request=RecycleLead, responses=ANSWERS,
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Send the lead to nurturing until a date; its owner is Marketing's queue."""
        return self.decide(request, pk, _close(Disposition.RECYCLED))


class LeadDisqualify(Verb):
    """Never a fit."""

    serializer_class = CloseLead

    @once_by_key
    @extend_schema(
        operation_id="leads_disqualify", summary="Disqualify a lead",
        request=CloseLead, responses=ANSWERS,
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Close the lead for good, with a reason."""
        return self.decide(request, pk, _close(Disposition.DISQUALIFIED))


class LeadLose(Verb):
    """Decided for somebody else."""

    serializer_class = LoseLead

    @once_by_key
    @extend_schema(
        operation_id="leads_lose", summary="Lose a lead",
        request=LoseLead, responses=ANSWERS,
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Close the lead as lost, with a reason and, as far as known, the competitor."""
        return self.decide(request, pk, _close(Disposition.LOST))


def _close(disposition: Disposition) -> Decide:
    def decide(pk: int, by: By, data: dict[str, Any], at: Any) -> Outcome:
        return decisions.close_leads(
            [pk], disposition, data["reason"], by=by, at=at,
            until=data.get("until"), competitor_id=data.get("competitor"),
        )  # fmt: skip

    return decide


class LeadReworkDone(Verb):
    """Fixed."""

    serializer_class = FinishRework

    @once_by_key
    @extend_schema(
        operation_id="leads_rework_done", summary="Hand back a fixed lead",
        request=FinishRework, responses=ANSWERS,
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Hand a lead whose data were fixed back to whoever returned it, else to routing."""
        return self.decide(
            request, pk,
            lambda pk, by, _data, at: decisions.finish_rework(
                [pk], actor=by.actor, at=at, note=by.note
            ),
        )  # fmt: skip


class LeadRate(generics.GenericAPIView[Lead]):
    """How well it fits."""

    permission_classes = [has_scope(read=Scope.LEADS_WRITE)]
    serializer_class = RateLead

    @once_by_key
    @extend_schema(
        operation_id="leads_rate", summary="Rate a lead",
        request=RateLead, responses={200: LeadOut, **WRONG, **NOT_FOUND, **REFUSED},
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Rate from 1 to 5 how well the lead fits, when deciding or later."""
        user = caller(request)
        visible_lead(user, pk)
        given = RateLead(data=request.data)
        given.is_valid(raise_exception=True)
        rating = given.validated_data["fit_rating"]
        decisions.rate_lead(pk, rating, actor=user, at=time_source.now())
        return Response(LeadOut(visible_lead(user, pk)).data)


class LeadUndo(generics.GenericAPIView[Lead]):
    """The way back."""

    permission_classes = [has_scope(read=Scope.LEADS_WRITE)]
    serializer_class = UndoneOut

    @once_by_key
    @extend_schema(
        operation_id="leads_undo", summary="Undo a decision", request=None,
        responses={200: UndoneOut, **WRONG, **NOT_FOUND, **REFUSED},
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Take back a decision of your own within the window, by the id in its `undo`.

        Refused (409) once the window is over or somebody else has worked on the lead.
        """
        undone = undo(pk, actor=caller(request), at=time_source.now())
        return Response(UndoneOut({"leads": [lead.pk for lead in undone.leads]}).data)
