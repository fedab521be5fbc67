"""What leads add to the extension points of `smarketing.registry`, part by part."""

from leads.entries import (
    capture,
    deals,
    feedback,
    handoff,
    imports,
    lists,
    out,
    qualifying,
    records,
    routing,
    scoring,
    working,
)

PARTS = (
    lists,
    imports,
    handoff,
    routing,
    qualifying,
    scoring,
    working,
    deals,
    records,
    feedback,
    out,
    capture,
)


def register() -> None:
    """Register everything; doing it again changes nothing."""
    for part in PARTS:
        part.register()
