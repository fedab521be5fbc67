"""The panels of the dashboard, in the order in which they are shown."""

from __future__ import annotations

from reporting.panels import (
    assets,
    closes,
    competitors,
    flows,
    funnel,
    origins,
    revenue,
    touches,
    traits,
    velocity,
)
from reporting.panels.panel import Panel

__all__ = ["PANELS", "Panel"]

PANELS: dict[str, Panel] = {
    panel.key: panel
    for panel in (
        *funnel.PANELS,
        *closes.PANELS,
        *velocity.PANELS,
        *revenue.PANELS,
        *origins.PANELS,
        *traits.PANELS,
        *flows.PANELS,
        *touches.PANELS,
        *competitors.PANELS,
        *assets.PANELS,
    )
}
