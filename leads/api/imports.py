"""`/api/v1/imports/`: files of history by REST, with the same steps as on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import once_by_key
from accounts.api.permissions import has_scope
from accounts.enums import Scope
from leads.api.bodies import read
from leads.api.imports_serializers import CheckIn, ImportOut, ImportRowOut, StopIn, UndoOut
from leads.api.keyset import AFTER, page_response, paged, place_of
from leads.api.refusals import caller
from leads.api.views import NOT_FOUND, REFUSED, WRONG
from leads.file_rows import check_limits
from leads.import_choices import CLOSED_AT, Choices
from leads.mapping import offered
from leads.models import LeadImport
from leads.selectors import imports as seen
from leads.selectors.import_names import own_fields
from leads.selectors.import_pages import page_of_imports
from leads.services.imports import receiving, steering, undoing
from smarketing import time_source
from smarketing.errors import BadInput

WRITE = [has_scope(read=Scope.LEADS_READ, write=Scope.LEADS_WRITE)]
PIECE = 65_536
RAW = "application/octet-stream"
LONGEST_NAME = 200
NAME = OpenApiParameter(
    "name",
    {"type": "string", "maxLength": LONGEST_NAME},
    description="The file's name, for people.",
)
TOO_LARGE: dict[Any, Any] = {
    415: OpenApiResponse(description=f"The body is not `{RAW}`."),
    422: OpenApiResponse(description="The file is empty, too large, or cannot be read."),
}


class RawParser(BaseParser):
    """Hands the body on as it comes: a file is never held in memory."""

    media_type = RAW

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the body, unread."""
        return stream


def _may(request: Request) -> None:
    """Raise NotAllowed for a person who may not bring files in: what stands in them is not his."""
    receiving.require_right(caller(request))


class ImportList(generics.GenericAPIView[LeadImport]):
    """Imports."""

    permission_classes = WRITE
    serializer_class = ImportOut
    parser_classes = [RawParser]

    @extend_schema(
        operation_id="imports_list",
        summary="List imports",
        parameters=[AFTER],
        responses={200: paged("ImportPage", ImportRowOut), **WRONG, **NOT_FOUND},
        filters=False,
    )
    def get(self, request: Request) -> Response:
        """All files that were brought in, newest first."""
        _may(request)
        rows, following = page_of_imports(place_of(request))
        return page_response(request, ImportRowOut(rows, many=True).data, following)

    @once_by_key
    @extend_schema(
        operation_id="imports_upload",
        summary="Upload a file",
        parameters=[NAME],
        request={RAW: OpenApiTypes.BINARY},
        responses={201: ImportOut, **WRONG, **TOO_LARGE},
        filters=False,
    )
    def post(self, request: Request) -> Response:
        """Upload a CSV or Excel file as the body. Nothing comes in yet: the answer says what the
        columns are taken for; check it next. Under one `Idempotency-Key` bodies are told apart by
        their length."""
        _may(request)
        kind = "XLSX" if self._name(request).lower().endswith(".xlsx") else "CSV"
        check_limits(kind, int(request.headers.get("Content-Length") or 1), 0)
        one = receiving.receive_file(
            _pieces(request.data),
            name=self._name(request),
            actor=caller(request),
            at=time_source.now(),
        )
        return Response(_told(one), status=status.HTTP_201_CREATED)

    @staticmethod
    def _name(request: Request) -> str:
        name = request.query_params.get("name", "")
        if len(name) > LONGEST_NAME or "\x00" in name:
            raise BadInput(_("Name the file in up to %(n)d characters.") % {"n": LONGEST_NAME})
        return name


def _pieces(stream: Any) -> Iterator[bytes]:
    if not hasattr(stream, "read"):
        return iter(())
    return iter(lambda: stream.read(PIECE), b"")


def _told(one: LeadImport) -> Any:
    return ImportOut(seen.the_import(one.pk)).data


class ImportDetail(generics.GenericAPIView[LeadImport]):
    """One import."""

    permission_classes = WRITE
    serializer_class = ImportOut

    @extend_schema(
        operation_id="imports_retrieve",
        summary="Read how far an import is",
        responses={200: ImportOut, **WRONG, **NOT_FOUND},
    )
    def get(self, request: Request, pk: int) -> Response:
        """What the file is, how it is mapped, how far it is, and what came of its rows."""
        _may(request)
        return Response(ImportOut(seen.the_import(pk)).data)


