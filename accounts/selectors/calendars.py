"""Business calendars as read: whose working time it is, and the pure calendar that counts it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.business_time import BusinessTime, Week, parse_windows, zone_named
from accounts.models import (
    BusinessCalendar,
    CalendarException,
    Membership,
    Organisation,
    Team,
    User,
)
from accounts.public_holidays import PublicHolidays


def business_time_of(calendar: BusinessCalendar) -> BusinessTime:
    """The pure calendar of a stored one; one query for its exceptions unless prefetched.

    Raises BusinessTimeError when it has no open window, which the services refuse to store.
    """
    return BusinessTime(
        zone=zone_named(calendar.zone),
        week=Week.from_json(calendar.weekly),
        exceptions={row.on: parse_windows(row.windows) for row in calendar.exceptions.all()},
        holidays=PublicHolidays(calendar.holiday_country, calendar.holiday_subdivision),
        always_open=calendar.always_open,
    )


def business_times_of_people(user_ids: Iterable[int]) -> dict[int, BusinessTime]:
    """The working time of each person: his own, else his team's, else the organisation's.

    Of several teams with a calendar the one he joined first counts. People of one calendar share
    one object. Three queries, however many people.
    """
    return _business_times(_calendar_ids_of_people(user_ids))


def _calendar_ids_of_people(user_ids: Iterable[int]) -> dict[int, int]:
    team_calendar = (
        Membership.objects.filter(user=OuterRef("pk"), team__calendar__isnull=False)
        .order_by("pk")
        .values("team__calendar")[:1]
    )
    return dict(
        User.objects.filter(pk__in=list(user_ids))
        .annotate(resolved=_first("calendar", Subquery(team_calendar), _of_organisation()))
        .values_list("pk", "resolved")
    )


def calendar_of_person(user: User) -> BusinessCalendar:
    """The stored calendar by which a person works; see `business_times_of_people`."""
    return BusinessCalendar.objects.get(pk=_calendar_ids_of_people([user.pk])[user.pk])


def business_times_of_teams(team_ids: Iterable[int]) -> dict[int, BusinessTime]:
    """The working time of each team: its own, else the organisation's. Three queries."""
    calendar_ids = dict(
        Team.objects.filter(pk__in=list(team_ids))
        .annotate(resolved=_first("calendar", _of_organisation()))
        .values_list("pk", "resolved")
    )
    return _business_times(calendar_ids)


def business_time_of_person(user: User) -> BusinessTime:
    """The working time of one person; see `business_times_of_people`."""
    return business_times_of_people([user.pk])[user.pk]


def business_time_of_team(team: Team) -> BusinessTime:
    """The working time of one team; see `business_times_of_teams`."""
    return business_times_of_teams([team.pk])[team.pk]


def business_time_of_organisation() -> BusinessTime:
    """The working time of the house, for whatever no person and no team answers for."""
    return business_time_of(Organisation.objects.select_related("calendar").get().calendar)


def _first(*keys: Any) -> Coalesce:
    return Coalesce(*keys, output_field=BigIntegerField())


def _of_organisation() -> Subquery:
    return Subquery(Organisation.objects.values("calendar")[:1])


def _business_times(calendar_ids: Mapping[int, int]) -> dict[int, BusinessTime]:
    rows = BusinessCalendar.objects.prefetch_related("exceptions").in_bulk(
        list(set(calendar_ids.values()))
    )
    known = {pk: business_time_of(calendar) for pk, calendar in rows.items()}
    return {owner: known[calendar] for owner, calendar in calendar_ids.items()}


@dataclass
class CalendarUse:
    """Who works by a calendar."""

    by_organisation: bool = False
    teams: list[Team] = field(default_factory=list)
    people: int = 0

    @property
    def is_used(self) -> bool:
        """Whether anyone works by it."""
        return self.by_organisation or bool(self.teams) or self.people > 0


def calendars() -> QuerySet[BusinessCalendar]:
    """All calendars by name, their exceptions read along: two queries."""
    return BusinessCalendar.objects.prefetch_related(
        Prefetch("exceptions", CalendarException.objects.order_by("on"))
    )


def calendar_uses() -> dict[int, CalendarUse]:
    """Who works by which calendar, people counted only when active. Three queries."""
    uses: dict[int, CalendarUse] = {}
    for pk in Organisation.objects.values_list("calendar", flat=True):
        uses.setdefault(pk, CalendarUse()).by_organisation = True
    for team in Team.objects.filter(calendar__isnull=False):
        uses.setdefault(team.calendar_id or 0, CalendarUse()).teams.append(team)
    people = (
        User.objects.active()
        .filter(calendar__isnull=False)
        .values_list("calendar")
        .annotate(Count("pk"))
        .order_by()
    )
    for pk, number in people:
        uses.setdefault(pk, CalendarUse()).people = number
    return uses
