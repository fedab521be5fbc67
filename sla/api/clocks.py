"""Clocks by REST: read, pause, resume."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import once_by_key
from leads.api.keyset import AFTER, page_response, paged, place_of
from leads.api.qualifying import READ, WRITE
from leads.api.refusals import caller
from leads.api.views import NO_PLACE, NOT_FOUND, REFUSED, WRONG
from sla.api.clocks_serializers import ClockOut, PauseIn
from sla.clock_filters import ClockFilter
from sla.models import Clock
from sla.selectors.clocks import clock_page, listed_clocks, one_clock
from sla.services.pausing import pause_clock, resume_clock
from smarketing import time_source


class ApiClockFilter(ClockFilter):
    """The filters of the page, told the time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, at=time_source.now(), **kwargs)

    @property
    def qs(self) -> QuerySet[Clock]:
        """What fits, the state included; open clocks unless another state is asked for."""
        rows: QuerySet[Clock] = super().qs
        return rows.filter(self._stands)


class ClockList(generics.GenericAPIView[Clock]):
    """Promised times that run or ran on leads."""

    permission_classes = READ
    serializer_class = ClockOut
    filter_backends = [DjangoFilterBackend]
    filterset_class = ApiClockFilter
    pagination_class = None

    def get_queryset(self) -> QuerySet[Clock]:
        """Return the clocks that the caller may see."""
        return listed_clocks(self.request.user)

    @extend_schema(
        operation_id="clocks_list",
        summary="List clocks",
        parameters=[AFTER],
        responses={200: paged("ClockPage", ClockOut), **WRONG, 404: NO_PLACE},
    )
    def get(self, request: Request) -> Response:
        """Open clocks, or those of the state asked for, what is due first on top, 50 a page."""
        rows = self.filter_queryset(self.get_queryset())
        page, following = clock_page(
            rows, time_source.now(), soonest_first=True, after=place_of(request)
        )
        return page_response(request, ClockOut(page, many=True).data, following)


class ClockDetail(APIView):
    """One clock."""

    permission_classes = READ

    @extend_schema(
        operation_id="clocks_retrieve",
        summary="Read a clock",
        responses={200: ClockOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The clock as it stands now."""
        return _clock(request, pk)


class ClockPause(APIView):
    """Holding a clock."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="clocks_pause",
        summary="Pause a clock",
        request=PauseIn,
        responses={200: ClockOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Hold a clock until an instant; due moves by just the business time held."""
        given = PauseIn(data=request.data)
        given.is_valid(raise_exception=True)
        user, at = caller(request), time_source.now()
        one_clock(user, pk, at)
        data = given.validated_data
        pause_clock(pk, reason=data["reason"], until=data["until"], actor=user, at=at)
        return _clock(request, pk)


class ClockResume(APIView):
    """Letting a held clock go on."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="clocks_resume",
        summary="Resume a clock",
        request=None,
        responses={200: ClockOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Let it go on now; only the time held so far counts."""
        user, at = caller(request), time_source.now()
        one_clock(user, pk, at)
        resume_clock(pk, actor=user, at=at)
        return _clock(request, pk)


def _clock(request: Request, pk: int) -> Response:
    return Response(ClockOut(one_clock(caller(request), pk, time_source.now())).data)
