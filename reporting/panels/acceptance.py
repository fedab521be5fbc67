"""What Sales decides of the leads that it is given, and why it says no."""

from __future__ import annotations

from reporting.panels.panel import Panel

PANELS: list[Panel] = []
