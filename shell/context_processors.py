"""What every page's shell needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from smarketing.registry import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation that this person may open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"navigation": navigation.for_user(user)}