class ImportCheck(generics.GenericAPIView[LeadImport]):
    """The mapping and the dry run."""

    permission_classes = WRITE
    serializer_class = CheckIn

    @once_by_key
    @extend_schema(
        operation_id="imports_check",
        summary="Map a file and check it",
        request=CheckIn,
        responses={202: ImportOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Check every row in the background; nothing comes in. What the body does not say stays as
        it is mapped now."""
        _may(request)
        one = seen.the_import(pk)
        choices = replace(Choices.of(one.choices), **read(CheckIn, request))
        _require_known(one, choices)
        steering.check_file(pk, choices, actor=caller(request), at=time_source.now())
        return Response(_told(one), status=status.HTTP_202_ACCEPTED)


def _require_known(one: LeadImport, choices: Choices) -> None:
    """Raise BadInput for a column or a field that nobody knows."""
    codes = {row.code for row in offered(own_fields())} | {CLOSED_AT, ""}
    unknown = sorted({*choices.fields, *choices.systems} - set(one.columns))
    unknown += sorted({*choices.fields.values(), *choices.constants} - codes)
    if unknown:
        told = _("Not known here: %(names)s.") % {"names": ", ".join(unknown)[:200]}
        raise BadInput(told, fields={"fields": [told]})


class _Verb(generics.GenericAPIView[LeadImport]):
    """A step without a body."""

    permission_classes = WRITE
    serializer_class = ImportOut
    act: ClassVar[Callable[[int, Request], LeadImport]]

    def carry_out(self, request: Request, pk: int) -> Response:
        """Do it, and tell how the import is now."""
        return Response(_told(type(self).act(pk, request)), status=status.HTTP_202_ACCEPTED)


def _verb(name: str, summary: str, act: Callable[[int, Request], LeadImport]) -> Any:
    """Make the endpoint of a step that takes no body."""

    def post(self: _Verb, request: Request, pk: int) -> Response:
        return self.carry_out(request, pk)

    post.__doc__ = act.__doc__
    described = extend_schema(
        operation_id=f"imports_{name}",
        summary=summary,
        request=None,
        responses={202: ImportOut, **WRONG, **NOT_FOUND, **REFUSED},
    )(post)
    members = {"post": once_by_key(described), "act": staticmethod(act), "__doc__": act.__doc__}
    return type(f"Import{name.title()}", (_Verb,), members)


def _run(pk: int, request: Request) -> LeadImport:
    """Bring the checked rows in, in the background."""
    return steering.run_import(pk, actor=caller(request), at=time_source.now())


def _pause(pk: int, request: Request) -> LeadImport:
    """Stop after the rows that are being done, until somebody resumes."""
    return steering.pause_import(pk, actor=caller(request))


def _resume(pk: int, request: Request) -> LeadImport:
    """Go on from where it stands."""
    return steering.resume_import(pk, actor=caller(request))


def _undo(pk: int, request: Request) -> LeadImport:
    """Take out what it brought in and nobody has touched; see `GET` for how many that are."""
    return undoing.undo_import(pk, actor=caller(request), at=time_source.now())


ImportRun = _verb("run", "Run an import", _run)
ImportPause = _verb("pause", "Pause an import", _pause)
ImportResume = _verb("resume", "Resume an import", _resume)
_ImportUndo = _verb("undo", "Undo an import", _undo)


class ImportUndo(_ImportUndo):  # type: ignore[misc, valid-type]  # made above
    """The undo of an import."""

    @extend_schema(
        operation_id="imports_undo_preview",
        summary="See what an undo would do",
        responses={200: UndoOut, **WRONG, **NOT_FOUND, 409: REFUSED[409]},
    )
    def get(self, request: Request, pk: int) -> Response:
        """How many leads would go, and how many stay because somebody has worked on them."""
        return Response(UndoOut(undoing.preview_undo(pk, actor=caller(request))).data)


class ImportStop(generics.GenericAPIView[LeadImport]):
    """The end of an import before its end."""

    permission_classes = WRITE
    serializer_class = StopIn

    @once_by_key
    @extend_schema(
        operation_id="imports_stop",
        summary="Stop an import",
        request=StopIn,
        responses={202: ImportOut, **WRONG, **NOT_FOUND, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Stop for good: keep the rows that are in, or undo them."""
        _may(request)
        by, at = caller(request), time_source.now()
        if read(StopIn, request)["rows"] == "undo":
            one = undoing.undo_import(pk, actor=by, at=at)
        else:
            one = steering.stop_import(pk, actor=by, at=at)
        return Response(_told(one), status=status.HTTP_202_ACCEPTED)


class ImportRejects(generics.GenericAPIView[LeadImport]):
    """The rows that stayed outside."""

    permission_classes = WRITE
    serializer_class = ImportOut

    @extend_schema(
        operation_id="imports_rejects",
        summary="Download the refused rows",
        responses={
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description="A CSV file."),
            **WRONG,
            **NOT_FOUND,
        },
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The refused rows as they stood, each with its reason in a last column: corrected, the
        file can be uploaded again."""
        _may(request)
        rows = seen.rejected_rows(seen.the_import(pk))
        response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="import-{pk}-refused.csv"'
        return response
