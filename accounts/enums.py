"""The fixed words of people and their time."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TeamKind(TextChoices):
    """Which side of the table a team sits on."""

    MARKETING = "MARKETING", _("Marketing")
    SALES = "SALES", _("Sales")
    OTHER = "OTHER", _("Other")


class Role(TextChoices):
    """What a person does here; one person may hold several."""

    MARKETER = "MARKETER", _("Marketer")
    REP = "REP", _("Sales rep")
    MANAGER = "MANAGER", _("Manager")
    FACILITATOR = "FACILITATOR", _("Facilitator")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")


# Facilitators are neutral and administrators serve everyone: neither role belongs to a team.
ORGANISATION_ROLES = frozenset({Role.FACILITATOR, Role.ADMINISTRATOR})
# The kinds of team in which each team role can be held.
TEAM_KINDS_OF_ROLE: dict[Role, frozenset[TeamKind]] = {
    Role.MARKETER: frozenset({TeamKind.MARKETING}),
    Role.REP: frozenset({TeamKind.SALES}),
    Role.MANAGER: frozenset(TeamKind),
}


class Theme(TextChoices):
    """Light or dark, or as the person's system has it."""

    SYSTEM = "system", _("As my system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class NumberForm(TextChoices):
    """How numbers are written."""

    LANGUAGE = "language", _("As the language does")
    POINT = "point", "1,234.56"
    COMMA = "comma", "1.234,56"
    SPACE = "space", "1 234,56"


class FirstDay(TextChoices):
    """The day on which a person's calendar week begins."""

    LANGUAGE = "language", _("As the language does")
    MONDAY = "monday", _("Monday")
    SUNDAY = "sunday", _("Sunday")


class Channel(TextChoices):
    """A way in which a notice reaches its recipient."""

    INBOX = "inbox", _("Inbox")
    EMAIL = "email", _("E-mail")


class Telling(TextChoices):
    """When a person hears of promises that are late or nearly due."""

    AT_ONCE = "at_once", _("At once, while I am at work")
    DAILY = "daily", _("Once a day, as my working day begins")


class ChatService(TextChoices):
    """Where a chat channel lies."""

    SLACK = "SLACK", _("Slack")
    TEAMS = "TEAMS", _("Microsoft Teams")
    GOOGLE_CHAT = "GOOGLE_CHAT", _("Google Chat")
    DISCORD = "DISCORD", _("Discord")
    # Of tests alone: a server of their own on this machine.
    LOOPBACK = "LOOPBACK", _("This machine")


class Scope(TextChoices):
    """What an API token may do."""

    LEADS_READ = "leads:read", _("Read leads")
    LEADS_WRITE = "leads:write", _("Create and change leads")
