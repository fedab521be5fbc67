"""Commitments as they stand, and corrective actions, by REST."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import once_by_key
from accounts.models import User
from leads.api.bodies import chosen, read
from leads.api.qualifying import READ, WRITE
from leads.api.refusals import caller
from leads.api.serializers import Error
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from sla.api.agreement_serializers import (
    CommitmentOut,
    CorrectiveActionOut,
    DecideIn,
    EndActionIn,
    told_commitment,
)
from sla.enums import ActionState, Side
from sla.promise_words import what_of
from sla.selectors.book import period_kind
from sla.selectors.corrective_actions import listed_actions, one_action, possible_owners
from sla.selectors.house import house
from sla.selectors.standings import standings
from sla.services import corrective_actions as services
from smarketing import time_source
from smarketing.errors import BadInput, NotFound

MOST_LISTED = 200
FIRST_YEAR = 2000
NO_PERIOD = OpenApiResponse(Error, description="No such period: too early, or not begun.")
STATES = [*ActionState.values, "all"]


class CommitmentList(APIView):
    """Commitments as they stand."""

    permission_classes = READ

    @extend_schema(
        operation_id="commitments_list",
        summary="List commitments as they stand",
        parameters=[
            OpenApiParameter(
                "on",
                date,
                description="A day of the month and quarter asked for; not given: today.",
            )
        ],
        responses={200: CommitmentOut(many=True), **WRONG, 404: NO_PERIOD},
    )
    def get(self, request: Request) -> Response:
        """Each commitment by which the period is judged: promise, figure, pace and forecast."""
        at, home = time_source.now(), house()
        day = _day_of(request, home.day(at))
        found = standings(at=at, first_on=day, home=home)
        told = [
            told_commitment(one, what_of(one.commitment), period_kind(one.commitment))
            for one in found
        ]
        return Response(CommitmentOut(told, many=True).data)


class CorrectiveActionList(APIView):
    """Corrective actions."""

    permission_classes = READ

    @extend_schema(
        operation_id="corrective_actions_list",
        summary="List corrective actions",
        parameters=[
            OpenApiParameter("state", str, enum=STATES, description="Default: not ended."),
            OpenApiParameter("side", str, enum=Side.values),
        ],
        responses={200: CorrectiveActionOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """What waits for a decision first, then by due day, then ended; two hundred at most."""
        state, side = chosen(request, "state", STATES), chosen(request, "side", Side.values)
        rows = listed_actions(state, side)[:MOST_LISTED]
        return Response(CorrectiveActionOut(rows, many=True).data)


class CorrectiveActionDetail(APIView):
    """One corrective action."""

    permission_classes = READ

    @extend_schema(
        operation_id="corrective_actions_retrieve",
        summary="Read a corrective action",
        responses={200: CorrectiveActionOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The miss, the answer, and what it brought."""
        return Response(CorrectiveActionOut(one_action(pk)).data)


class CorrectiveActionDecide(APIView):
    """Saying what is done about a miss."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="corrective_actions_decide",
        summary="Decide on a corrective action",
        request=DecideIn,
        responses={200: CorrectiveActionOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """What, by whom, until when; again as long as it has not ended. Managers of the side."""
        action, actor = one_action(pk), caller(request)
        services.refuse_others(action, actor)
        data = read(DecideIn, request)
        answer = services.Answer(
            what=data["what"],
            owner=_owner(action.side, data["owner"]),
            due_on=data["due_on"],
            expected=data.get("expected"),
        )
        services.decide_action(pk, answer, actor=actor, at=time_source.now())
        return Response(CorrectiveActionOut(one_action(pk)).data)


class CorrectiveActionFinish(APIView):
    """Saying that it is done."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="corrective_actions_finish",
        summary="Finish a corrective action",
        request=EndActionIn,
        responses={200: CorrectiveActionOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """It is done, and how it went; its owner too may say so."""
        return _end(request, pk, services.finish_action, owner_too=True)


class CorrectiveActionDrop(APIView):
    """Saying that nothing is done."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="corrective_actions_drop",
        summary="Drop a corrective action",
        request=EndActionIn,
        responses={200: CorrectiveActionOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Nothing is done about it, and why."""
        return _end(request, pk, services.drop_action, owner_too=False)


def _end(request: Request, pk: int, service: Callable[..., Any], *, owner_too: bool) -> Response:
    action, actor = one_action(pk), caller(request)
    if not owner_too or action.owner_id != actor.pk:
        services.refuse_others(action, actor)
    data = read(EndActionIn, request)
    service(pk, data["closing_note"], actor=actor, at=time_source.now())
    return Response(CorrectiveActionOut(one_action(pk)).data)


def _owner(side: str, pk: int) -> User:
    row = possible_owners(side).filter(pk=pk).first()
    if row is None:
        why = _("Choose somebody who works for this side.")
        raise BadInput(why, fields={"owner": [why]})
    return row


def _day_of(request: Request, today: date) -> date:
    """Return the day asked for; what is no day is 400, a day of no period 404."""
    asked = request.query_params.get("on", "")
    if not asked:
        return today
    field = serializers.DateField()
    try:
        day: date = field.run_validation(asked)
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"on": error.detail}) from None
    if day.year < FIRST_YEAR or day > today:
        raise NotFound(_("There is no such period."))
    return day
