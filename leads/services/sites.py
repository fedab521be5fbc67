"""Web sites of ours whose visits are told to us."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.capture_fields import site_of
from leads.models import TrackedSite
from leads.services.forms import BAD_SITE, refuse_others
from smarketing.errors import BadInput

NO_SITE = _("Name at least one address of the site.")


def add_site(
    name: str, origins: Sequence[str], *, asks_consent: bool, actor: User, at: datetime
) -> TrackedSite:
    """Keep a site; its snippet may tell of visits from now on.

    Raises NotAllowed for whoever is not of Marketing or a manager, BadInput by field.
    """
    refuse_others(actor)
    told = [line.strip() for line in origins if line.strip()]
    bad = [line for line in told if not site_of(line)]
    if bad or not told:
        message = BAD_SITE % {"site": bad[0][:80]} if bad else NO_SITE
        raise BadInput(message, fields={"origins": [message]})
    return TrackedSite.objects.create(
        name=name.strip(),
        origins=list(dict.fromkeys(site_of(line) for line in told)),
        asks_consent=asks_consent,
        token=secrets.token_urlsafe(24),
        created_by=actor,
        created_at=at,
    )


def use_site(site: TrackedSite, *, in_use: bool, actor: User) -> None:
    """Count visits of a site, or no longer; what was counted stays."""
    refuse_others(actor)
    TrackedSite.objects.filter(pk=site.pk).update(is_active=in_use)
