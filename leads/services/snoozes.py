"""Hiding leads from one reader's inbox for a while. No clock, owner or colleague notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.models import Lead, Snooze
from leads.rules import decides_on_leads
from leads.services.next_steps import check_text
from smarketing.errors import BadInput, NotAllowed

LONGEST = timedelta(days=90)


def snooze_leads(
    leads: Sequence[Lead], until: datetime, *, actor: User, at: datetime, reason: str
) -> None:
    """Hide `leads` from the actor's inbox until `until`; a second time replaces the first.

    Raises BadInput without a reason, for an instant past or further than 90 days away.
    """
    if not decides_on_leads(standing(actor)):
        raise NotAllowed(_("Working on leads is for Marketing and Sales."))
    told = check_text(reason)
    wrong: dict[str, list[object]] = {}
    if not told:
        wrong["reason"] = [_("Say why.")]
    if not at < until <= at + LONGEST:
        wrong["until"] = [_("Choose a time within the next 90 days.")]
    if wrong:
        raise BadInput(_("This cannot be snoozed."), fields=wrong)
    Snooze.objects.bulk_create(
        [Snooze(lead=lead, user=actor, until=until, reason=told) for lead in leads],
        update_conflicts=True,
        unique_fields=["user", "lead"],
        update_fields=["until", "reason"],
    )


def unsnooze_leads(leads: Sequence[Lead], *, actor: User) -> int:
    """Show `leads` in the actor's inbox again; return how many were hidden."""
    with transaction.atomic():
        gone, _models = Snooze.objects.filter(lead__in=leads, user=actor).delete()
    return gone
