"""Period commitments, their pace and what is done about those that were missed."""

from __future__ import annotations


def register() -> None:
    """Register everything; doing it again changes nothing."""
