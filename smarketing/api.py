"""REST glue: errors become bodies of one shape, lists become pages by cursor.

Every error body reads {"code": …, "message": …, "fields": {field: [reason, …]}}.
"""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import IO, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, parsers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from smarketing.errors import BadInput, DomainError, NotAllowed, NotFound

HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


class TooLarge(exceptions.APIException):
    """The body is longer than what is read into memory."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is too large.")
    default_code = "too_large"


class JSONParser(parsers.JSONParser):
    """JSON without what no answer and no row could hold: bottomless nesting, half characters."""

    def parse(
        self, stream: IO[Any], media_type: Any = None, parser_context: Any = None
    ) -> dict[Any, Any]:
        """Return the body read; raise ParseError when it cannot be."""
        raw = stream.read()
        try:
            data: dict[Any, Any] = super().parse(BytesIO(raw), media_type, parser_context)
            if HALF_CHARACTER.search(raw):  # a whole pair is written so too
                json.dumps(data, ensure_ascii=False).encode()
        except RecursionError:
            raise exceptions.ParseError(_("The JSON is nested too deeply.")) from None
        except UnicodeEncodeError:
            raise exceptions.ParseError(_("The JSON holds half a character.")) from None
        return data


def _domain_response(error: DomainError) -> Response:
    code = {
        NotAllowed: status.HTTP_403_FORBIDDEN,
        NotFound: status.HTTP_404_NOT_FOUND,
        BadInput: status.HTTP_422_UNPROCESSABLE_ENTITY,
    }.get(type(error), status.HTTP_409_CONFLICT)
    fields = {k: [str(r) for r in v] for k, v in getattr(error, "fields", {}).items()}
    return Response({"code": error.code, "message": str(error), "fields": fields}, status=code)


@csrf_exempt
def no_such_endpoint(request: HttpRequest, rest: str = "") -> JsonResponse:
    """Answer an address of the API that is none in the shape of every other error."""
    body = {"code": NotFound.code, "message": str(_("There is nothing here.")), "fields": {}}
    return JsonResponse(body, status=status.HTTP_404_NOT_FOUND)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Translate domain and framework errors into the one body shape."""
    if isinstance(error, DomainError):
        return _domain_response(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = TooLarge()
    response = drf_exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    fields: Any = {}
    if isinstance(error, exceptions.ValidationError) and isinstance(error.detail, dict):
        fields, message = error.detail, str(exceptions.ValidationError.default_detail)
    elif isinstance(error.detail, list):
        message = " ".join(str(part) for part in error.detail)
    else:
        message = str(error.detail)
    response.data = {"code": str(error.default_code), "message": message, "fields": fields}
    return response
