"""Decisions on leads: qualify, accept, reject, recycle, undo; reasons and windows."""

from __future__ import annotations

from leads.services.recycling import wake_by_touches
from leads.signals import touches_recorded


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    touches_recorded.connect(wake_by_touches, dispatch_uid="wake_by_touches")
