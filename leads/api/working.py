"""`/api/v1/`: activities, next steps, snooze."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from accounts.models import User
from leads.api.views import NOT_FOUND, REFUSED, WRITE, WRONG
from leads.api.working_serializers import (
    ActivityOut,
    AddNextStep,
    LogActivity,
    MoveNextStep,
    NextStepOut,
    SnoozeLead,
)
from leads.enums import ActivityKind, Direction, NextStepKind
from leads.models import Activity, Lead, NextStep
from leads.selectors.details import visible_lead
from leads.services.activities import NewActivity, log_activities, withdraw_activity
from leads.services.next_steps import (
    add_next_step,
    drop_next_step,
    finish_next_step,
    move_next_step,
)
from leads.services.snoozes import snooze_leads, unsnooze_leads
from smarketing import time_source
from smarketing.errors import NotFound

WRITE_ONLY = [has_scope(read=Scope.LEADS_WRITE)]
GONE = {204: OpenApiResponse(description="Done.")}
MOST = 200


def _caller(request: Request) -> User:
    """Return the person behind the request; the permission has let nobody else in."""
    return cast(User, request.user)


class LeadActivities(generics.GenericAPIView[Activity]):
    """Activities of one lead."""

    permission_classes = WRITE
    serializer_class = LogActivity

    @extend_schema(
        operation_id="leads_activities_list",
        summary="List activities",
        responses={200: ActivityOut(many=True), **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The last 200 activities of the lead, newest first; older ones are in the timeline."""
        lead = visible_lead(_caller(request), pk)
        rows = lead.activities.filter(deleted_at=None).select_related("actor")
        return Response(ActivityOut(rows.order_by("-occurred_at", "-id")[:MOST], many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="leads_activities_log",
        summary="Log an activity",
        request=LogActivity,
        responses={201: ActivityOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Log what you did on the lead; it may be told late, never ahead."""
        user = _caller(request)
        lead = visible_lead(user, pk)
        given = LogActivity(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        new = NewActivity(
            lead_id=lead.pk,
            kind=ActivityKind(data["kind"]),
            direction=Direction(data["direction"]),
            connected=data["connected"],
            text=data.get("text", ""),
            occurred_at=data.get("occurred_at"),
        )
        (row,) = log_activities([new], actor=user, at=time_source.now())
        return Response(ActivityOut(row).data, status=status.HTTP_201_CREATED)


class ActivityDetail(generics.GenericAPIView[Activity]):
    """One activity."""

    permission_classes = WRITE
    serializer_class = ActivityOut

    @extend_schema(
        operation_id="activities_retrieve",
        summary="Read an activity",
        responses={200: ActivityOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The activity as it is kept."""
        return Response(ActivityOut(_activity(_caller(request), pk)).data)

    @once_by_key
    @extend_schema(
        operation_id="activities_withdraw",
        summary="Take an activity back",
        responses={**GONE, **WRONG, **NOT_FOUND, 409: REFUSED[409]},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Take back your own entry on the day you logged it."""
        user = _caller(request)
        activity = _activity(user, pk)
        withdraw_activity(activity.pk, actor=user, at=time_source.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _activity(user: User, pk: int) -> Activity:
    row = Activity.objects.select_related("actor").filter(pk=pk, deleted_at=None).first()
    if row is None:
        raise NotFound("no such entry")
    visible_lead(user, row.lead_id)
    return row


class LeadNextSteps(generics.GenericAPIView[NextStep]):
    """Next steps of one lead."""

    permission_classes = WRITE
    serializer_class = AddNextStep

    @extend_schema(
        operation_id="leads_next_steps_list",
        summary="List next steps",
        responses={200: NextStepOut(many=True), **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The waiting next steps of the lead, the soonest first."""
        lead = visible_lead(_caller(request), pk)
        rows = lead.next_steps.filter(done_at=None, dropped_at=None).select_related("owner")
        return Response(NextStepOut(rows.order_by("due_at", "id")[:MOST], many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="leads_next_steps_add",
        summary="Plan a next step",
        request=AddNextStep,
        responses={201: NextStepOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Plan what you are to do on the lead; the same step is not added twice."""
        user = _caller(request)
        lead = visible_lead(user, pk)
        given = AddNextStep(data=request.data)
        given.is_valid(raise_exception=True)
        data, at = given.validated_data, time_source.now()
        kind, text = NextStepKind(data["kind"]), data.get("text", "")
        step = add_next_step(lead, kind, data["due_at"], actor=user, at=at, text=text)
        return Response(NextStepOut(step).data, status=status.HTTP_201_CREATED)


class NextStepVerb(generics.GenericAPIView[NextStep]):
    """What is done with a next step."""

    permission_classes = WRITE_ONLY
    serializer_class: type[Serializer[Any]] = NextStepOut

    def step(self, request: Request, pk: int) -> NextStep:
        """Return the step, as far as the caller sees its lead."""
        row = NextStep.objects.filter(pk=pk).first()
        if row is None:
            raise NotFound("no such next step")
        visible_lead(_caller(request), row.lead_id)
        return row


class NextStepDone(NextStepVerb):
    """A step that was done."""

    @once_by_key
    @extend_schema(
        operation_id="next_steps_done", summary="Mark a next step as done", request=None,
        responses={200: NextStepOut, **WRONG, **NOT_FOUND, 409: REFUSED[409]},
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Mark the step as done; done already, nothing changes."""
        step = self.step(request, pk)
        step = finish_next_step(step.pk, actor=_caller(request), at=time_source.now())
        return Response(NextStepOut(step).data)


class NextStepDrop(NextStepVerb):
    """A step that was given up."""

    @once_by_key
    @extend_schema(
        operation_id="next_steps_drop", summary="Drop a next step", request=None,
        responses={200: NextStepOut, **WRONG, **NOT_FOUND, 409: REFUSED[409]},
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Give the step up; dropped already, nothing changes."""
        step = self.step(request, pk)
        step = drop_next_step(step.pk, actor=_caller(request), at=time_source.now())
        return Response(NextStepOut(step).data)


class NextStepMove(NextStepVerb):
    """A step that is put to another time."""

    serializer_class = MoveNextStep

    @once_by_key
    @extend_schema(
        operation_id="next_steps_move", summary="Move a next step", request=MoveNextStep,
        responses={200: NextStepOut, **WRONG, **NOT_FOUND, **REFUSED},
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Put a waiting step to another time ahead."""
        step = self.step(request, pk)
        given = MoveNextStep(data=request.data)
        given.is_valid(raise_exception=True)
        due_at = given.validated_data["due_at"]
        step = move_next_step(step.pk, due_at, actor=_caller(request), at=time_source.now())
        return Response(NextStepOut(step).data)


class LeadSnooze(generics.GenericAPIView[Lead]):
    """Hiding a lead from your inbox."""

    permission_classes = WRITE_ONLY
    serializer_class = SnoozeLead

    @once_by_key
    @extend_schema(
        operation_id="leads_snooze", summary="Snooze a lead", request=SnoozeLead,
        responses={**GONE, **WRONG, **NOT_FOUND, **REFUSED},
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Hide the lead from your inbox until an instant. Its clocks run on."""
        user = _caller(request)
        lead = visible_lead(user, pk)
        given = SnoozeLead(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        snooze_leads([lead], data["until"], actor=user, at=time_source.now(), reason=data["reason"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class LeadUnsnooze(generics.GenericAPIView[Lead]):
    """Showing a lead in your inbox again."""

    permission_classes = WRITE_ONLY
    serializer_class = SnoozeLead

    @once_by_key
    @extend_schema(
        operation_id="leads_unsnooze", summary="End a snooze", request=None,
        responses={**GONE, **WRONG, **NOT_FOUND},
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Show the lead in your inbox again; not snoozed, nothing changes."""
        user = _caller(request)
        unsnooze_leads([visible_lead(user, pk)], actor=user)
        return Response(status=status.HTTP_204_NO_CONTENT)
