"""A list of records: filters and place from the address, a page by cursor, a bounded count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts.views.answers import wants_part
from leads.ordering import Orders, Place, page_of
from leads.selectors.lists import count_of
from leads.views.lists import DEFAULT_SIZE, PLACE, SIZES, without
from smarketing.errors import NotFound


def listing(
    request: HttpRequest,
    name: str,
    filters: Any,
    orders: Orders,
    context: Callable[[list[Any]], Mapping[str, Any]],
) -> HttpResponse:
    """Answer a list of `name`: the whole page, or for htmx its results alone.

    A cursor that nobody of ours made leads to the first page.
    """
    rows, asked = filters.qs, request.GET
    size = asked.get("size", "")
    place = Place(
        sort=asked.get("sort", ""),
        size=int(size) if size in map(str, SIZES) else DEFAULT_SIZE,
        after=asked.get("after", ""),
        before=asked.get("before", ""),
        orders=orders,
    )
    try:
        page = page_of(rows, place)
    except NotFound:
        return HttpResponseRedirect(f"{request.path}?{without(asked, *PLACE)}")
    values = {
        "page": page,
        "count": count_of(rows),
        "form": filters.form,
        "unread": sorted(filters.errors),
        "sort": place.known_sort,
        "narrowed": any(asked.get(key) for key in filters.filters),
        "previous": page.before and f"?{without(asked, *PLACE, before=page.before)}",
        "next": page.after and f"?{without(asked, *PLACE, after=page.after)}",
        **context(list(page.rows)),
    }
    part = "_results" if wants_part(request) else ""
    return render(request, f"leads/records/{name}{part}.html", values)
