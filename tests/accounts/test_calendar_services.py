"""Calendars are stored whole or not at all; whose working time counts is resolved in steps."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.business_time import Week, Window
from accounts.enums import Role
from accounts.models import BusinessCalendar, Organisation, Team, User
from accounts.selectors.calendars import (
    business_time_of,
    business_time_of_organisation,
    business_time_of_person,
    business_time_of_team,
    business_times_of_people,
    business_times_of_teams,
    calendar_uses,
)
from accounts.services.calendars import (
    CalendarDraft,
    ExceptionDay,
    create_calendar,
    update_calendar,
)
from accounts.signals import calendars_changed
from smarketing.errors import BadInput
from tests.factories import BusinessCalendarFactory, member

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")
MORNINGS = Week.of({day: [(8 * 60, 12 * 60)] for day in range(1, 6)})
DRAFT = CalendarDraft(
    name="Mornings",
    zone="Europe/Rome",
    week=MORNINGS,
    holiday_country="IT",
    holiday_subdivision="RM",
    exceptions={
        date(2026, 8, 14): ExceptionDay(note="Company day"),
        date(2026, 6, 2): ExceptionDay((Window(540, 600),)),
    },
)


@pytest.fixture
def told() -> Any:
    """What `calendars_changed` told."""
    heard: list[tuple[set[int], datetime]] = []

    def hear(sender: Any, calendar_ids: set[int], at: datetime, **_rest: Any) -> None:
        heard.append((calendar_ids, at))

    calendars_changed.connect(hear)
    yield heard
    calendars_changed.disconnect(hear)


def stored(calendar: BusinessCalendar) -> dict[str, Any]:
    fresh = BusinessCalendar.objects.get(pk=calendar.pk)
    fields = ("name", "zone", "always_open", "weekly", "holiday_country", "holiday_subdivision")
    rows = [(row.on, row.windows, row.note) for row in fresh.exceptions.all()]
    return {name: getattr(fresh, name) for name in fields} | {"exceptions": rows}


MORNINGS_STORED = {
    "name": "Mornings",
    "zone": "Europe/Rome",
    "always_open": False,
    "weekly": {str(day): [["08:00", "12:00"]] for day in range(1, 6)},
    "holiday_country": "IT",
    "holiday_subdivision": "RM",
    "exceptions": [
        (date(2026, 6, 2), [["09:00", "10:00"]], ""),
        (date(2026, 8, 14), [], "Company day"),
    ],
}


def test_a_calendar_is_stored_whole_and_read_back_as_pure_time() -> None:
    calendar = create_calendar(DRAFT, at=AT)
    assert stored(calendar) == MORNINGS_STORED
    assert business_time_of(calendar) == DRAFT.business_time()
    monday = datetime(2026, 6, 1, 11, 0, tzinfo=ROME)
    # One hour on Monday, one on the holiday of 2 June that is worked, two on Wednesday.
    due = business_time_of(calendar).add(monday, timedelta(hours=4))
    assert due == datetime(2026, 6, 3, 10, 0, tzinfo=ROME)


def test_a_calendar_made_for_a_team_is_its_working_time(sales: Team, told: list[Any]) -> None:
    calendar = create_calendar(DRAFT, at=AT, team=sales)
    sales.refresh_from_db()
    assert sales.calendar == calendar
    assert told == [({calendar.pk}, AT)]


def test_a_calendar_that_nobody_uses_yet_tells_nothing(told: list[Any]) -> None:
    create_calendar(DRAFT, at=AT)
    assert told == []


def test_an_update_replaces_everything_and_tells_it(told: list[Any]) -> None:
    calendar = create_calendar(DRAFT, at=AT)
    kept = calendar.exceptions.get(on=date(2026, 8, 14)).pk
    changed = replace(
        DRAFT,
        name=" Around the clock ",
        zone="UTC",
        week=Week(),
        always_open=True,
        holiday_country="",
        holiday_subdivision="",
        exceptions={
            date(2026, 8, 14): ExceptionDay(note="Company day"),
            date(2026, 12, 24): ExceptionDay((Window(540, 720),), "Short"),
        },
    )
    update_calendar(calendar, changed, at=AT)
    assert stored(calendar) == {
        "name": "Around the clock",
        "zone": "UTC",
        "always_open": True,
        "weekly": {},
        "holiday_country": "",
        "holiday_subdivision": "",
        "exceptions": [
            (date(2026, 8, 14), [], "Company day"),
            (date(2026, 12, 24), [["09:00", "12:00"]], "Short"),
        ],
    }
    assert calendar.exceptions.get(on=date(2026, 8, 14)).pk == kept
    assert told == [({calendar.pk}, AT)]


def test_an_exception_can_change_its_hours() -> None:
    calendar = create_calendar(DRAFT, at=AT)
    day = date(2026, 8, 14)
    update_calendar(
        calendar, replace(DRAFT, exceptions={day: ExceptionDay((Window(0, 60),), "x")}), at=AT
    )
    assert stored(calendar)["exceptions"] == [(day, [["00:00", "01:00"]], "x")]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (
            {"week": Week()},
            {"week": ["Open at least one window in the week, or choose round the clock."]},
        ),
        ({"name": "  "}, {"name": ["Give the calendar a name."]}),
        ({"zone": "Mars/Olympus"}, {"zone": ["There is no such time zone."]}),
        (
            {"holiday_country": "XX", "holiday_subdivision": ""},
            {"holiday_country": ["The public holidays of this country are not known."]},
        ),
        (
            {"holiday_subdivision": "XX"},
            {"holiday_subdivision": ["This region does not belong to the country."]},
        ),
        (
            {"exceptions": {date(9999, 1, 1): ExceptionDay()}},
            {"exceptions": ["Dates lie between the years 1970 and 2199."]},
        ),
        ({"name": "Taken"}, {"name": ["Another calendar has this name."]}),
    ],
)
def test_a_refused_draft_changes_nothing(
    change: dict[str, Any], fields: dict[str, Any], told: list[Any]
) -> None:
    BusinessCalendarFactory(name="Taken")
    calendar = create_calendar(DRAFT, at=AT)
    number = BusinessCalendar.objects.count()
    refused = replace(DRAFT, **change)
    with pytest.raises(BadInput) as caught:
        update_calendar(calendar, refused, at=AT)
    assert caught.value.fields == fields
    with pytest.raises(BadInput) as caught:
        create_calendar(replace(refused, name=change.get("name", "Other")), at=AT)
    assert caught.value.fields == fields
    assert stored(calendar) == MORNINGS_STORED
    assert BusinessCalendar.objects.count() == number
    assert told == []


def test_a_person_works_by_his_own_else_his_teams_else_the_organisations(
    organisation: Organisation, sales: Team, rep: User
) -> None:
    office = business_time_of(organisation.calendar)
    assert business_time_of_person(rep) == office
    sales.calendar = create_calendar(replace(DRAFT, name="Team"), at=AT)
    sales.save()
    assert business_time_of_person(rep) == DRAFT.business_time()
    rep.calendar = create_calendar(replace(DRAFT, name="Own", zone="UTC"), at=AT)
    rep.save()
    assert business_time_of_person(rep).zone == ZoneInfo("UTC")
    assert business_time_of_organisation() == office


def test_of_two_teams_the_one_joined_first_counts(sales: Team, marketing: Team, rep: User) -> None:
    marketing.calendar = create_calendar(replace(DRAFT, name="Late", zone="UTC"), at=AT)
    marketing.save()
    rep.memberships.create(team=marketing, role=Role.MANAGER)
    assert business_time_of_person(rep).zone == ZoneInfo("UTC")
    sales.calendar = create_calendar(DRAFT, at=AT)
    sales.save()
    assert business_time_of_person(rep) == DRAFT.business_time()


def test_a_facilitator_of_no_team_works_as_the_organisation(facilitator: User) -> None:
    assert business_time_of_person(facilitator) == business_time_of_organisation()


def test_a_team_works_by_its_own_else_the_organisations(sales: Team, marketing: Team) -> None:
    sales.calendar = create_calendar(DRAFT, at=AT)
    sales.save()
    assert business_time_of_team(sales) == DRAFT.business_time()
    assert business_time_of_team(marketing) == business_time_of_organisation()


@pytest.mark.parametrize("number", [1, 3])
def test_any_number_of_people_takes_three_queries(
    sales: Team, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sales.calendar = create_calendar(DRAFT, at=AT)
    sales.save()
    people = [member(f"rep{n}@acme.test", Role.REP, team=sales) for n in range(number)]
    with django_assert_num_queries(3):
        times = business_times_of_people([user.pk for user in people])
    assert times == {user.pk: DRAFT.business_time() for user in people}
    assert len({id(time) for time in times.values()}) == 1
    with django_assert_num_queries(3):
        assert business_times_of_teams([sales.pk]) == {sales.pk: DRAFT.business_time()}


def test_uses_say_who_works_by_a_calendar(
    organisation: Organisation, sales: Team, rep: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    own = create_calendar(DRAFT, at=AT, team=sales)
    rep.calendar = own
    rep.save()
    member("gone@acme.test", calendar=own, is_active=False)
    idle = create_calendar(replace(DRAFT, name="Idle"), at=AT)
    with django_assert_num_queries(3):
        uses = calendar_uses()
    assert uses[organisation.calendar_id].by_organisation
    assert (uses[own.pk].teams, uses[own.pk].people) == ([sales], 1)
    assert idle.pk not in uses
