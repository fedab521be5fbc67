"""Feedback and disputes by REST: one endpoint a verb."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import once_by_key
from leads.api.bodies import chosen
from leads.api.feedback_serializers import (
    Acknowledged,
    AnswerIn,
    DisputeIn,
    DisputeOut,
    FeedbackCommentIn,
    FeedbackCommentOut,
    FeedbackIds,
    FeedbackOut,
    RulingIn,
)
from leads.api.keyset import AFTER, page_response, paged, place_of
from leads.api.qualifying import READ, WRITE
from leads.api.refusals import caller
from leads.api.views import NO_PLACE, NOT_FOUND, REFUSED, WRONG
from leads.enums import Ruling
from leads.feedback_filters import FeedbackFilter
from leads.models import Feedback
from leads.selectors import feedback as selectors
from leads.selectors.disputes import listed_disputes, visible_dispute
from leads.services.disputes import answer_dispute, open_dispute, rule_dispute
from leads.services.feedback import acknowledge, comment
from smarketing import time_source

MOST_DISPUTES = 100


class FeedbackList(generics.GenericAPIView[Feedback]):
    """What Sales said of its MQLs."""

    permission_classes = READ
    serializer_class = FeedbackOut
    filter_backends = [DjangoFilterBackend]
    filterset_class = FeedbackFilter
    pagination_class = None

    def get_queryset(self) -> QuerySet[Feedback]:
        """Return the feedback that the caller may see."""
        return selectors.listed_feedback(self.request.user)

    @extend_schema(
        operation_id="feedback_list",
        summary="List feedback",
        parameters=[AFTER],
        responses={200: paged("FeedbackPage", FeedbackOut), **WRONG, 404: NO_PLACE},
    )
    def get(self, request: Request) -> Response:
        """Decisions newest first, 50 a page, with the filters of the page."""
        rows = self.filter_queryset(self.get_queryset())
        page, following = selectors.feedback_page(rows, after=place_of(request))
        return page_response(request, FeedbackOut(page, many=True).data, following)


class FeedbackDetail(generics.GenericAPIView[Feedback]):
    """One feedback."""

    permission_classes = READ
    serializer_class = FeedbackOut

    @extend_schema(
        operation_id="feedback_retrieve",
        summary="Read feedback",
        responses={200: FeedbackOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """The feedback as it is now."""
        return Response(FeedbackOut(selectors.one_feedback(caller(request), pk)).data)


class FeedbackAcknowledgeMany(APIView):
    """Several at once."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="feedback_acknowledge_many",
        summary="Acknowledge several feedbacks",
        request=FeedbackIds,
        responses={200: Acknowledged, **WRONG, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Acknowledge those that you see; who was first stays."""
        given = FeedbackIds(data=request.data)
        given.is_valid(raise_exception=True)
        user = caller(request)
        visible = selectors.visible_feedback(user).filter(pk__in=given.validated_data["ids"])
        ids = list(visible.values_list("pk", flat=True))
        done = acknowledge(ids, actor=user, at=time_source.now())
        return Response({"acknowledged": [row.pk for row in done]})


class FeedbackAcknowledge(APIView):
    """One."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="feedback_acknowledge",
        summary="Acknowledge feedback",
        request=None,
        responses={200: FeedbackOut, **WRONG, **NOT_FOUND},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say that Marketing has read it; who was first stays."""
        user = caller(request)
        selectors.one_feedback(user, pk)
        acknowledge([pk], actor=user, at=time_source.now())
        return Response(FeedbackOut(selectors.one_feedback(user, pk)).data)


class FeedbackComments(APIView):
    """What both teams say about a feedback."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="feedback_comment",
        summary="Comment on feedback",
        request=FeedbackCommentIn,
        responses={201: FeedbackCommentOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add a comment; everyone who spoke before is told."""
        user = caller(request)
        feedback = selectors.one_feedback(user, pk)
        data = _given(FeedbackCommentIn, request)
        (row,) = comment([feedback], data["text"], actor=user, at=time_source.now())
        return Response(FeedbackCommentOut(row).data, status=status.HTTP_201_CREATED)


class FeedbackDispute(APIView):
    """The dispute of a rejection."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="feedback_dispute",
        summary="Dispute a rejection",
        request=DisputeIn,
        responses={201: DisputeOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Contest a rejection, once, within the business days of the settings."""
        user = caller(request)
        selectors.one_feedback(user, pk)
        data = _given(DisputeIn, request)
        made = open_dispute(pk, data["argument"], actor=user, at=time_source.now())
        return _dispute(request, made.pk, status.HTTP_201_CREATED)


DISPUTE_STATES = ("waiting", "ruled")


class DisputeList(APIView):
    """Disputes."""

    permission_classes = READ

    @extend_schema(
        operation_id="disputes_list",
        summary="List disputes",
        parameters=[
            OpenApiParameter(
                "state", str, enum=list(DISPUTE_STATES), description="Default: waiting."
            )
        ],
        responses={200: DisputeOut(many=True), **WRONG},
    )
    def get(self, request: Request) -> Response:
        """Those that wait, the oldest first; or the last hundred ruled."""
        state = chosen(request, "state", DISPUTE_STATES, DISPUTE_STATES[0])
        rows = listed_disputes(caller(request), state)[:MOST_DISPUTES]
        return Response(DisputeOut(rows, many=True).data)


class DisputeDetail(APIView):
    """One dispute."""

    permission_classes = READ

    @extend_schema(
        operation_id="disputes_retrieve",
        summary="Read a dispute",
        responses={200: DisputeOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """Both sides, and the ruling."""
        return _dispute(request, pk)


class DisputeAnswer(APIView):
    """The answer of Sales."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="disputes_answer",
        summary="Answer a dispute",
        request=AnswerIn,
        responses={200: DisputeOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say what Sales has to say, once, before the ruling."""
        user = caller(request)
        visible_dispute(user, pk)
        data = _given(AnswerIn, request)
        answer_dispute(pk, data["answer"], actor=user, at=time_source.now())
        return _dispute(request, pk)


class DisputeRule(APIView):
    """The ruling."""

    permission_classes = WRITE

    @once_by_key
    @extend_schema(
        operation_id="disputes_rule",
        summary="Rule a dispute",
        request=RulingIn,
        responses={200: DisputeOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Uphold or overturn; for a facilitator who is not party to it."""
        user = caller(request)
        visible_dispute(user, pk)
        data = _given(RulingIn, request)
        ruling = Ruling(data["ruling"])
        rule_dispute(pk, ruling, data["note"], actor=user, at=time_source.now())
        return _dispute(request, pk)


def _given(serializer: Any, request: Request) -> dict[str, Any]:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    data: dict[str, Any] = given.validated_data
    return data


def _dispute(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    return Response(DisputeOut(visible_dispute(caller(request), pk)).data, status=code)
