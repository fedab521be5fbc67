"""The inbox and the lead page: activities, next steps, timeline."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.rules import holds
from leads.demo.working import load_work
from leads.selectors.inbox import steps_due, waiting_for
from smarketing import registry
from smarketing.registry import Command, DemoStep, TodayPanel


def _is_rep(user: Any) -> bool:
    return holds(user, Role.REP)


def _decides(user: Any) -> bool:
    return holds(user, Role.REP, Role.MANAGER)


PANELS = (
    TodayPanel(
        "lead-inbox", _("Inbox"), "leads/today/inbox.html", waiting_for, 5, _is_rep, "sales"
    ),
    TodayPanel(
        "next-steps", _("To do next"), "leads/today/steps.html", steps_due, 7, _is_rep, "sales"
    ),
)
COMMANDS = (
    Command("lead-inbox", _("Open my inbox of leads"), "lead-inbox", 15, "inbox",
            _("accept reject decide packet"), allowed=_decides),
)  # fmt: skip


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for panel in PANELS:
        registry.today_panels.register(panel)
    for command in COMMANDS:
        registry.commands.register(command)
    registry.demo_steps.register(DemoStep("work", 40, load_work))
