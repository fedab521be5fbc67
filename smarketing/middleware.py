"""The edge: what no part behind it could take is refused, domain errors become statuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory.middleware
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from smarketing.errors import BadInput, DomainError, NotAllowed, NotFound
from smarketing.logs import without_secrets

STATUS: dict[type[DomainError], int] = {NotAllowed: 403, BadInput: 422}


class CookieMiddleware:
    """Refuse cookies with a NUL, which the database cannot even look for, with 400."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any("\x00" in value for value in request.COOKIES.values()):
            raise BadRequest("a cookie holds NUL")
        return self.get_response(request)


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """The history knows who and where, but keeps no secret of an address."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return the person and the address."""
        context: dict[str, Any] = super().get_context(request)
        return context | {"url": without_secrets(request.path)}


class DomainErrorMiddleware:
    """Translate domain errors: not allowed 403, not found 404, refused 409, bad input 422."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Render the error page (or, for htmx, its toast) in the words of the error."""
        if isinstance(error, NotFound):
            raise Http404(str(error)) from error
        if not isinstance(error, DomainError):
            return None
        status = STATUS.get(type(error), 409)
        return render(request, f"errors/{status}.html", {"message": error.message}, status=status)
