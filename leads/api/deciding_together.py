"""`/api/v1/leads/together/{qualify,accept,reject}/`: one decision on several leads at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.rules import standing
from leads.api.handoff import rejection_of
from leads.api.handoff_serializers import AcceptLead, QualifyLead, RejectLead, Undo
from leads.api.refusals import as_right, caller
from leads.api.routing_serializers import MOST_LEADS, Identity, RefusedOut
from leads.api.views import REFUSED, WRONG
from leads.enums import Cause, Disposition, LifecycleStage
from leads.models import Lead
from leads.moving import MovesRefused
from leads.services import decisions
from leads.services.decisions import By
from leads.services.gate import Outcome
from leads.services.undoing import undoable_until
from smarketing import time_source

UNSEEN = _("There is no such lead.")
Decide = Callable[[list[int], By, dict[str, Any], Any], Outcome]


class Several(serializers.Serializer[Any]):
    """The leads that one decision is about."""

    leads = serializers.ListField(child=Identity(), min_length=1, max_length=MOST_LEADS)


class QualifyLeads(QualifyLead, Several):
    """Several leads that are to be MQLs."""


class AcceptLeads(AcceptLead, Several):
    """Several MQLs that Sales takes."""


class RejectLeads(RejectLead, Several):
    """Several MQLs that Sales rejects for one reason."""

    # Each duplicate has a lead of its own that stays: that is decided one by one.
    duplicate_of = None  # type: ignore[assignment]  # how a declared field is taken away


class Decided(serializers.Serializer[Any]):
    """Where a lead stands after the decision."""

    lead = serializers.IntegerField(source="pk")
    stage = serializers.ChoiceField(choices=LifecycleStage.choices)
    disposition = serializers.ChoiceField(choices=Disposition.choices)


class DecidedTogetherOut(serializers.Serializer[Any]):
    """What was decided, what was refused and why, and how to take it all back."""

    decided = Decided(many=True)
    refused = RefusedOut(many=True)
    undo = Undo(allow_null=True)


class Together(generics.GenericAPIView[Lead]):
    """A decision on several leads: the refused are told, the others decided all the same."""

    permission_classes = [has_scope(read=Scope.LEADS_WRITE)]

    def decide(self, request: Request, decide: Decide) -> Response:
        """Read the request by the endpoint's own serializer and decide on what the caller sees."""
        user, at = caller(request), time_source.now()
        given = self.get_serializer_class()(data=request.data)
        given.is_valid(raise_exception=True)
        data: dict[str, Any] = given.validated_data
        asked = list(dict.fromkeys(data["leads"]))
        rows = Lead.objects.visible_to(user, standing(user)).filter(pk__in=asked)
        seen = set(rows.values_list("pk", flat=True))
        by = By(actor=user, cause=Cause.API, note=data.get("note", ""))
        try:
            outcome = decide([pk for pk in asked if pk in seen], by, data, at)
        except MovesRefused as refused:
            raise as_right(refused) from refused
        unseen = [
            {"lead_id": pk, "code": "not_found", "message": UNSEEN}
            for pk in asked
            if pk not in seen
        ]
        action = outcome.action
        way_back = {"id": action.pk, "until": undoable_until(at)} if action is not None else None
        told = {
            "decided": outcome.leads, "refused": [*outcome.refusals, *unseen], "undo": way_back,
        }  # fmt: skip
        return Response(DecidedTogetherOut(told).data)


class LeadsQualify(Together):
    """Marketing's yes to several."""

    serializer_class = QualifyLeads

    @once_by_key
    @extend_schema(
        operation_id="leads_qualify_together", summary="Qualify leads",
        request=QualifyLeads, responses={200: DecidedTogetherOut, **WRONG, **REFUSED},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Make several leads MQLs; each is routed at once, each refused one says why."""
        return self.decide(
            request,
            lambda ids, by, data, at: decisions.qualify_leads(
                ids, by=by, at=at, answers=data.get("answers"), apply_rest=True
            ),
        )


class LeadsAccept(Together):
    """Sales' yes to several."""

    serializer_class = AcceptLeads

    @once_by_key
    @extend_schema(
        operation_id="leads_accept_together", summary="Accept leads",
        request=AcceptLeads, responses={200: DecidedTogetherOut, **WRONG, **REFUSED},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Accept several MQLs for Sales; each refused one says why."""
        return self.decide(
            request,
            lambda ids, by, data, at: decisions.accept_leads(
                ids, by=by, at=at, fit_rating=data.get("fit_rating"), apply_rest=True
            ),
        )


class LeadsReject(Together):
    """Sales' no to several, for one reason."""

    serializer_class = RejectLeads

    @once_by_key
    @extend_schema(
        operation_id="leads_reject_together", summary="Reject leads",
        request=RejectLeads, responses={200: DecidedTogetherOut, **WRONG, **REFUSED},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Reject several MQLs for one reason, with one note; each refused one says why."""
        return self.decide(
            request,
            lambda ids, by, data, at: decisions.reject_leads(
                ids, rejection_of(data), by=by, at=at, apply_rest=True
            ),
        )
