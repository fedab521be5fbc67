"""REST glue: errors become bodies of one shape, lists become pages by cursor.

Every error body reads {"code": …, "message": …, "fields": {field: [reason, …]}}.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from smarketing.errors import BadInput, DomainError, NotAllowed, NotFound


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
