"""What figures ask of the organisation."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from accounts.models import Organisation
from leads.selectors.organisation import USUAL_CURRENCY
from reporting.asking import House


def reporting_house() -> House:
    """Return the organisation's zone and currency; one statement."""
    row = Organisation.objects.values_list("zone", "currency").first()
    zone, currency = row or ("UTC", USUAL_CURRENCY)
    return House(ZoneInfo(zone), currency)
