"""Score rules and ledger, touches, custom attributes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member, standing
from leads.rules import manages_attributes, reads_scoring
from smarketing import registry
from smarketing.registry import Command, LeadPageFragment, SettingsEntry


def _reads_scoring(user: Any) -> bool:
    return reads_scoring(standing(user))


def _manages_attributes(user: Any) -> bool:
    return manages_attributes(standing(user))


SETTINGS = (
    SettingsEntry(
        key="scoring",
        label=_("Scoring"),
        summary=_("Points for who somebody is and what they do, and when a lead is proposed"),
        icon="target-arrow",
        url_name="settings-scoring",
        order=220,
        section=_("Funnel"),
        allowed=_reads_scoring,
    ),
    SettingsEntry(
        key="attributes",
        label=_("Own fields"),
        summary=_("What you want to know of contacts, companies and leads beyond the usual"),
        icon="tag",
        url_name="settings-attributes",
        order=225,
        section=_("Funnel"),
        allowed=_manages_attributes,
    ),
)
COMMANDS = (
    Command(
        "scoring", _("Set scoring"), "settings-scoring", 200, "target-arrow",
        _("score points rules threshold"), allowed=_reads_scoring,
    ),
)  # fmt: skip
FRAGMENTS = (
    LeadPageFragment("score", _("Score"), "lead-score", 30, "side", is_member),
    LeadPageFragment("own-values", _("Own fields"), "lead-own-values", 70, "side", is_member),
)


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for page in SETTINGS:
        registry.settings_pages.register(page)
    for command in COMMANDS:
        registry.commands.register(command)
    for fragment in FRAGMENTS:
        registry.lead_page_fragments.register(fragment)
