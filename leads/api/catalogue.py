"""`/api/v1/`: the lists of names that leads and deals choose from, and the steps of deals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from leads.api.bodies import UP, MoveIn, read
from leads.api.deals import WRITE_ONLY
from leads.api.deals_serializers import DealStepOut
from leads.api.refusals import caller
from leads.api.serializers import Named
from leads.api.views import NOT_FOUND, REFUSED, WRITE, WRONG
from leads.models import DealStep
from leads.selectors.deals import deal_steps
from leads.services.naming import (
    KINDS,
    LONGEST,
    LONGEST_STEP,
    move_step,
    name_entry,
    remove_entry,
    remove_step,
    save_step,
)
from smarketing.errors import NotFound

REMOVED = OpenApiResponse(description="Removed.")
KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(KINDS))


class NameIn(serializers.Serializer[Any]):
    """A name; there is one of each, whatever its case and accents."""

    name = serializers.CharField(max_length=LONGEST)


class DealStepIn(serializers.Serializer[Any]):
    """A step that deals go through; `probability` is the chance to win there, from 0 to 1."""

    name = serializers.CharField(max_length=LONGEST_STEP)
    probability = serializers.DecimalField(max_digits=4, decimal_places=3, min_value=0, max_value=1)
    is_active = serializers.BooleanField(default=True)


class NameList(generics.GenericAPIView[Any]):
    """A list of names."""

    permission_classes = WRITE
    serializer_class = NameIn
    pagination_class = None

    @extend_schema(
        operation_id="names_list",
        summary="List product lines, sources or competitors",
        parameters=[KIND],
        responses={200: Named(many=True), **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, kind: str) -> Response:
        """Every name of the list, in the order of the alphabet."""
        if kind not in KINDS:
            raise NotFound(_("There is no such list."))
        return Response(Named(KINDS[kind].objects.order_by("name"), many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="names_create",
        summary="Add a product line, source or competitor",
        parameters=[KIND],
        request=NameIn,
        responses={201: Named, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, kind: str) -> Response:
        """Add a name to the list; for marketers, managers and administrators."""
        row = name_entry(kind, read(NameIn, request)["name"], actor=caller(request))
        return Response(Named(row).data, status=status.HTTP_201_CREATED)


class NameChange(generics.GenericAPIView[Any]):
    """Changes of a name."""

    permission_classes = WRITE_ONLY
    serializer_class = NameIn

    @once_by_key
    @extend_schema(
        operation_id="names_change",
        summary="Rename a product line, source or competitor",
        parameters=[KIND],
        request=NameIn,
        responses={200: Named, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, kind: str, pk: int) -> Response:
        """Rename an entry, wherever it is read."""
        name = read(NameIn, request)["name"]
        return Response(Named(name_entry(kind, name, pk=pk, actor=caller(request))).data)


class NameRemove(generics.GenericAPIView[Any]):
    """Removal of a name."""

    permission_classes = WRITE_ONLY
    serializer_class = Named

    @once_by_key
    @extend_schema(
        operation_id="names_remove",
        summary="Remove a product line, source or competitor",
        parameters=[KIND],
        request=None,
        responses={204: REMOVED, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, kind: str, pk: int) -> Response:
        """Remove a name; 409 `in_use` while anything points to it."""
        remove_entry(kind, pk, actor=caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class DealSteps(generics.GenericAPIView[DealStep]):
    """Steps of deals."""

    permission_classes = WRITE
    serializer_class = DealStepIn

    @extend_schema(
        operation_id="deal_steps_list",
        summary="List the steps of deals",
        responses={200: DealStepOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Every step in order, with how many open deals stand there."""
        return Response(DealStepOut(deal_steps(), many=True).data)

    @once_by_key
    @extend_schema(
        operation_id="deal_steps_create",
        summary="Add a step of deals",
        request=DealStepIn,
        responses={201: DealStepOut, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Add a step; it comes last."""
        step = save_step(None, **read(DealStepIn, request), actor=caller(request))
        return Response(_told(step.pk), status=status.HTTP_201_CREATED)


class DealStepChange(generics.GenericAPIView[DealStep]):
    """Changes of a step."""

    permission_classes = WRITE_ONLY
    serializer_class = DealStepIn

    @once_by_key
    @extend_schema(
        operation_id="deal_steps_change",
        summary="Change a step of deals",
        request=DealStepIn,
        responses={200: DealStepOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say anew what it is; 409 `last_step` when no step would stay in use."""
        save_step(pk, **read(DealStepIn, request), actor=caller(request))
        return Response(_told(pk))


class DealStepMove(generics.GenericAPIView[DealStep]):
    """The place of a step."""

    permission_classes = WRITE_ONLY
    serializer_class = MoveIn

    @once_by_key
    @extend_schema(
        operation_id="deal_steps_move",
        summary="Move a step of deals",
        request=MoveIn,
        responses={200: DealStepOut(many=True), **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Move the step one place; the answer is the whole list in its new order."""
        by = -1 if read(MoveIn, request)["to"] == UP else 1
        move_step(pk, by, actor=caller(request))
        return Response(DealStepOut(deal_steps(), many=True).data)


class DealStepRemove(generics.GenericAPIView[DealStep]):
    """Removal of a step."""

    permission_classes = WRITE_ONLY
    serializer_class = DealStepOut

    @once_by_key
    @extend_schema(
        operation_id="deal_steps_remove",
        summary="Remove a step of deals",
        request=None,
        responses={204: REMOVED, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Remove a step that no deal ever stood at; 409 `in_use`, `last_step` else."""
        remove_step(pk, actor=caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _told(pk: int) -> dict[str, Any]:
    """Return a step as the list tells it."""
    return dict(DealStepOut(next(step for step in deal_steps() if step.pk == pk)).data)
