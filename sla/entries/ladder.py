"""The ladder: who is told of what is late, and when."""

from __future__ import annotations


def register() -> None:
    """Register everything; doing it again changes nothing."""
