"""Forms, what they bring, visits."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member
from leads.demo.capture import load_capture
from leads.views.campaigns import may_plan
from smarketing import registry
from smarketing.registry import Command, DemoStep, LeadPageFragment

COMMANDS = (
    Command("site-list", _("Visits of our pages"), "site-list", 38, "world",
            _("tracking snippet utm"), allowed=is_member),
    Command("form-list", _("Forms"), "form-list", 36, "list-check",
            _("capture web page embed fair code consent"), allowed=is_member),
    Command("form-new", _("Build a form"), "form-new", 37, "plus", _("capture web page embed"),
            allowed=may_plan),
)  # fmt: skip
FRAGMENTS = (
    LeadPageFragment("proposed", _("Proposed by a form"), "lead-proposed", 95, "side", is_member),
)


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for command in COMMANDS:
        registry.commands.register(command)
    for fragment in FRAGMENTS:
        registry.lead_page_fragments.register(fragment)
    registry.demo_steps.register(DemoStep("capture", 80, load_capture))
