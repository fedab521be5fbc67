"""The renewal check: a reminder before it is due, and the word that the agreement still holds."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.notices import notify
from sla.enums import AgreementState
from sla.models import Agreement
from sla.renewal import renewal_of
from sla.selectors.parties import parties
from sla.services.holding import hold_version, hold_writer
from smarketing.errors import Refused

RENEWAL = "agreement.renewal"
NOT_IN_FORCE = _("Only the version in force is looked at again.")


def confirm_renewal(version: Agreement, *, actor: User | None, at: datetime) -> Agreement:
    """Say that the version in force still holds; the next look is due a rhythm later."""
    hold_writer(actor)
    with transaction.atomic():
        held = hold_version(version.pk)
        if not held.in_force:
            raise Refused(NOT_IN_FORCE, code="not_in_force")
        held.renewal_checked_at = at
        held.save(update_fields=["renewal_checked_at"])
    return held


def remind_of_renewal(*, at: datetime) -> int:
    """Tell both heads once, a week before the look is due; return how many looks are near."""
    version = Agreement.objects.filter(state=AgreementState.IN_FORCE).first()
    renewal = renewal_of(version, at) if version is not None else None
    if version is None or renewal is None or not renewal.is_near:
        return 0
    heads = [party.team.head for party in parties() if party.team and party.team.head]
    notify(
        heads,
        RENEWAL,
        {"number": version.number},
        at=at,
        url=reverse("agreement"),
        dedupe_key=f"agreement-renewal:{version.pk}:{renewal.due_at:%Y-%m-%d}",
    )
    return 1
