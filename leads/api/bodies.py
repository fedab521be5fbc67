"""Bodies that several endpoints take, and how a body is read."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

UP, DOWN = "up", "down"


def read(serializer: Any, request: Request) -> dict[str, Any]:
    """Return the body as `serializer` reads it; what cannot be read is 400, field by field."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class UseIn(serializers.Serializer[Any]):
    """Whether something is in use: counts, is asked, can be chosen."""

    in_use = serializers.BooleanField()


class MoveIn(serializers.Serializer[Any]):
    """One place earlier or later in its list; at the end of the list nothing changes."""

    to = serializers.ChoiceField(choices=[(UP, UP), (DOWN, DOWN)])
