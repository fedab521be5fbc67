"""`/api/v1/exports/`: lists as files, written in the background."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from leads.api.refusals import caller
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from leads.columns import all_columns
from leads.enums.out import LISTS, SHEETS, ExportedList, ExportFormat, ExportState
from leads.models import ExportFile
from leads.services.exports import Asked, begin_export, bytes_of, open_file
from leads.views.exports import with_headers
from smarketing import time_source
from smarketing.errors import NotFound

READ = [has_scope(read=Scope.LEADS_READ)]
LONGEST_QUERY = 4_000


def no_columns() -> list[str]:
    """Return the usual columns: none are named."""
    return []


class ExportOut(serializers.ModelSerializer[ExportFile]):
    """An export and how far it has come."""

    list = serializers.ChoiceField(choices=ExportedList.choices, source="of_list")
    format = serializers.ChoiceField(choices=ExportFormat.choices, source="file_format")
    state = serializers.ChoiceField(choices=ExportState.choices)

    class Meta:
        model = ExportFile
        fields = ["id", "list", "query", "format", "state", "rows", "size", "created_at",
                  "ready_at", "expires_at"]  # fmt: skip


class CreateExport(serializers.Serializer[Any]):
    """What to export: a list, narrowed and ordered by the query string of that list."""

    list = serializers.ChoiceField(choices=[(one.value, one.label) for one in LISTS])
    format = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in SHEETS], default=ExportFormat.CSV
    )
    query = serializers.CharField(
        max_length=LONGEST_QUERY, default="", allow_blank=True,
        help_text="As in the address of the list: `stage=MQL&sort=-score`. Empty takes all.",
    )  # fmt: skip
    columns = serializers.ListField(
        child=serializers.CharField(max_length=40), default=no_columns, max_length=60,
        help_text="Columns of the list of leads beside ID, names and e-mail; none are the usual.",
    )  # fmt: skip
    bom = serializers.BooleanField(
        default=True, help_text="Begin a CSV with a byte order mark, which Excel wants."
    )

    def validate_columns(self, keys: Any) -> Any:
        """Refuse a column that nobody knows."""
        unknown = sorted(set(keys) - {column.key for column in all_columns()})
        if unknown:
            raise serializers.ValidationError(f"{', '.join(unknown)}: no such column.")
        return keys


class ExportNew(generics.GenericAPIView[ExportFile]):
    """Exports."""

    permission_classes = READ
    serializer_class = CreateExport

    @once_by_key
    @extend_schema(
        operation_id="exports_create",
        summary="Export a list",
        request=CreateExport,
        responses={202: ExportOut, **WRONG, **REFUSED},
        filters=False,
    )
    def post(self, request: Request) -> Response:
        """Write a list to a file in the background; it is yours alone and expires."""
        given = CreateExport(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        asked = Asked(
            of_list=ExportedList(data["list"]),
            query=data["query"],
            file_format=ExportFormat(data["format"]),
            columns=data["columns"],
            with_bom=data["bom"],
            language=get_language() or "en",
        )
        export = begin_export(caller(request), asked, at=time_source.now(), at_once=False)
        return Response(ExportOut(export).data, status=status.HTTP_202_ACCEPTED)


class ExportDetail(generics.GenericAPIView[ExportFile]):
    """One export."""

    permission_classes = READ
    serializer_class = ExportOut

    @extend_schema(
        operation_id="exports_retrieve",
        summary="Read how far an export has come",
        responses={200: ExportOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """One of your exports."""
        export = ExportFile.objects.filter(owner=caller(request), pk=pk).first()
        if export is None:
            raise NotFound("no such export")
        return Response(ExportOut(export).data)


class ExportDownload(generics.GenericAPIView[ExportFile]):
    """The file of one export."""

    permission_classes = READ
    serializer_class = ExportOut

    @extend_schema(
        operation_id="exports_file",
        summary="Download an export",
        responses={
            (200, "application/octet-stream"): OpenApiResponse(
                OpenApiTypes.BINARY, description="The file."
            ),
            **WRONG,
            **NOT_FOUND,
        },
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The file, once it is `READY` and until it expires."""
        export = open_file(caller(request), pk, at=time_source.now())
        response = StreamingHttpResponse(bytes_of(export))
        response["Content-Length"] = str(export.size)
        return with_headers(response, export)
