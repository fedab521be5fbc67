"""Pages of feedback and posts by cursor: newest first, on from the last row of the page before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.keyset import key_from, key_to
from smarketing.errors import NotFound

Key = tuple[datetime, int]
AFTER = OpenApiParameter("after", str, description="Cursor of the page before, from its `next`.")


def place_of(request: Request) -> Key | None:
    """Return where the page begins; raise NotFound for a cursor that was not made here."""
    text = request.query_params.get("after", "")
    if not text:
        return None
    key = key_from(text, (datetime.fromisoformat, int))
    if key is None:
        raise NotFound(_("This place in the list is not known."), code="bad_cursor")
    return (key[0], key[1])


def page_response(request: Request, data: Any, following: Key | None) -> Response:
    """Return the page with the link to the next one."""
    url = None
    if following is not None:
        key = key_to((following[0].isoformat(), following[1]))
        url = replace_query_param(request.build_absolute_uri(), "after", key)
    return Response({"next": url, "results": data})


def paged(name: str, serializer: type[serializers.Serializer[Any]]) -> Any:
    """Describe a page of rows for the OpenAPI schema."""
    fields: Any = {
        "next": serializers.URLField(allow_null=True),
        "results": serializer(many=True),
    }
    return inline_serializer(name, fields=fields)
