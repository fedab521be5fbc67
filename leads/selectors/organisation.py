"""What leads ask of the organisation: its currency and its zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.models import Organisation

USUAL_CURRENCY = "EUR"


def house_currency() -> str:
    """Return the organisation's currency, in which figures are told; one statement."""
    currency = Organisation.objects.values_list("currency", flat=True).first()
    return currency or USUAL_CURRENCY


def house_zone() -> str:
    """Return the name of the organisation's zone; one statement."""
    return Organisation.objects.values_list("zone", flat=True).first() or "UTC"


def house_day(at: datetime) -> date:
    """Return the day of `at` in the organisation's zone; one statement."""
    zone = Organisation.objects.values_list("zone", flat=True).first()
    return at.astimezone(ZoneInfo(zone or "UTC")).date()
