"""Who gets a lead: pools, rules, queues, assignments."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import is_member, standing
from leads.demo.routing import quieten
from leads.rules import manages_routing
from leads.services.assignment_notices import (
    LEAD_ASSIGNED,
    LEADS_UNPLACED,
    take_back,
    tell_of_assignments,
)
from leads.signals import leads_assigned, moves_taken_back
from smarketing import registry
from smarketing.registry import DemoStep, LeadPageFragment, NoticeKind, SettingsEntry

NOTICE_KINDS = (
    NoticeKind(
        key=LEAD_ASSIGNED,
        label=_("I get a lead"),
        title=_("New for you: %(names)s"),
        body=_("Look at the lead and decide: accept it, or reject it with a reason."),
        icon="user-check",
        order=210,
    ),
    NoticeKind(
        key=LEADS_UNPLACED,
        label=_("Leads that nobody of Sales could take"),
        title=_("Nobody could take %(names)s"),
        body=_("Qualified leads wait in the queue. Give them to somebody, or check the rules."),
        icon="alert-triangle",
        order=220,
    ),
)


def _manages(user: Any) -> bool:
    return manages_routing(standing(user))


SETTINGS = SettingsEntry(
    key="routing",
    label=_("Routing"),
    summary=_("Who gets a qualified lead: rules, pools, and a rehearsal"),
    icon="arrows-split-2",
    url_name="settings-routing",
    order=220,
    section=_("Funnel"),
    allowed=_manages,
)
OWNER = LeadPageFragment("owner", _("Owner"), "lead-owner", 10, allowed=is_member)


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for kind in NOTICE_KINDS:
        registry.notice_kinds.register(kind)
    registry.settings_pages.register(SETTINGS)
    registry.lead_page_fragments.register(OWNER)
    registry.demo_steps.register(DemoStep("past-notices", 90, quieten))
    leads_assigned.connect(tell_of_assignments, dispatch_uid="tell_of_assignments")
    moves_taken_back.connect(take_back, dispatch_uid="take_back_assignments")
