"""What people and their settings add to the extension points of `smarketing.registry`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import demo, rules
from accounts.selectors.search import find_people
from accounts.selectors.today import away, gaps, installation, waiting_invitations
from accounts.services.absences import ABSENCE
from accounts.services.chat_delivery import CHAT_FAILED
from accounts.services.invitations import ACCEPTED, INVITATION, invitation_link
from accounts.services.roles import ROLES_CHANGED
from smarketing.registry import (
    Command,
    DemoStep,
    NavigationEntry,
    NoticeKind,
    SearchSource,
    SettingsEntry,
    TodayPanel,
    commands,
    demo_steps,
    navigation,
    notice_kinds,
    search_sources,
    settings_pages,
    today_panels,
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
    NoticeKind(
        CHAT_FAILED,
        _("A chat channel of mine does not take messages"),
        _("“%(channel)s” of %(team)s takes no messages"),
        _("%(reason)s Send a test, or give the channel a new address."),
        "alert-triangle",
        50,
    ),
]


SETTINGS = NavigationEntry(
    key="settings",
    label=_("Settings"),
    icon="settings",
    url_name="settings",
    order=900,
    prefixes=("/settings/", "/profile/", "/accounts/"),
)
PEOPLE_SEARCH = SearchSource(
    key="users",
    label=_("Users"),
    order=50,
    find=find_people,
    allowed=rules.can_manage_people,
)
ORGANISATION, YOU, SYSTEM = _("Organisation"), _("You"), _("System")
SETTINGS_PAGES = [
    SettingsEntry(
        key="profile",
        label=_("Profile"),
        summary=_("Your name, language, time zone and appearance"),
        icon="user-circle",
        url_name="profile",
        order=10,
        section=YOU,
    ),
    SettingsEntry(
        key="notices",
        label=_("Notices"),
        summary=_("What you are told, and by which channel"),
        icon="bell",
        url_name="notice-preferences",
        order=20,
        section=YOU,
    ),
    SettingsEntry(
        key="absences",
        label=_("Absences"),
        summary=_("Who is away, and who stands in"),
        icon="calendar-off",
        url_name="settings-absences",
        order=30,
        section=YOU,
    ),
    SettingsEntry(
        key="tokens",
        label=_("API tokens"),
        summary=_("Keys for programs that act for you"),
        icon="plug",
        url_name="settings-tokens",
        order=40,
        section=YOU,
        allowed=rules.is_member,
    ),
    SettingsEntry(
        key="organisation",
        label=_("Organisation"),
        summary=_("Name, time zone, currency, working time"),
        icon="building",
        url_name="settings-organisation",
        order=110,
        section=ORGANISATION,
        allowed=rules.is_administrator,
    ),
    SettingsEntry(
        key="users",
        label=_("Users"),
        summary=_("Invite people, give roles, hand over when somebody leaves"),
        icon="users",
        url_name="settings-users",
        order=120,
        section=ORGANISATION,
        allowed=rules.can_manage_people,
    ),
    SettingsEntry(
        key="teams",
        label=_("Teams"),
        summary=_("Marketing, Sales and the teams below them"),
        icon="users-group",
        url_name="settings-teams",
        order=130,
        section=ORGANISATION,
        allowed=rules.can_manage_people,
    ),
    SettingsEntry(
        key="calendars",
        label=_("Calendars"),
        summary=_("When teams work: weeks, public holidays, exceptions"),
        icon="calendar",
        url_name="settings-calendars",
        order=140,
        section=ORGANISATION,
        allowed=rules.can_manage_people,
    ),
    SettingsEntry(
        key="audit",
        label=_("Audit log"),
        summary=_("Who changed which setting or person, from what to what"),
        icon="history",
        url_name="settings-audit",
        order=210,
        section=SYSTEM,
        allowed=rules.is_administrator,
    ),
    SettingsEntry(
        key="health",
        label=_("Health"),
        summary=_("Database, jobs, queues and mails that did not leave"),
        icon="heartbeat",
        url_name="settings-health",
        order=220,
        section=SYSTEM,
        allowed=rules.is_administrator,
    ),
]
COMMANDS = [
    Command(key="inbox", label=_("Open notices"), url_name="inbox", icon="bell", order=60),
    Command(
        key="invite",
        label=_("Invite somebody"),
        url_name="settings-user-invite",
        icon="user-plus",
        order=70,
        keywords=_("user person add"),
        allowed=rules.can_manage_people,
    ),
    Command(
        key="new-calendar",
        label=_("New calendar"),
        url_name="settings-calendar-new",
        icon="calendar",
        order=75,
        keywords=_("working hours, week, holidays"),
        allowed=rules.can_manage_people,
    ),
    Command(
        key="absence",
        label=_("Enter an absence"),
        url_name="settings-absence-new",
        icon="calendar-off",
        order=80,
        keywords=_("holiday vacation away leave"),
    ),
]
TODAY_PANELS = [
    TodayPanel(
        key="installation",
        title=_("This installation"),
        template="accounts/today/installation.html",
        context=installation,
        order=70,
        allowed=rules.is_administrator,
    ),
    TodayPanel(
        key="gaps",
        title=_("To set up"),
        template="accounts/today/gaps.html",
        context=gaps,
        order=60,
        allowed=rules.is_administrator,
    ),
    TodayPanel(
        key="away",
        title=_("Away this week"),
        template="accounts/today/away.html",
        context=away,
        order=90,
        allowed=rules.can_manage_people,
    ),
    TodayPanel(
        key="waiting-invitations",
        title=_("Invited, not here yet"),
        template="accounts/today/invitations.html",
        context=waiting_invitations,
        order=80,
        allowed=rules.is_administrator,
    ),
]


def register() -> None:
    """Register everything; doing it again changes nothing."""
    for kind in NOTICE_KINDS:
        notice_kinds.register(kind)
    navigation.register(SETTINGS)
    search_sources.register(PEOPLE_SEARCH)
    for page in SETTINGS_PAGES:
        settings_pages.register(page)
        # Every page of the settings is a line of the command menu, too.
        commands.register(
            Command(
                key=f"settings-{page.key}",
                label=page.label,
                url_name=page.url_name,
                icon=page.icon,
                order=500 + page.order,
                keywords=page.summary,
                allowed=page.allowed,
            )
        )
    for command in COMMANDS:
        commands.register(command)
    for panel in TODAY_PANELS:
        today_panels.register(panel)
    demo_steps.register(DemoStep("people", 10, demo.load_people))
