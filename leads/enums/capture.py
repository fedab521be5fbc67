"""The words of capture: forms, consents, changes that a form proposes."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ConsentPurpose(TextChoices):
    """What a person agrees to, or no longer does."""

    MARKETING = "MARKETING", _("Messages of Marketing")
    TRACKING = "TRACKING", _("Visits of our pages")
    HANDLING = "HANDLING", _("Handling of a request")


class FormKind(TextChoices):
    """Where a form is filled in."""

    WEB = "WEB", _("Web page")
    FAIR = "FAIR", _("Fair")


class ChangeState(TextChoices):
    """What became of a value that a form proposed."""

    OPEN = "OPEN", _("To decide")
    TAKEN = "TAKEN", _("Taken")
    REFUSED = "REFUSED", _("Refused")
