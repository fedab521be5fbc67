"""How the pages of settings answer: a refused form is 422, a fragment is a part of its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form is bound to: what was posted, be it nothing, else None."""
    return request.POST if request.method == "POST" else None


def form_page(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """Return the page of a form: 422 when it was refused."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def list_page(
    request: HttpRequest, page: str, part: str, context: Mapping[str, Any]
) -> HttpResponse:
    """Return the whole page, or for htmx just the `part` that a filter changes."""
    return render(request, part if wants_part(request) else page, dict(context))


def wants_part(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of the page. Going back asks for all of it anew."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page_link(request: HttpRequest, **changes: str) -> str:
    """Return this page's query string without its place in the list, with `changes`."""
    query = request.GET.copy()
    query.pop("after", None)
    for key, value in changes.items():
        query[key] = value
    return f"?{query.urlencode()}"
