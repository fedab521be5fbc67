"""Who holds how many leads, and how soon people are reached."""

from __future__ import annotations

from reporting.panels.panel import Panel

PANELS: list[Panel] = []
