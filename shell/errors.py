"""The error pages: what happened, why, what to do. They need no database and nobody signed in."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request makes no sense."""
    if _is_api(request):
        return _body("bad_request", _("This request cannot be read"), 400)
    return _page("400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but not this person's to do."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or not for this person to know of."""
    if _is_api(request):
        return _body("not_found", _("There is nothing here."), 404)
    return render(request, "errors/404.html", status=404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429: sign-in, reset or another guarded act was tried too often."""
    response = _page("429", 429)
    response["Retry-After"] = "300"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; 503 while the database is away."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    if _is_api(request):
        return _body("server_error", _("Something broke on our side"), 500)
    return _page("500", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: a part that the page needs does not answer."""
    if _is_api(request):
        response = _body("unavailable", _("We are back in a moment"), 503)
    else:
        response = _page("503", 503)
    response["Retry-After"] = "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old."""
    return _page("403_csrf", 403)


def _page(name: str, status: int) -> HttpResponse:
    """Render without context processors, which may be what failed."""
    return HttpResponse(render_to_string(f"errors/{name}.html"), status=status)


def _is_api(request: HttpRequest) -> bool:
    """Tell whether a program asks, which reads no page."""
    return request.path.startswith("/api/")


def _body(code: str, message: str, status: int) -> HttpResponse:
    """Return the one shape of the API's errors."""
    return JsonResponse({"code": code, "message": message, "fields": {}}, status=status)
