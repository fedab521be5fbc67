"""The panels of the dashboard, in the order in which they are shown."""

from __future__ import annotations

from reporting.panels import (
    acceptance,
    assets,
    balance,
    closes,
    competitors,
    compliance,
    conversions,
    flows,
    funnel,
    goal,
    origins,
    quality,
    retention,
    revenue,
    touches,
    traits,
    velocity,
    workload,
)
from reporting.panels.panel import Panel

__all__ = ["PANELS", "Panel"]

PANELS: dict[str, Panel] = {
    panel.key: panel
    for panel in (
        *funnel.PANELS,
        *conversions.PANELS,
        *balance.PANELS,
        *closes.PANELS,
        *velocity.PANELS,
        *revenue.PANELS,
        *acceptance.PANELS,
        *compliance.PANELS,
        *workload.PANELS,
        *origins.PANELS,
        *traits.PANELS,
        *flows.PANELS,
        *touches.PANELS,
        *competitors.PANELS,
        *assets.PANELS,
        *retention.PANELS,
        *quality.PANELS,
        *goal.PANELS,
    )
}
