"""What the tests of the calendar pages share: addresses, a form as typed, what is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from accounts.models import BusinessCalendar, User

# A Tuesday, 10:40 in Rome.
NOW = datetime(2026, 3, 3, 9, 40, tzinfo=UTC)
LIST, NEW = "/settings/calendars/", "/settings/calendars/new/"
PREVIEW, HOLIDAYS = "/settings/calendars/preview/", "/settings/calendars/holidays/"
NO_WINDOW = "Open at least one window in the week, or choose round the clock."
TYPED = {
    "name": "Mornings",
    "zone": "Europe/Rome",
    "day_1": "8-12",
    "day_2": "8-12:30",
    "day_3": "",
    "day_4": "",
    "day_5": "",
    "day_6": "",
    "day_7": "",
    "holiday_country": "IT",
    "holiday_subdivision": "RM",
    "exceptions-TOTAL_FORMS": "2",
    "exceptions-INITIAL_FORMS": "0",
    "exceptions-0-on": "2026-03-10",
    "exceptions-0-windows": "10-11",
    "exceptions-0-note": "Stocktaking",
    "exceptions-1-on": "",
    "exceptions-1-windows": "",
    "exceptions-1-note": "",
}


def page(calendar: BusinessCalendar) -> str:
    return f"/settings/calendars/{calendar.pk}/"


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def stored(calendar: BusinessCalendar) -> tuple[Any, ...]:
    fresh = BusinessCalendar.objects.get(pk=calendar.pk)
    rows = [(row.on, row.windows, row.note) for row in fresh.exceptions.all()]
    place = (fresh.holiday_country, fresh.holiday_subdivision)
    return fresh.name, fresh.zone, fresh.always_open, fresh.weekly, *place, rows


def text_of(response: Any) -> str:
    return str(response.content.decode())
