"""The figures of the dashboard by REST, equal to the page to the last digit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rules import standing
from leads.api.qualifying import READ
from leads.api.refusals import caller
from leads.api.views import NOT_FOUND, WRONG
from reporting.answers import answer
from reporting.asking import ATTRIBUTE, DAYS, NUMBERS, SCORES, read_view
from reporting.house import reporting_house
from reporting.panels import PANELS
from smarketing import time_source
from smarketing.errors import BadInput, NotFound


class ReportColumnOut(serializers.Serializer[Any]):
    """One column: what its values are counted in, and how they came about."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's name
    unit = serializers.CharField()
    kind = serializers.CharField(allow_null=True)


class ReportRowOut(serializers.Serializer[Any]):
    """One row; `values` by column, null where there is nothing to divide by."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's name
    pending = serializers.BooleanField()
    values = serializers.DictField(child=serializers.JSONField(allow_null=True))


class ReportOut(serializers.Serializer[Any]):
    """What one report came to. `days` are both included, in the organisation's zone."""

    panel = serializers.CharField()
    title = serializers.CharField()
    days = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    currency = serializers.CharField()
    columns = ReportColumnOut(many=True)
    rows = ReportRowOut(many=True)
    notes = serializers.ListField(child=serializers.CharField())


PARAMETERS = [
    OpenApiParameter(
        DAYS, str, description="`2026-11`, `2026-Q4`, `2026` or `2026-11-01/2026-11-15`"
    ),
    *(OpenApiParameter(key, int) for key in (*NUMBERS, *SCORES)),
    OpenApiParameter("region", str),
    OpenApiParameter(ATTRIBUTE, str, description="A field of your own: `region:North`"),
]


class Report(APIView):
    """One report."""

    permission_classes = READ

    @extend_schema(
        operation_id="reports_retrieve",
        summary="Read a report",
        parameters=PARAMETERS,
        responses={200: ReportOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, panel: str) -> Response:
        """The figures of one report over the days and the leads asked for."""
        if panel not in PANELS:
            raise NotFound(_("There is no such report."))
        user, house = caller(request), reporting_house()
        try:
            asked = request.query_params.dict()
            view = read_view(asked, user, standing(user), house=house, at=time_source.now())
        except BadInput as wrong:
            raise ValidationError(wrong.fields) from wrong
        return Response(answer(PANELS[panel], view))
