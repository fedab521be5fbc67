"""Bodies that several endpoints take, and how bodies and choices of a query are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

UP, DOWN = "up", "down"


def read(serializer: Any, request: Request) -> dict[str, Any]:
    """Return the body as `serializer` reads it; what cannot be read is 400, field by field."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def chosen(request: Request, name: str, allowed: Sequence[str], default: str = "") -> str:
    """Return the choice `name` of the query, `default` when it is not given.

    Anything else is 400, naming what can be chosen.
    """
    value = request.query_params.get(name)
    if value is None:
        return default
    if value not in allowed:
        wrong = _("Choose one of %(names)s.") % {"names": ", ".join(allowed)}
        raise serializers.ValidationError({name: [wrong]})
    return value


class UseIn(serializers.Serializer[Any]):
    """Whether something is in use: counts, is asked, can be chosen."""

    in_use = serializers.BooleanField()


class MoveIn(serializers.Serializer[Any]):
    """One place earlier or later in its list; at the end of the list nothing changes."""

    to = serializers.ChoiceField(choices=[(UP, UP), (DOWN, DOWN)])
