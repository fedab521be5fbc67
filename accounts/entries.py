"""What people and their settings add to the extension points of `smarketing.registry`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.rules import can_manage_people
from accounts.services.absences import ABSENCE
from accounts.services.invitations import ACCEPTED, INVITATION, invitation_link
from accounts.services.roles import ROLES_CHANGED
from smarketing.registry import (
    Command,
    NoticeKind,
    SettingsEntry,
    commands,
    notice_kinds,
    settings_pages,
)

NOTICE_KINDS = [
    NoticeKind(
        key=INVITATION,
        label=_("Invitation"),
        title=_("%(by)s invites you to %(organisation)s"),
        body=_("Marketing and Sales of %(organisation)s work together here. Accept within a week."),
        icon="mail",
        order=10,
        optional=False,
        email_link=invitation_link,
    ),
    NoticeKind(
        key=ACCEPTED,
        label=_("An invitation of mine is accepted"),
        title=_("%(name)s accepted your invitation"),
        icon="user-check",
        order=20,
        by_email=False,
    ),
    NoticeKind(
        key=ROLES_CHANGED,
        label=_("My roles change"),
        title=_("%(by)s changed your roles"),
        body=_("You are now: %(roles)s."),
        icon="users",
        order=30,
    ),
    NoticeKind(
        key=ABSENCE,
        label=_("Somebody in a team of mine is away"),
        title=_("%(name)s is away from %(first_on)s to %(last_on)s"),
        icon="calendar-off",
        order=40,
        by_email=False,
    ),
]


SETTINGS_PAGES = [
    SettingsEntry(
        key="calendars",
        label=_("Calendars"),
        summary=_("When teams work: weeks, public holidays, exceptions"),
        icon="calendar",
        url_name="settings-calendars",
        order=40,
        section=_("People"),
        allowed=can_manage_people,
    ),
]
COMMANDS = [
    Command(
        key="new-calendar",
        label=_("New calendar"),
        url_name="settings-calendar-new",
        icon="calendar",
        keywords=_("working hours, week, holidays"),
        allowed=can_manage_people,
    ),
]


def register() -> None:
    """Register everything; doing it again changes nothing."""
    for kind in NOTICE_KINDS:
        notice_kinds.register(kind)
    for page in SETTINGS_PAGES:
        settings_pages.register(page)
    for command in COMMANDS:
        commands.register(command)
