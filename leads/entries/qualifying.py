"""Definitions, personas, the qualify queue."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.rules import holds, is_member
from leads.demo.qualifying import load_agreed_words, load_answers, load_fits
from smarketing import registry
from smarketing.registry import Command, DemoStep, SettingsEntry

FUNNEL = _("Funnel")
SETTINGS = (
    SettingsEntry(
        key="definitions",
        label=_("Stage definitions"),
        summary=_("What makes a lead an MQL, SAL, SQL, and who answers for it"),
        icon="checklist",
        url_name="definitions",
        order=200,
        section=FUNNEL,
        allowed=is_member,
    ),
    SettingsEntry(
        key="sql-types",
        label=_("Types of SQL"),
        summary=_("Kinds of sales-qualified leads, each with its playbook"),
        icon="note",
        url_name="sql-types",
        order=210,
        section=FUNNEL,
        allowed=is_member,
    ),
)


def _qualifies(user: Any) -> bool:
    return holds(user, Role.MARKETER, Role.MANAGER)


COMMANDS = (
    Command("lead-qualify", _("Qualify leads"), "lead-qualify", 15, "checklist", _("queue mql"),
            allowed=_qualifies),
    Command("persona-list", _("Personas"), "persona-list", 60, "target", _("buyer ideal company"),
            allowed=is_member),
    Command("definitions", _("Stage definitions"), "definitions", 70, "checklist",
            _("criteria mql sal sql"), allowed=is_member),
)  # fmt: skip


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for command in COMMANDS:
        registry.commands.register(command)
    # The version of the agreement that comes after them is about them.
    registry.demo_steps.register(DemoStep("agreed-words", 13, load_agreed_words))
    registry.demo_steps.register(DemoStep("persona-fits", 24, load_fits))
    registry.demo_steps.register(DemoStep("answers", 90, load_answers))
    for page in SETTINGS:
        registry.settings_pages.register(page)
