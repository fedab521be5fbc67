"""Opportunities, the board, campaigns, customers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member, standing
from leads.demo.deals import load_deals
from leads.models import Opportunity
from leads.models.opportunities import DealState
from leads.rules import keeps_catalogue, manages_campaigns
from leads.services.deals.settling import follow_leads, forget_undone
from leads.signals import moves_taken_back, stages_changed
from smarketing import registry
from smarketing.registry import (
    Command,
    DemoStep,
    LeadPageFragment,
    OpenWork,
    OpenWorkSource,
    SettingsEntry,
)

FUNNEL = _("Funnel")


def _keeps(user: Any) -> bool:
    return keeps_catalogue(standing(user))


def _plans(user: Any) -> bool:
    return manages_campaigns(standing(user))


def _open_deals_of(user: Any) -> OpenWork | None:
    """Count the open deals of a person who leaves or is away."""
    count = Opportunity.objects.filter(owner=user, state=DealState.OPEN).count()
    if not count:
        return None
    url = f"{reverse('opportunity-list')}?owner={user.pk}"
    return OpenWork(label=_now("Open opportunities"), count=count, url=url)


SETTINGS = (
    SettingsEntry(
        key="deal-steps",
        label=_("Deal steps"),
        summary=_("What an open deal goes through, with the chance to win at each step"),
        icon="coins",
        url_name="deal-steps",
        order=260,
        section=FUNNEL,
        allowed=_keeps,
    ),
    SettingsEntry(
        key="catalogue",
        label=_("Lists of names"),
        summary=_("Product lines, sources and competitors"),
        icon="tags",
        url_name="catalogue",
        order=270,
        section=FUNNEL,
        allowed=_keeps,
    ),
)
COMMANDS = (
    Command("lead-board", _("Open the board"), "lead-board", 22, "layout-kanban",
            _("kanban columns stages"), allowed=is_member),
    Command("opportunity-list", _("Open the opportunities"), "opportunity-list", 24, "coins",
            _("deals pipeline"), allowed=is_member),
    Command("campaign-list", _("Open the campaigns"), "campaign-list", 26, "flag",
            _("cost budget"), allowed=is_member),
    Command("campaign-new", _("Plan a campaign"), "campaign-new", 28, "plus", _("add new"),
            allowed=_plans),
)  # fmt: skip
FRAGMENT = LeadPageFragment(
    "opportunities", _("Opportunities"), "lead-opportunities", 40, "side", is_member
)


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for page in SETTINGS:
        registry.settings_pages.register(page)
    for command in COMMANDS:
        registry.commands.register(command)
    registry.lead_page_fragments.register(FRAGMENT)
    registry.open_work_sources.register(OpenWorkSource("deals", 20, _open_deals_of))
    registry.demo_steps.register(DemoStep("deals", 60, load_deals))
    stages_changed.connect(follow_leads, dispatch_uid="leads.deals.follow_leads")
    moves_taken_back.connect(forget_undone, dispatch_uid="leads.deals.forget_undone")
