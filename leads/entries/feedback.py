"""Feedback, disputes, the channel, assets."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.rules import holds, is_member, standing
from leads.demo.before import load_before
from leads.demo.feedback import load_feedback
from leads.enums import PostKind, Ruling
from leads.rules import is_of_marketing, is_of_sales
from leads.selectors.channel import PROMPT, unread_posts
from leads.selectors.disputes import waiting_disputes
from leads.selectors.feedback import feedback_to_acknowledge
from leads.services import channel, disputes, feedback
from smarketing import registry
from smarketing.registry import Command, DemoStep, LeadPageFragment, NoticeKind, TodayPanel


def _acknowledges(user: Any) -> bool:
    return is_of_marketing(standing(user))


def _writes_notes(user: Any) -> bool:
    return is_of_sales(standing(user))


def _is_rep(user: Any) -> bool:
    return holds(user, Role.REP)


def _oversees(user: Any) -> bool:
    return holds(user, Role.MANAGER, Role.FACILITATOR)


PANELS = (
    TodayPanel(
        "feedback-to-acknowledge", _("Feedback to acknowledge"), "leads/today/feedback.html",
        feedback_to_acknowledge, 30, _acknowledges, "marketing",
    ),
    TodayPanel(
        "unread-notes", _("Heard in the field"), "leads/today/posts.html",
        partial(unread_posts, kind=PostKind.NOTE), 50, _acknowledges, "marketing",
    ),
    TodayPanel(
        "unread-alerts", _("Campaigns that go out"), "leads/today/posts.html",
        partial(unread_posts, kind=PostKind.ALERT), 50, _is_rep, "sales",
    ),
    TodayPanel(
        "disputes-waiting", _("Disputes waiting"), "leads/today/disputes.html",
        waiting_disputes, 22, _oversees, "shared",
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
        disputes.RULED[Ruling.UPHELD], _("A rejection is upheld"),
        _("%(by)s ruled: the rejection of %(lead)s stands"), "", "circle-check", 250,
    ),
    NoticeKind(
        disputes.RULED[Ruling.OVERTURNED], _("A rejection is overturned"),
        _("%(by)s ruled: %(lead)s goes back to Sales"), "", "arrow-back-up", 260,
    ),
)  # fmt: skip
CHANNEL_KINDS = (
    NoticeKind(
        channel.ALERT, _("Marketing writes a campaign alert"),
        _("%(by)s: a campaign goes out"), "%(text)s", "speakerphone", 270,
    ),
    NoticeKind(
        channel.NOTE, _("Sales writes a field note"),
        _("%(by)s wrote a field note"), "%(text)s", "note", 280, by_email=False,
    ),
    NoticeKind(
        PROMPT, _("The weekly question for a field note"),
        _("What did you hear this week?"),
        _("Two sentences help Marketing: what buyers ask, object, compare."), "note", 290,
    ),
)  # fmt: skip
COMMANDS = (
    Command("disputes", _("Open disputes"), "disputes", 130, "hand-stop",
            _("ruling rejection contest"), allowed=is_member),
    Command("field-note", _("Write a field note"), "channel-note", 140, "note",
            _("channel heard tell Marketing"), allowed=_writes_notes),
    Command("campaign-alert", _("Write a campaign alert"), "channel-alert", 150, "speakerphone",
            _("channel tell Sales"), allowed=_acknowledges),
    Command("assets", _("Open the assets"), "asset-list", 160, "file-text",
            _("library case study battle card send"), allowed=is_member),
)  # fmt: skip
FRAGMENTS = (
    LeadPageFragment("assets", _("Assets"), "lead-assets", 50, "side", is_member),
    LeadPageFragment("feedback", _("Feedback"), "lead-feedback", 60, "side", is_member),
    LeadPageFragment("channel", _("Channel"), "lead-channel", 70, "side", is_member),
)


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for panel in PANELS:
        registry.today_panels.register(panel)
    for kind in (*NOTICE_KINDS, *CHANNEL_KINDS):
        registry.notice_kinds.register(kind)
    for command in COMMANDS:
        registry.commands.register(command)
    for fragment in FRAGMENTS:
        registry.lead_page_fragments.register(fragment)
    registry.demo_steps.register(DemoStep("feedback", 70, load_feedback))
    registry.demo_steps.register(DemoStep("met-before", 75, load_before))
