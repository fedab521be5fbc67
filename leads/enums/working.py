"""The words of working a lead: activities, next steps, assets."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActivityKind(TextChoices):
    """What one of our people did."""

    CALL = "CALL", _("Call")
    EMAIL = "EMAIL", _("E-mail")
    MEETING = "MEETING", _("Meeting")
    MESSAGE = "MESSAGE", _("Message")
    NOTE = "NOTE", _("Note")


class Direction(TextChoices):
    """Who began it."""

    OUTBOUND = "OUTBOUND", _("From us")
    INBOUND = "INBOUND", _("From them")


class NextStepKind(TextChoices):
    """What somebody means to do."""

    CALL = "CALL", _("Call")
    EMAIL = "EMAIL", _("E-mail")
    MEETING = "MEETING", _("Meeting")
    MESSAGE = "MESSAGE", _("Message")
    OTHER = "OTHER", _("Other")


class AssetKind(TextChoices):
    """What an asset is."""

    CASE_STUDY = "CASE_STUDY", _("Case study")
    BATTLE_CARD = "BATTLE_CARD", _("Battle card")
    E_BOOK = "E_BOOK", _("E-book")
    DATA_SHEET = "DATA_SHEET", _("Data sheet")
    PRESENTATION = "PRESENTATION", _("Presentation")
    VIDEO = "VIDEO", _("Video")
    OTHER = "OTHER", _("Other")
