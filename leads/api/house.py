"""`/api/v1/`: the coded reasons and the windows of the handoff, as on their settings pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.models import User
from accounts.rules import standing
from leads.api.bodies import UseIn, read
from leads.api.handoff_serializers import ReasonOut
from leads.api.refusals import caller
from leads.api.views import NOT_FOUND, REFUSED, WRITE, WRONG
from leads.enums import ReasonOutcome
from leads.forms_handoff import LONGEST_UNDO, MOST_ATTEMPTS, MOST_DAYS, MOST_DISPUTE_DAYS
from leads.models import FunnelSettings, Reason
from leads.models.feedback import MOST_KEYS
from leads.rules import keeps_reasons
from leads.selectors.house import funnel_settings, house_rules
from leads.services.reasons import LONGEST_LABEL, save_funnel, save_reason
from smarketing.errors import NotAllowed, NotFound

WRITE_ONLY = [has_scope(read=Scope.LEADS_WRITE)]


class ReasonIn(serializers.Serializer[Any]):
    """A reason as it is sent; its code is made from its first label and stays."""

    own_label = serializers.CharField(
        max_length=LONGEST_LABEL,
        allow_blank=True,
        default="",
        help_text="Empty, for a reason that comes with the product: in each reader's language.",
    )
    outcome = serializers.ChoiceField(choices=ReasonOutcome.choices)
    key = serializers.IntegerField(
        min_value=1, max_value=MOST_KEYS, allow_null=True, default=None,
        help_text="On the reject pad; null: not there.",
    )  # fmt: skip
    note_needed = serializers.BooleanField(default=False)


class KeptReasonOut(serializers.Serializer[Any]):
    """A reason as its keepers see it."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not Field.label
    own_label = serializers.CharField()
    outcome = serializers.ChoiceField(choices=ReasonOutcome.choices)
    key = serializers.IntegerField(allow_null=True)
    note_needed = serializers.BooleanField()
    is_active = serializers.BooleanField()


class FunnelIn(serializers.Serializer[Any]):
    """Windows and waits; days are days, those of disputes business days."""

    undo_seconds = serializers.IntegerField(min_value=0, max_value=LONGEST_UNDO)
    nurture_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS)
    hot_touch_wakes = serializers.BooleanField()
    cooldown_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS)
    dispute_days = serializers.IntegerField(min_value=0, max_value=MOST_DISPUTE_DAYS)
    attempts_before_no_contact = serializers.IntegerField(min_value=0, max_value=MOST_ATTEMPTS)
    field_note_weekday = serializers.IntegerField(
        min_value=1, max_value=7, allow_null=True, help_text="1 is Monday; null asks nobody."
    )


class FunnelOut(FunnelIn):
    """Windows and waits as they are."""


def keeper(request: Request) -> User:
    """Return who asks; raises NotAllowed for whoever does not set reasons and windows."""
    user = caller(request)
    if not keeps_reasons(standing(user)):
        raise NotAllowed(_("Reasons and windows are for managers and administrators to set."))
    return user


def reason_of(code: str) -> Reason:
    """Return a reason, in use or not; raises NotFound."""
    reason = Reason.objects.filter(code=code).first()
    if reason is None:
        raise NotFound(_("There is no such reason."))
    return reason


class ReasonList(generics.GenericAPIView[Reason]):
    """The coded reasons."""

    permission_classes = WRITE
    serializer_class = ReasonIn
    pagination_class = None

    @extend_schema(
        operation_id="reasons_list",
        summary="List reasons",
        responses={200: ReasonOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """The reasons in use, in the order of the reject pad, with what follows from each."""
        return Response(ReasonOut(house_rules().active_reasons, many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="reasons_create",
        summary="Add a reason",
        request=ReasonIn,
        responses={201: KeptReasonOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Add a reason; none is ever deleted, for history names it."""
        keeper(request)
        row = save_reason(Reason(**read(ReasonIn, request)))
        return Response(KeptReasonOut(row).data, status=status.HTTP_201_CREATED)


class ReasonChange(generics.GenericAPIView[Reason]):
    """Changes of a reason."""

    permission_classes = WRITE_ONLY
    serializer_class = ReasonIn

    @once_by_key
    @extend_schema(
        operation_id="reasons_change",
        summary="Change a reason",
        request=ReasonIn,
        responses={200: KeptReasonOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, code: str) -> Response:
        """Say anew what it is called and what follows from it, for decisions to come."""
        keeper(request)
        reason = reason_of(code)
        for name, value in read(ReasonIn, request).items():
            setattr(reason, name, value)
        return Response(KeptReasonOut(save_reason(reason)).data)


class ReasonUse(generics.GenericAPIView[Reason]):
    """Whether a reason can be chosen."""

    permission_classes = WRITE_ONLY
    serializer_class = UseIn

    @once_by_key
    @extend_schema(
        operation_id="reasons_use",
        summary="Take a reason out of use, or back",
        request=UseIn,
        responses={200: KeptReasonOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, code: str) -> Response:
        """One out of use keeps no key on the reject pad."""
        keeper(request)
        reason = reason_of(code)
        reason.is_active = read(UseIn, request)["in_use"]
        return Response(KeptReasonOut(save_reason(reason)).data)


class Funnel(generics.GenericAPIView[FunnelSettings]):
    """Windows and waits of the handoff."""

    permission_classes = WRITE
    serializer_class = FunnelIn

    @extend_schema(
        operation_id="funnel_settings_retrieve",
        summary="Read the windows of the handoff",
        responses={200: FunnelOut, **WRONG},
    )
    def get(self, request: Request) -> Response:
        """How long undo, nurturing, disputes and the rest last."""
        keeper(request)
        return Response(FunnelOut(funnel_settings()).data)

    @once_by_key
    @extend_schema(
        operation_id="funnel_settings_set",
        summary="Set the windows of the handoff",
        request=FunnelIn,
        responses={200: FunnelOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Set all of them, for what comes; the thresholds of the score are kept with the score."""
        keeper(request)
        settings = funnel_settings()
        for name, value in read(FunnelIn, request).items():
            setattr(settings, name, value)
        return Response(FunnelOut(save_funnel(settings)).data)
