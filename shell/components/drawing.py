"""How a component's template becomes safe text."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe


def draw(name: str, /, **values: Any) -> SafeString:
    """Render `components/<name>.html` with `values`, without the space around it."""
    return mark_safe(render_to_string(f"components/{name}.html", values).strip())  # noqa: S308


def trimmed(content: str) -> SafeString:
    """Return the rendered content of a block tag without the space around it; it stays safe."""
    return mark_safe(content.strip())  # noqa: S308  # rendered by the engine, already escaped
