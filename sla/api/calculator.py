"""The goal calculator by REST: an answer, kept scenarios, commitments for the draft."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from leads.api.bodies import read
from leads.api.refusals import caller
from leads.api.views import NOT_FOUND, REFUSED, WRITE, WRONG
from sla.api.calculator_serializers import (
    AnswerOut,
    GoalIn,
    PromisedOut,
    ScenarioIn,
    ScenarioOut,
    goal_of,
    told_answer,
)
from sla.goal_promises import promises_of
from sla.models import SavedScenario
from sla.selectors.calculating import (
    House,
    Reckoned,
    house,
    measured_lately,
    reckon,
    reckoned_scenario,
    scenario,
    scenarios,
)
from sla.services.promising import promise_goal
from sla.services.scenarios import delete_scenario, keep_scenario
from smarketing import time_source

MOST_LISTED = 100


class GoalAnswer(APIView):
    """The answer to a goal."""

    permission_classes = [has_scope(read=Scope.LEADS_READ)]

    @once_by_key
    @extend_schema(
        operation_id="goal_calculate",
        summary="Calculate what a goal takes",
        request=GoalIn,
        responses={200: AnswerOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """What must enter each stage, by when, and what it asks of the reps. Nothing is kept."""
        return Response(AnswerOut(told_answer(_reckoned(read(GoalIn, request)))).data)


class ScenarioList(APIView):
    """Kept scenarios."""

    permission_classes = WRITE

    @extend_schema(
        operation_id="scenarios_list",
        summary="List scenarios",
        responses={200: ScenarioOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """The newest hundred, of both teams, each with its answer as on the day."""
        place = house()
        rows = [_told(row, place) for row in scenarios()[:MOST_LISTED]]
        return Response(ScenarioOut(rows, many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="scenarios_create",
        summary="Save a scenario",
        request=ScenarioIn,
        responses={201: ScenarioOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Keep a goal under a name, with what is measured today."""
        data = read(ScenarioIn, request)
        found = _reckoned(data)
        row = keep_scenario(
            data["name"],
            found.goal,
            found.measured,
            first_on=found.period.first_on,
            by=caller(request),
            at=time_source.now(),
        )
        told = ScenarioOut(_told(row, house()))
        return Response(told.data, status=status.HTTP_201_CREATED)


class ScenarioDetail(APIView):
    """One scenario."""

    permission_classes = WRITE

    @extend_schema(
        operation_id="scenarios_retrieve",
        summary="Read a scenario",
        responses={200: ScenarioOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The goal and its answer as on the day."""
        return Response(ScenarioOut(_told(scenario(pk), house())).data)

    @once_by_key
    @extend_schema(
        operation_id="scenarios_destroy",
        summary="Delete a scenario",
        responses={204: OpenApiResponse(description="Deleted."), **WRONG, **NOT_FOUND},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """For its author and managers."""
        delete_scenario(scenario(pk), by=caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ScenarioPromise(APIView):
    """From a scenario to the draft of the agreement."""

    permission_classes = [has_scope(read=Scope.LEADS_WRITE)]

    @once_by_key
    @extend_schema(
        operation_id="scenarios_promise",
        summary="Make these commitments",
        request=None,
        responses={200: PromisedOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Write what the goal asks for into the draft; without one the next version begins."""
        found = reckoned_scenario(scenario(pk), house()).outlook
        said = promises_of(found) if found else []
        draft, rows = promise_goal(said, actor=caller(request), at=time_source.now())
        return Response({"number": draft.number, "commitments": len(rows)})


def _reckoned(data: dict[str, Any]) -> Reckoned:
    goal, at, place = goal_of(data), time_source.now(), house()
    period = place.period(goal.period, data.get("starts"), at)
    return reckon(goal, period, measured_lately(goal, at), place)


def _told(row: SavedScenario, place: House) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "created_by": row.created_by.name,
        "created_at": row.created_at,
        "answer": told_answer(reckoned_scenario(row, place)),
    }
