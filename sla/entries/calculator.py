"""The goal calculator: what-ifs of the demo."""

from __future__ import annotations

from sla.demo_periods import load_scenarios
from smarketing import registry
from smarketing.registry import DemoStep


def register() -> None:
    """Register everything; doing it again changes nothing."""
    registry.demo_steps.register(DemoStep("scenarios", 97, load_scenarios))
