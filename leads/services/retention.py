"""What has been kept long enough goes: people without a trace, notices that were read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from accounts.rules import standing
from leads.models import Contact, RetentionSettings
from leads.retention import months_before
from leads.rules import keeps_person_data
from leads.selectors.retention import idle_people, retention_settings
from leads.services.erasing import erase_people
from smarketing.errors import NotAllowed

FIELDS = ("idle_months", "notice_months", "export_hours")
PEOPLE_AT_ONCE = 200
NOTICES_AT_ONCE = 2_000
LET_GO = "leads.let_go"


def save_retention(settings: RetentionSettings, *, actor: User) -> RetentionSettings:
    """Write how long data stay. Raises NotAllowed. What is due goes in the following night."""
    if not keeps_person_data(standing(actor)):
        raise NotAllowed(_("Your role does not include how long data stay."))
    values = {name: getattr(settings, name) for name in FIELDS}
    return RetentionSettings.objects.update_or_create(pk=1, defaults=values)[0]


def erase_idle(*, at: datetime, most: int = PEOPLE_AT_ONCE) -> int:
    """Erase people without a trace for as long as the settings say; return how many.

    Nobody where the settings keep without end. Those whom somebody works on at this moment are
    passed over, and who left a trace meanwhile stays. Run again until it is 0; safe beside itself.
    """
    months = retention_settings().idle_months
    if months is None:
        return 0
    since = months_before(at, months)
    with transaction.atomic():
        # A touch or a lead that is being written holds the contact: it is passed over.
        rows = Contact.objects.select_for_update(of=("self",), skip_locked=True)
        free = rows.filter(pk__in=idle_people(since, most=most)).order_by("id")
        held = list(free.values_list("pk", flat=True))
        ids = idle_people(since, most=most, among=held) if held else []
        if ids:
            reason = _("Without a trace for %(n)d months") % {"n": months}
            erase_people(ids, actor=None, reason=reason, at=at)
    return len(ids)


def remove_read_notices(*, at: datetime, most: int = NOTICES_AT_ONCE) -> int:
    """Remove notices read longer ago than the settings say; return how many. Run until it is 0."""
    months = retention_settings().notice_months
    if months is None:
        return 0
    read = Notice.objects.filter(read_at__lt=months_before(at, months)).order_by("id")
    with transaction.atomic():
        rows = read.select_for_update(of=("self",), skip_locked=True)
        ids = list(rows.values_list("pk", flat=True)[:most])
        Notice.objects.filter(pk__in=ids).delete()
    return len(ids)
