"""Promises kept: by commitment, team and person, and how late the late ones are."""

from __future__ import annotations

from reporting.panels.panel import Panel

PANELS: list[Panel] = []
