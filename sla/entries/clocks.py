"""Clocks as people see them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member
from smarketing import registry
from smarketing.registry import Command, LeadPageFragment

COMMAND = Command("clocks", _("Open the clocks"), "clock-list", 170, "clock",
                  _("late at risk due deadline breach"), allowed=is_member)  # fmt: skip
FRAGMENT = LeadPageFragment("clocks", _("Clocks"), "lead-clocks", 15, "side", is_member)


def register() -> None:
    """Register everything; doing it again changes nothing."""
    registry.commands.register(COMMAND)
    registry.lead_page_fragments.register(FRAGMENT)
