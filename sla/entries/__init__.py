"""What the promise adds to the extension points of `smarketing.registry`, part by part."""

from sla.entries import agreement, calculator, clocks, ladder, periods

PARTS = (agreement, ladder, clocks, periods, calculator)


def register() -> None:
    """Register everything; doing it again changes nothing."""
    for part in PARTS:
        part.register()
