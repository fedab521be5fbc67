"""What every page's frame needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shell.areas import areas_for
from smarketing import time_source


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the instant of the page, the person's appearance and the areas that he may open."""
    user = getattr(request, "user", None)
    always = {"now": time_source.now(), "theme": "system", "single_key_shortcuts": False}
    if user is None or not user.is_authenticated:
        return always
    return always | {
        "theme": user.theme,
        "single_key_shortcuts": user.single_key_shortcuts,
        # Only pages with the frame ask for it; a fragment does not pay for it.
        "areas": SimpleLazyObject(lambda: areas_for(user, request.path)),
    }
