"""Clocks as people see them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.rules import holds, is_member
from sla.calendar_effects import effect_on_clocks, tell_moved
from sla.demo_clocks import load_clocks
from sla.lead_filters import by_deadline, choices
from sla.selectors.clock_panels import late_by_team, my_clocks
from smarketing import registry
from smarketing.registry import (
    CalendarEffect,
    Command,
    DemoStep,
    LeadPageFragment,
    ListFilter,
    TodayPanel,
)


def _is_rep(user: Any) -> bool:
    return holds(user, Role.REP)


def _oversees(user: Any) -> bool:
    return holds(user, Role.MANAGER)


COMMAND = Command(
    "clocks", _("Open the clocks"), "clock-list", 170, "clock",
    _("late at risk due deadline breach"), allowed=is_member,
)  # fmt: skip
FRAGMENT = LeadPageFragment("clocks", _("Clocks"), "lead-clocks", 15, "side", is_member)
FILTER = ListFilter("deadline", _("Due or not"), choices, by_deadline, 10)
PANELS = (
    TodayPanel(
        "my-clocks", _("At risk and late"), "sla/today/my_clocks.html",
        my_clocks, 6, _is_rep, "sales",
    ),
    TodayPanel(
        "late-clocks", _("Late now"), "sla/today/late_clocks.html",
        late_by_team, 15, _oversees, "shared",
    ),
)  # fmt: skip
EFFECT = CalendarEffect("clocks", 10, "sla/clocks/_calendar.html", effect_on_clocks, tell_moved)


def register() -> None:
    """Register everything; doing it again changes nothing."""
    registry.commands.register(COMMAND)
    registry.lead_page_fragments.register(FRAGMENT)
    registry.list_filters.register(FILTER)
    for panel in PANELS:
        registry.today_panels.register(panel)
    registry.calendar_effects.register(EFFECT)
    registry.demo_steps.register(DemoStep("clocks", 95, load_clocks))
