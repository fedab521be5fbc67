"""Feedback, disputes, the channel, assets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.rules import holds, is_member, standing
from leads.rules import is_of_marketing
from leads.selectors.disputes import waiting_disputes
from leads.selectors.feedback import feedback_to_acknowledge
from leads.services import disputes, feedback
from smarketing import registry
from smarketing.registry import Command, LeadPageFragment, NoticeKind, TodayPanel


def _acknowledges(user: Any) -> bool:
    return is_of_marketing(standing(user))


def _oversees(user: Any) -> bool:
    return holds(user, Role.MANAGER, Role.FACILITATOR)


PANELS = (
    TodayPanel(
        "feedback-to-acknowledge", _("Feedback to acknowledge"), "leads/today/feedback.html",
        feedback_to_acknowledge, 30, _acknowledges, "marketing",
    ),
    TodayPanel(
        "disputes-waiting", _("Disputes waiting"), "leads/today/disputes.html",
        waiting_disputes, 40, _oversees, "shared",
    ),
)  # fmt: skip
NOTICE_KINDS = (
    NoticeKind(
        feedback.COMMENTED, _("Somebody comments on feedback"),
        _("%(by)s commented on feedback %(lead)s"), "", "note", 210, by_email=False,
    ),
    NoticeKind(
        disputes.OPENED, _("A rejection is disputed"),
        _("%(by)s disputes the rejection of %(lead)s"),
        _("Say what Sales has to say; then a facilitator rules."), "hand-stop", 220,
    ),
    NoticeKind(
        disputes.TO_RULE, _("A dispute waits for a ruling"),
        _("A dispute on %(lead)s waits for your ruling"),
        _("%(by)s contests the rejection."), "hand-stop", 230,
    ),
    NoticeKind(
        disputes.ANSWERED, _("Sales answers a dispute"),
        _("%(by)s answered the dispute on %(lead)s"), "", "hand-stop", 240,
    ),
    NoticeKind(
        disputes.RULED[disputes.Ruling.UPHELD], _("A rejection is upheld"),
        _("%(by)s ruled: the rejection of %(lead)s stands"), "", "circle-check", 250,
    ),
    NoticeKind(
        disputes.RULED[disputes.Ruling.OVERTURNED], _("A rejection is overturned"),
        _("%(by)s ruled: %(lead)s goes back to Sales"), "", "arrow-back-up", 260,
    ),
)  # fmt: skip
COMMANDS = (
    Command("disputes", _("Open disputes"), "disputes", 130, "hand-stop",
            _("ruling rejection contest"), allowed=is_member),
)  # fmt: skip
FRAGMENTS = (LeadPageFragment("feedback", _("Feedback"), "lead-feedback", 60, "side", is_member),)


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for panel in PANELS:
        registry.today_panels.register(panel)
    for kind in NOTICE_KINDS:
        registry.notice_kinds.register(kind)
    for command in COMMANDS:
        registry.commands.register(command)
    for fragment in FRAGMENTS:
        registry.lead_page_fragments.register(fragment)
