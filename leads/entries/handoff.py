"""Decisions on leads: qualify, accept, reject, recycle, undo; reasons and windows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import standing
from leads.rules import keeps_reasons
from leads.services.expansion import EXPANSION_HINT, withdraw_hints
from leads.services.recycling import wake_by_touches
from leads.signals import moves_taken_back, touches_recorded
from smarketing import registry
from smarketing.registry import NoticeKind, SettingsEntry


def _keeps_reasons(user: Any) -> bool:
    return keeps_reasons(standing(user))


SETTINGS = (
    SettingsEntry(
        key="reasons",
        label=_("Reasons"),
        summary=_("Why leads are rejected or closed, and what becomes of them"),
        icon="message-2",
        url_name="settings-reasons",
        order=230,
        section=_("Funnel"),
        allowed=_keeps_reasons,
    ),
    SettingsEntry(
        key="funnel",
        label=_("Funnel"),
        summary=_("How long decisions can be undone or disputed, and leads nurtured"),
        icon="filter",
        url_name="settings-funnel",
        order=240,
        section=_("Funnel"),
        allowed=_keeps_reasons,
    ),
)
NOTICE_KINDS = (
    NoticeKind(
        key=EXPANSION_HINT,
        label=_("A customer of mine asks for more"),
        title=_("%(name)s asks for more"),
        body=_("Sales closed a lead of this customer: there may be business to expand."),
        icon="trending-up",
        order=230,
    ),
)


def register() -> None:
    """Register what this part adds; doing it again changes nothing."""
    for page in SETTINGS:
        registry.settings_pages.register(page)
    for kind in NOTICE_KINDS:
        registry.notice_kinds.register(kind)
    touches_recorded.connect(wake_by_touches, dispatch_uid="wake_by_touches")
    moves_taken_back.connect(withdraw_hints, dispatch_uid="withdraw_hints")
