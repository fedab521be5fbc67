"""Period commitments, their pace and what is done about those that were missed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.rules import holds, is_member
from sla.demo_periods import load_past_periods
from sla.selectors.corrective_actions import actions_waiting
from sla.selectors.promises_today import promises_of_both, promises_of_own
from sla.services.corrective_actions import DECIDED
from smarketing import registry
from smarketing.registry import Command, DemoStep, NoticeKind, TodayPanel


def _oversees(user: Any) -> bool:
    return holds(user, Role.MANAGER, Role.FACILITATOR)


def _keeps(user: Any) -> bool:
    return holds(user, Role.MARKETER, Role.REP) and not _oversees(user)


PANELS = (
    TodayPanel(
        "promises", _("Promises"), "sla/today/promises.html", promises_of_both, 1, _oversees,
        "shared",
    ),
    TodayPanel(
        "own-promises", _("What we promised"), "sla/today/own_promises.html", promises_of_own, 12,
        _keeps, "shared",
    ),
    TodayPanel(
        "corrective-actions", _("Corrective actions"), "sla/today/actions.html",
        actions_waiting, 25, _oversees, "shared",
    ),
)  # fmt: skip
NOTICE_KIND = NoticeKind(
    DECIDED, _("A corrective action is given to you"),
    _("%(by)s gave you a corrective action"), "%(what)s", "list-check", 330,
)  # fmt: skip
COMMANDS = (
    Command("commitments", _("Open the commitments"), "sla", 165, "target-arrow",
            _("pace forecast promise SLA figures"), allowed=is_member),
    Command("corrective-actions", _("Open the corrective actions"), "corrective-actions", 175,
            "list-check", _("missed answer effect"), allowed=is_member),
)  # fmt: skip


def register() -> None:
    """Register everything; doing it again changes nothing."""
    for panel in PANELS:
        registry.today_panels.register(panel)
    registry.notice_kinds.register(NOTICE_KIND)
    for command in COMMANDS:
        registry.commands.register(command)
    registry.demo_steps.register(DemoStep("past-periods", 96, load_past_periods))
