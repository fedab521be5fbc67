"""The error pages: what happened, why, what to do. They need no database and nobody signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request makes no sense."""
    return _page("400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but not this person's to do."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or not for this person to know of."""
    return render(request, "errors/404.html", status=404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429: sign-in, reset or another guarded act was tried too often."""
    response = _page("429", 429)
    response["Retry-After"] = "300"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return _page("500", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: a part that the page needs does not answer."""
    response = _page("503", 503)
    response["Retry-After"] = "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old."""
    return _page("403_csrf", 403)


def _page(name: str, status: int) -> HttpResponse:
    """Render without context processors, which may be what failed."""
    return HttpResponse(render_to_string(f"errors/{name}.html"), status=status)
