"""What the frame does around every request."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from shell.formats import number_form
from shell.toasts import describe

Handler = Callable[[HttpRequest], HttpResponse]


class FormatsMiddleware:
    """Numbers are written as the person wants them; for visitors, as the language does."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with number_form(getattr(request.user, "number_form", "language")):
            return self.get_response(request)


class ToastMiddleware:
    """An htmx answer carries the waiting messages in `HX-Trigger`; a redirect keeps them."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or not _is_swapped(response):
            return response
        toasts = [describe(message) for message in get_messages(request)]
        if toasts:
            response["HX-Trigger"] = _with_toasts(response.headers.get("HX-Trigger"), toasts)
        return response


def _is_swapped(response: HttpResponse) -> bool:
    """Tell whether htmx puts this answer into the page, so that its toasts are seen there."""
    leaves = {"HX-Redirect", "HX-Refresh", "HX-Location"} & set(response.headers)
    good = HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES
    return not leaves and (good or response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY)


def _with_toasts(header: str | None, toasts: list[dict[str, str]]) -> str:
    """Add the toasts to a header that may already name events, alone or with details."""
    events: dict[str, object] = {}
    if header and header.lstrip().startswith("{"):
        events = json.loads(header)
    elif header:
        events = {name.strip(): None for name in header.split(",")}
    return json.dumps({**events, "toasts": {"items": toasts}})


class WrongMethodMiddleware:
    """A bare 405 gets a page of its own, for people; machines under /api/ have their JSON."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = render(request, "errors/405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
