"""What lists of leads add to the extension points: areas, panels, commands, search."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.rules import holds, is_member, standing
from leads.demo.year import load_leads
from leads.models import Lead
from leads.rules import decides_on_leads
from leads.selectors.finding import find_leads
from leads.selectors.today import (
    funnel,
    leads_to_fix,
    leads_to_qualify,
    my_open_leads,
    owner_balances,
    unclaimed_leads,
)
from smarketing import registry
from smarketing.registry import (
    Command,
    DemoStep,
    NavigationEntry,
    OpenWork,
    OpenWorkSource,
    SearchSource,
    TodayPanel,
)


def _decides(user: Any) -> bool:
    return decides_on_leads(standing(user))


def _qualifies(user: Any) -> bool:
    return holds(user, Role.MARKETER, Role.MANAGER)


def _is_rep(user: Any) -> bool:
    return holds(user, Role.REP)


def _oversees(user: Any) -> bool:
    return holds(user, Role.MANAGER, Role.FACILITATOR)


def _open_leads_of(user: Any) -> OpenWork | None:
    """Count the open leads of a person who leaves or is away."""
    count = Lead.objects.open().filter(owner=user).count()
    if not count:
        return None
    url = reverse("lead-give-all", args=[user.pk])
    return OpenWork(label=_now("Open leads"), count=count, url=url)


AREAS = (
    NavigationEntry(
        "leads",
        _("Leads"),
        "users",
        "lead-list",
        20,
        is_member,
        (
            "/leads/",
            "/opportunities/",
            "/contacts/",
            "/companies/",
            "/campaigns/",
            "/forms/",
            "/personas/",
            "/assets/",
        ),
    ),
    NavigationEntry("feedback", _("Feedback"), "message-2", "feedback", 40, is_member),
    NavigationEntry("channel", _("Channel"), "speakerphone", "channel", 70, is_member),
)
PANELS = (
    TodayPanel(
        "leads-to-qualify", _("To qualify"), "leads/today/qualify.html", leads_to_qualify, 10,
        _qualifies, "marketing",
    ),
    TodayPanel(
        "leads-to-fix", _("Returned by Sales, to fix"), "leads/today/to_fix.html", leads_to_fix, 5,
        _qualifies, "marketing",
    ),
    TodayPanel(
        "my-leads", _("My open leads"), "leads/today/mine.html", my_open_leads, 14, _is_rep,
        "sales",
    ),
    TodayPanel(
        "unclaimed-leads", _("Qualified, with nobody yet"), "leads/today/unclaimed.html",
        unclaimed_leads, 20, _is_rep, "sales",
    ),
    TodayPanel(
        "owner-balances", _("Open leads by owner"), "leads/today/owners.html", owner_balances,
        20, _oversees, "sales",
    ),
    TodayPanel(
        "stage-balances", _("Open leads by stage"), "leads/today/balances.html", funnel,
        30, _oversees, "shared",
    ),
)  # fmt: skip
COMMANDS = (
    Command("lead-new", _("Create a lead"), "lead-new", 10, "plus", _("add new capture"),
            allowed=_decides),
    Command("lead-list", _("Find a lead"), "lead-list", 20, "search", _("list filter"),
            allowed=is_member),
)  # fmt: skip


def register() -> None:
    """Register everything; doing it again changes nothing."""
    for area in AREAS:
        registry.navigation.register(area)
    for panel in PANELS:
        registry.today_panels.register(panel)
    for command in COMMANDS:
        registry.commands.register(command)
    registry.search_sources.register(SearchSource("leads", _("Leads"), 10, find_leads, is_member))
    registry.open_work_sources.register(OpenWorkSource("leads", 10, _open_leads_of))
    registry.demo_steps.register(DemoStep("leads", 20, load_leads))
