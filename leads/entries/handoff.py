"""Decisions on leads: qualify, accept, reject, recycle, undo; reasons and windows."""


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
