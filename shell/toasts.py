"""Short messages that say what happened, with a way back where there is one.

They are Django messages: they survive a redirect, and an htmx answer carries them in its
`HX-Trigger` header (`shell.middleware.ToastMiddleware`).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

UNDO = "undo:"
LEVELS = {
    messages.DEBUG: "info",
    messages.INFO: "info",
    messages.SUCCESS: "success",
    messages.WARNING: "warning",
    messages.ERROR: "error",
}
ICONS = {
    "info": "info-circle",
    "success": "circle-check",
    "warning": "alert-triangle",
    "error": "alert-circle",
}


def toast(
    request: HttpRequest, text: Any, *, undo_url: str = "", level: int = messages.SUCCESS
) -> None:
    """Tell the person `text` with the next answer; with `undo_url`, offer to POST there."""
    messages.add_message(request, level, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def describe(message: Message) -> dict[str, str]:
    """Return a message as the toast that the page and the script draw."""
    tags = message.extra_tags or ""
    level = LEVELS.get(message.level, "info")
    return {
        "text": str(message.message),
        "level": level,
        "icon": ICONS[level],
        "undo_url": tags.removeprefix(UNDO) if tags.startswith(UNDO) else "",
    }
