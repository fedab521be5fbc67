"""The organisation: there is always one."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import BusinessCalendar, Organisation

OFFICE_WEEK: dict[str, Any] = {str(day): [["09:00", "17:00"]] for day in range(1, 6)}
FIRST_NAME = "My organisation"
FIRST_CALENDAR = "Office hours"
FIRST_ZONE = "Europe/Rome"


def ensure_organisation() -> Organisation:
    """Return the organisation, making it with a Mon-Fri 9-17 week where there is none."""
    with transaction.atomic():
        known = Organisation.objects.select_related("calendar").first()
        if known is not None:
            return known
        calendar, _created = BusinessCalendar.objects.get_or_create(
            name=FIRST_CALENDAR, defaults={"zone": FIRST_ZONE, "weekly": OFFICE_WEEK}
        )
        return Organisation.objects.create(name=FIRST_NAME, zone=FIRST_ZONE, calendar=calendar)
