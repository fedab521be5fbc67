"""A panel's answer for machines: what REST and the command give."""

from __future__ import annotations

from typing import Any

from reporting.figures import as_json
from reporting.panels.panel import Panel
from reporting.view import View


def answer(panel: Panel, view: View) -> dict[str, Any]:
    """Return the figures of `panel` with what they were asked about."""
    return {
        "panel": panel.key,
        "title": str(panel.title),
        "days": view.days.name,
        "first": view.days.first.isoformat(),
        "last": view.days.last.isoformat(),
        "currency": view.currency,
        **as_json(panel.count(view)),
    }
