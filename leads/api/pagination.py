"""Pages of leads, contacts and companies by cursor: the thousandth is as quick as the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from leads.ordering import (
    CONTACT_ORDERS,
    DEFAULT_ORDER,
    ORDERS,
    Orders,
    Page,
    Place,
    page_of,
    sorts_of,
)
from smarketing.errors import BadInput

LARGEST = 100
DEFAULT_SIZE = 50


class LeadPagination(BasePagination):
    """`after` and `before` come from the links of a page; `sort` and `size` shape it."""

    orders: ClassVar[Orders] = ORDERS
    default_sort: ClassVar[str] = DEFAULT_ORDER

    def paginate_queryset(  # type: ignore[override]  # it pages records only
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        """Return the rows of the page asked for; raise BadInput for what cannot be read."""
        self._request = request
        query = request.query_params
        sort = query.get("sort", self.default_sort)
        if sort not in sorts_of(self.orders):
            raise _bad("sort", f"One of {', '.join(sorts_of(self.orders))}.")
        self._page: Page = page_of(
            queryset,
            Place(
                sort=sort,
                size=_size(query.get("size")),
                after=query.get("after", ""),
                before=query.get("before", ""),
                orders=self.orders,
            ),
        )
        return list(self._page.rows)

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page with links to those beside it."""
        return Response(
            {
                "next": self._link("after", self._page.after),
                "previous": self._link("before", self._page.before),
                "results": data,
            }
        )

    def _link(self, key: str, cursor: str) -> str | None:
        if not cursor:
            return None
        other = "before" if key == "after" else "after"
        url = remove_query_param(self._request.build_absolute_uri(), other)
        return str(replace_query_param(url, key, cursor))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the page for the OpenAPI schema."""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> Sequence[dict[str, Any]]:  # type: ignore[override]
        """Describe the query keys for the OpenAPI schema."""
        return [
            _key(
                "sort",
                "Order; a minus turns it.",
                {"enum": sorts_of(self.orders), "default": self.default_sort},
            ),
            _key("size", "Rows a page.", {"minimum": 1, "maximum": LARGEST}, "integer"),
            _key("after", "Cursor of the page before, from its `next` link."),
            _key("before", "Cursor of the page after, from its `previous` link."),
        ]


class RecordPagination(LeadPagination):
    """Pages of contacts or companies, by name unless told otherwise."""

    orders = CONTACT_ORDERS
    default_sort = "name"


def _key(
    name: str, description: str, extra: dict[str, Any] | None = None, kind: str = "string"
) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": kind, **(extra or {})},
    }


def _size(text: str | None) -> int:
    if text is None:
        return DEFAULT_SIZE
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= LARGEST):
        raise _bad("size", f"A number from 1 to {LARGEST}.")
    return int(text)


def _bad(field: str, reason: str) -> BadInput:
    return BadInput(_("The request cannot be read."), fields={field: [reason]})
