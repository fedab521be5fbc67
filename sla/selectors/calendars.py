"""Pure calendars by id, remembered while their rows stay as they were."""

from __future__ import annotations

from functools import lru_cache

from accounts.business_time import BusinessTime
from accounts.models import BusinessCalendar
from accounts.selectors.calendars import business_time_of

REMEMBERED = 256


@lru_cache(maxsize=REMEMBERED)
def calendar_at(calendar_id: int, stamp: str) -> BusinessTime:
    """Return the calendar whose row carries `stamp`; two statements, then none while it does.

    Resolving the windows of a year costs milliseconds, and a due instant needs them each time.
    """
    row = BusinessCalendar.objects.prefetch_related("exceptions").get(pk=calendar_id)
    return business_time_of(row)
