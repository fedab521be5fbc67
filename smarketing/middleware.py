"""The edge for pages: a domain error that a view lets through becomes the right status."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from smarketing.errors import BadInput, DomainError, NotAllowed, NotFound

STATUS: dict[type[DomainError], int] = {NotAllowed: 403, BadInput: 422}


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
