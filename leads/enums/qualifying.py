"""The words of qualifying: definitions, personas, touches."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MqlMaking(TextChoices):
    """What happens when a score reaches the threshold."""

    PROPOSE = "PROPOSE", _("Propose the lead to Marketing")
    MAKE = "MAKE", _("Make it an MQL at once")


class Responsible(TextChoices):
    """Which side answers for a stage."""

    MARKETING = "MARKETING", _("Marketing")
    SHARED = "SHARED", _("Both")
    SALES = "SALES", _("Sales")


class VersionState(TextChoices):
    """Where a version of a definition or persona stands."""

    DRAFT = "DRAFT", _("Draft")
    IN_FORCE = "IN_FORCE", _("In force")
    RETIRED = "RETIRED", _("Superseded")


class PersonaKind(TextChoices):
    """Whom a persona describes."""

    BUYER = "BUYER", _("Buyer")
    COMPANY = "COMPANY", _("Ideal company")


class TouchKind(TextChoices):
    """How somebody outside met us."""

    FORM = "FORM", _("Form")
    DOWNLOAD = "DOWNLOAD", _("Download")
    WEBINAR = "WEBINAR", _("Webinar")
    FAIR = "FAIR", _("Fair")
    EMAIL_CLICK = "EMAIL_CLICK", _("Click in an e-mail")
    AD = "AD", _("Advertisement")
    VISIT = "VISIT", _("Visit")
    CHAT = "CHAT", _("Chat")
    REFERRAL = "REFERRAL", _("Referral")
    ASSET_OPEN = "ASSET_OPEN", _("Opened an asset")
    OTHER = "OTHER", _("Other")


# Touches that say "now": they end nurturing early, where the setting allows.
HOT_TOUCHES = frozenset({TouchKind.FORM, TouchKind.CHAT, TouchKind.REFERRAL, TouchKind.FAIR})
