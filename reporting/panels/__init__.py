"""The panels of the dashboard, section by section, in the order in which they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

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

__all__ = ["PANELS", "SECTIONS", "Panel", "Section"]


@dataclass(frozen=True)
class Section:
    """Panels that answer one question together; `key` is where the page jumps to."""

    key: str
    title: Any
    panels: tuple[Panel, ...]


SECTIONS = (
    Section("goal", _("Goal and revenue"), (*goal.PANELS, *revenue.PANELS, *retention.PANELS)),
    Section(
        "funnel",
        _("Funnel"),
        (*funnel.PANELS, *closes.PANELS, *flows.PANELS, *conversions.PANELS, *balance.PANELS),
    ),
    Section("time", _("Time and work"), (*velocity.PANELS, *touches.PANELS, *workload.PANELS)),
    Section("handoff", _("Handoff"), (*acceptance.PANELS, *compliance.PANELS)),
    Section(
        "origins",
        _("What works"),
        (*origins.PANELS, *traits.PANELS, *assets.PANELS, *competitors.PANELS),
    ),
    Section("quality", _("Data"), (*quality.PANELS,)),
)
PANELS: dict[str, Panel] = {panel.key: panel for one in SECTIONS for panel in one.panels}
