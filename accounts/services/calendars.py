"""Business calendars as written: refused as a whole when one part cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.business_time import (
    FIRST_YEAR,
    LAST_YEAR,
    BusinessTime,
    BusinessTimeError,
    Week,
    Windows,
    format_windows,
    zone_named,
)
from accounts.models import BusinessCalendar, CalendarException, Team
from accounts.public_holidays import PublicHolidays, countries, subdivisions
from accounts.signals import calendars_changed
from smarketing.errors import BadInput, Refused


@dataclass(frozen=True)
class ExceptionDay:
    """What one date has instead of its usual hours; no windows: closed."""

    windows: Windows = ()
    note: str = ""


@dataclass(frozen=True)
class CalendarDraft:
    """A calendar as somebody wants it."""

    name: str
    zone: str
    week: Week
    always_open: bool = False
    holiday_country: str = ""
    holiday_subdivision: str = ""
    exceptions: Mapping[date, ExceptionDay] = field(default_factory=dict)

    def business_time(self) -> BusinessTime:
        """The pure calendar it would be; raises BusinessTimeError as that does."""
        return BusinessTime(
            zone=zone_named(self.zone),
            week=self.week,
            exceptions={day: exception.windows for day, exception in self.exceptions.items()},
            holidays=PublicHolidays(self.holiday_country, self.holiday_subdivision),
            always_open=self.always_open,
        )


def create_calendar(
    draft: CalendarDraft, *, at: datetime, team: Team | None = None
) -> BusinessCalendar:
    """Store a calendar and, when a team is given, let that team work by it from now on.

    Raises BadInput, with a reason per field, and stores nothing.
    """
    _check(draft)
    with transaction.atomic():
        calendar = _save(BusinessCalendar(), draft)
        _write_exceptions(calendar, draft)
        if team is not None:
            Team.objects.filter(pk=team.pk).update(calendar=calendar)
            _tell({calendar.pk}, at)
    return calendar


def update_calendar(
    calendar: BusinessCalendar, draft: CalendarDraft, *, at: datetime
) -> BusinessCalendar:
    """Store the draft as the calendar, its exceptions included; tells `calendars_changed`.

    Raises BadInput, with a reason per field, and changes nothing.
    """
    _check(draft)
    with transaction.atomic():
        locked = BusinessCalendar.objects.select_for_update().get(pk=calendar.pk)
        _save(locked, draft)
        _write_exceptions(locked, draft)
        _tell({locked.pk}, at)
    return locked


def delete_calendar(calendar: BusinessCalendar) -> None:
    """Delete a calendar by which nobody works; raises Refused otherwise, and deletes nothing."""
    try:
        with transaction.atomic():
            BusinessCalendar.objects.get(pk=calendar.pk).delete()
    except ProtectedError:
        raise Refused(_("Somebody works by this calendar; give them another one first.")) from None


def _tell(calendar_ids: set[int], at: datetime) -> None:
    calendars_changed.send(sender=BusinessCalendar, calendar_ids=calendar_ids, at=at)


def _check(draft: CalendarDraft) -> None:
    fields: dict[str, list[Any]] = {}
    if not draft.name.strip():
        fields["name"] = [_("Give the calendar a name.")]
    try:
        zone_named(draft.zone)
    except BusinessTimeError:
        fields["zone"] = [_("There is no such time zone.")]
    if not draft.always_open and draft.week.is_closed:
        fields["week"] = [_("Open at least one window in the week, or choose round the clock.")]
    fields |= _unknown_region(draft)
    if any(not FIRST_YEAR <= day.year <= LAST_YEAR for day in draft.exceptions):
        fields["exceptions"] = [
            _("Dates lie between the years %(first)s and %(last)s.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        ]
    if fields:
        raise BadInput(_("The calendar was not saved."), fields=fields)


def _unknown_region(draft: CalendarDraft) -> dict[str, list[Any]]:
    country, region = draft.holiday_country, draft.holiday_subdivision
    if country and country not in countries():
        return {"holiday_country": [_("The public holidays of this country are not known.")]}
    if region and region not in subdivisions(country):
        return {"holiday_subdivision": [_("This region does not belong to the country.")]}
    return {}


def _save(calendar: BusinessCalendar, draft: CalendarDraft) -> BusinessCalendar:
    calendar.name = draft.name.strip()
    calendar.zone = draft.zone
    calendar.always_open = draft.always_open
    calendar.weekly = draft.week.to_json()
    calendar.holiday_country = draft.holiday_country
    calendar.holiday_subdivision = draft.holiday_subdivision
    try:
        with transaction.atomic():
            calendar.save()
    except IntegrityError as error:
        if "name" not in str(error):
            raise
        taken = {"name": [_("Another calendar has this name.")]}
        raise BadInput(_("The calendar was not saved."), fields=taken) from None
    return calendar


def _write_exceptions(calendar: BusinessCalendar, draft: CalendarDraft) -> None:
    """Bring the stored exceptions to the drafted ones; rows that stay the same are not touched."""
    calendar.exceptions.exclude(on__in=list(draft.exceptions)).delete()
    known = {row.on: row for row in calendar.exceptions.all()}
    wanted = [
        CalendarException(
            calendar=calendar,
            on=day,
            windows=format_windows(exception.windows),
            note=exception.note,
        )
        for day, exception in sorted(draft.exceptions.items())
    ]
    changed = [row for row in wanted if row.on not in known or _differ(row, known[row.on])]
    CalendarException.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["calendar", "on"],
        update_fields=["windows", "note"],
    )


def _differ(one: CalendarException, other: CalendarException) -> bool:
    return (one.windows, one.note) != (other.windows, other.note)
