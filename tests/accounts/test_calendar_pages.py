"""The pages of calendars: who may open them, what they save, what they refuse, what they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.enums import FirstDay, Role, TeamKind
from accounts.models import BusinessCalendar, Organisation, Team, User
from tests.factories import BusinessCalendarFactory, TeamFactory, member

pytestmark = pytest.mark.django_db
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


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def own(sales: Team) -> BusinessCalendar:
    """The calendar by which Sales works, and nobody else."""
    calendar = BusinessCalendarFactory(name="Sales hours")
    sales.calendar = calendar
    sales.save()
    return calendar


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


MORNINGS = (
    "Mornings",
    "Europe/Rome",
    False,
    {"1": [["08:00", "12:00"]], "2": [["08:00", "12:30"]]},
    "IT",
    "RM",
    [(date(2026, 3, 10), [["10:00", "11:00"]], "Stocktaking")],
)


# --- rights


@pytest.mark.parametrize("url", [LIST, NEW, HOLIDAYS])
def test_a_visitor_signs_in_first(client: Client, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", ["rep", "marketer", "facilitator", "newcomer"])
@pytest.mark.parametrize("url", [LIST, NEW, HOLIDAYS])
def test_the_pages_are_not_for_everyone(
    client: Client, request: pytest.FixtureRequest, role: str, url: str
) -> None:
    user = request.getfixturevalue(role)
    assert signed_in(client, user).get(url).status_code == 403


def test_an_administrator_opens_every_calendar(
    client: Client, administrator: User, organisation: Organisation, own: BusinessCalendar
) -> None:
    signed_in(client, administrator)
    assert client.get(page(organisation.calendar)).status_code == 200
    assert client.get(page(own)).status_code == 200
    assert client.get("/settings/calendars/999999/").status_code == 404


def test_a_head_opens_the_calendar_of_his_team_and_of_teams_below(
    client: Client, manager_sales: User, own: BusinessCalendar, sales: Team
) -> None:
    below = BusinessCalendarFactory(name="North")
    TeamFactory(name="North", kind=TeamKind.SALES, parent=sales, calendar=below)
    signed_in(client, manager_sales)
    assert client.get(page(own)).status_code == 200
    assert client.get(page(below)).status_code == 200


@pytest.mark.parametrize("also", ["organisation", "another team", "another person", "nobody"])
def test_a_head_may_not_change_a_calendar_that_others_work_by(
    *,
    client: Client,
    manager_sales: User,
    organisation: Organisation,
    marketing: Team,
    own: BusinessCalendar,
    also: str,
) -> None:
    before = stored(own)
    if also == "organisation":
        organisation.calendar = own
        organisation.save()
    elif also == "another team":
        marketing.calendar = own
        marketing.save()
    elif also == "another person":
        member("alice@acme.test", Role.MARKETER, team=marketing, calendar=own)
    else:
        Team.objects.update(calendar=None)
    signed_in(client, manager_sales)
    assert client.get(page(own)).status_code == 403
    assert client.post(page(own), TYPED).status_code == 403
    assert stored(own) == before


def test_a_person_of_his_team_does_not_take_the_calendar_from_the_head(
    client: Client, manager_sales: User, rep: User, own: BusinessCalendar
) -> None:
    rep.calendar = own
    rep.save()
    assert signed_in(client, manager_sales).get(page(own)).status_code == 200


def test_a_post_without_its_token_is_refused(administrator: User, own: BusinessCalendar) -> None:
    client = signed_in(Client(enforce_csrf_checks=True), administrator)
    before = stored(own)
    assert [client.post(url, TYPED).status_code for url in (page(own), NEW, PREVIEW)] == [403] * 3
    assert stored(own) == before


# --- the list


def test_the_list_says_what_each_calendar_is_and_who_works_by_it(
    client: Client, administrator: User, organisation: Organisation, own: BusinessCalendar
) -> None:
    response = signed_in(client, administrator).get(LIST)
    rows = response.context["rows"]
    assert [(r["calendar"].name, r["is_editable"], r["use"].is_used) for r in rows] == [
        ("Office hours", True, True),
        ("Sales hours", True, True),
    ]
    text = response.content.decode()
    assert '<span class="nowrap">Mon–Fri 09:00–17:00</span>' in text
    assert "40 h a week" in text


def test_a_head_sees_all_calendars_and_which_are_his_to_change(
    client: Client, manager_sales: User, own: BusinessCalendar
) -> None:
    response = signed_in(client, manager_sales).get(LIST)
    rows = response.context["rows"]
    assert [(r["calendar"].name, r["is_editable"]) for r in rows] == [
        ("Office hours", False),
        ("Sales hours", True),
    ]
    assert f'href="{page(own)}"' in response.content.decode()
    assert response.content.decode().count("calendar-link") == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number(
    client: Client,
    administrator: User,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(number):
        calendar = BusinessCalendarFactory(name=f"C{n}", holiday_country="IT")
        calendar.exceptions.create(on=date(2026, 3, 10))
    signed_in(client, administrator).get(LIST)
    # Session, person, roles, teams headed, editable; organisation, teams and people that use them;
    # calendars, exceptions.
    with django_assert_num_queries(10):
        client.get(LIST)


# --- making and changing


def test_an_administrator_makes_a_calendar(client: Client, administrator: User) -> None:
    response = signed_in(client, administrator).post(NEW, TYPED)
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert stored(BusinessCalendar.objects.get(name="Mornings")) == MORNINGS


def test_a_refused_new_calendar_is_not_made(
    client: Client, administrator: User, organisation: Organisation
) -> None:
    typed = TYPED | {"name": "Office hours", "day_1": "", "day_2": ""}
    response = signed_in(client, administrator).post(NEW, typed)
    assert response.status_code == 422
    assert response.context["form"].week_errors == [("id_day_1", NO_WINDOW)]
    response = client.post(NEW, TYPED | {"name": "Office hours"})
    assert response.context["form"].errors == {"name": ["Another calendar has this name."]}
    assert list(BusinessCalendar.objects.all()) == [organisation.calendar]


def test_a_new_calendar_begins_with_office_hours_where_the_organisation_is(
    client: Client, administrator: User, organisation: Organisation
) -> None:
    organisation.zone = "America/New_York"
    organisation.save()
    form = signed_in(client, administrator).get(NEW).context["form"]
    assert form["zone"].value() == "America/New_York"
    assert [field.value() for field in form.days] == ["09:00–17:00"] * 5 + ["", ""]


def test_a_head_makes_a_calendar_for_his_team(
    client: Client, manager_sales: User, sales: Team, marketing: Team
) -> None:
    signed_in(client, manager_sales)
    for team in ("", str(marketing.pk)):
        assert client.post(NEW, TYPED | {"team": team}).status_code == 422
        assert not BusinessCalendar.objects.filter(name="Mornings").exists()
    assert client.post(NEW, TYPED | {"team": str(sales.pk)}).status_code == 302
    sales.refresh_from_db()
    marketing.refresh_from_db()
    assert (str(sales.calendar), marketing.calendar) == ("Mornings", None)


def test_a_calendar_is_changed_as_a_whole(
    client: Client, administrator: User, own: BusinessCalendar
) -> None:
    own.exceptions.create(on=date(2026, 8, 14))
    response = signed_in(client, administrator).post(page(own), TYPED)
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert stored(own) == MORNINGS


def test_an_exception_is_taken_away(
    client: Client, administrator: User, own: BusinessCalendar
) -> None:
    drop = {"exceptions-0-DELETE": "on", "exceptions-0-windows": "nonsense"}
    signed_in(client, administrator).post(page(own), TYPED | drop)
    assert stored(own) == (*MORNINGS[:-1], [])


def test_an_administrator_deletes_a_calendar_that_nobody_uses(
    client: Client, administrator: User
) -> None:
    idle = BusinessCalendarFactory(name="Idle")
    idle.exceptions.create(on=date(2026, 3, 10))
    signed_in(client, administrator)
    assert "Delete calendar" in text_of(client.get(page(idle)))
    response = client.post(f"{page(idle)}delete/")
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert not BusinessCalendar.objects.filter(pk=idle.pk).exists()
    assert client.post(f"{page(idle)}delete/").status_code == 404


def test_a_calendar_in_use_is_not_deleted(
    client: Client, administrator: User, organisation: Organisation, own: BusinessCalendar
) -> None:
    signed_in(client, administrator)
    for calendar in (own, organisation.calendar):
        assert "Delete calendar" not in text_of(client.get(page(calendar)))
        response = client.post(f"{page(calendar)}delete/", follow=True)
        assert "Somebody works by this calendar; give them another one first." in text_of(response)
        assert BusinessCalendar.objects.filter(pk=calendar.pk).exists()


def test_a_head_deletes_no_calendar(
    client: Client, manager_sales: User, own: BusinessCalendar
) -> None:
    before = stored(own)
    assert signed_in(client, manager_sales).post(f"{page(own)}delete/").status_code == 403
    assert stored(own) == before


def test_round_the_clock_needs_no_window(
    client: Client, administrator: User, own: BusinessCalendar
) -> None:
    closed = {f"day_{day}": "" for day in range(1, 8)}
    response = signed_in(client, administrator).post(
        page(own), TYPED | closed | {"always_open": "on"}
    )
    assert response.status_code == 302
    assert stored(own)[2:4] == (True, {})


@pytest.mark.parametrize(
    ("typed", "line", "reason"),
    [
        ({"day_1": "", "day_2": ""}, "id_day_1", NO_WINDOW),
        ({"day_2": "12-9"}, "id_day_2", "Tuesday: 12:00–09:00 must end after it starts."),
        (
            {"day_7": "soon"},
            "id_day_7",
            "Sunday: Write hours as 09:00–13:00, 14:00–18:00; soon is not readable.",
        ),
    ],
)
def test_a_refused_week_says_why_at_its_line_and_keeps_what_was_typed(
    *,
    client: Client,
    administrator: User,
    own: BusinessCalendar,
    typed: dict[str, str],
    line: str,
    reason: str,
) -> None:
    before = stored(own)
    response = signed_in(client, administrator).post(page(own), TYPED | typed)
    assert response.status_code == 422
    assert response.context["form"].week_errors == [(line, reason)]
    text = response.content.decode()
    assert f'id="{line}-error"' in text
    assert f'aria-describedby="week-help {line}-error"' in text
    assert 'value="Mornings"' in text
    assert 'value="Stocktaking"' in text
    for value in typed.values():
        assert not value or f'value="{value}"' in text
    assert stored(own) == before


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "Office hours"}, "name", "Another calendar has this name."),
        (
            {"zone": "Mars/Olympus"},
            "zone",
            "Select a valid choice. Mars/Olympus is not one of the available choices.",
        ),
        (
            {"holiday_country": "XX"},
            "holiday_country",
            "Select a valid choice. XX is not one of the available choices.",
        ),
    ],
)
def test_a_refused_field_says_why_and_nothing_changes(
    *,
    client: Client,
    administrator: User,
    own: BusinessCalendar,
    typed: dict[str, str],
    field: str,
    reason: str,
) -> None:
    before = stored(own)
    response = signed_in(client, administrator).post(page(own), TYPED | typed)
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [reason]
    assert stored(own) == before


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"exceptions-1-windows": "9-10"}, "on", "This field is required."),
        ({"exceptions-1-on": "2026-03-10"}, "on", "This date is already in the list."),
        ({"exceptions-1-on": "0001-01-01"}, "on", "Choose a year from 1970 to 2199."),
        ({"exceptions-1-on": "9999-12-31"}, "on", "Choose a year from 1970 to 2199."),
        ({"exceptions-1-on": "2026-02-31"}, "on", "Enter a valid date."),
        (
            {"exceptions-1-on": "2026-03-11", "exceptions-1-windows": "9-9"},
            "windows",
            "09:00–09:00 must end after it starts.",
        ),
    ],
)
def test_a_refused_exception_says_why_at_its_row(
    *,
    client: Client,
    administrator: User,
    own: BusinessCalendar,
    typed: dict[str, str],
    field: str,
    reason: str,
) -> None:
    before = stored(own)
    response = signed_in(client, administrator).post(page(own), TYPED | typed)
    assert response.status_code == 422
    assert response.context["exceptions"].forms[1].errors == {field: [reason]}
    assert stored(own) == before


def test_a_broken_count_of_rows_is_no_server_error(
    client: Client, administrator: User, own: BusinessCalendar
) -> None:
    before = stored(own)
    response = signed_in(client, administrator).post(
        page(own), TYPED | {"exceptions-TOTAL_FORMS": "many"}
    )
    assert response.status_code == 422
    assert stored(own) == before


def test_without_a_script_the_holidays_are_looked_at_without_saving(
    client: Client, administrator: User, own: BusinessCalendar
) -> None:
    before = stored(own)
    response = signed_in(client, administrator).post(page(own), TYPED | {"look": "1"})
    assert response.status_code == 200
    assert "Saints Peter and Paul" in response.content.decode()
    assert stored(own) == before


@pytest.mark.parametrize("number", [1, 3])
def test_the_form_takes_the_same_queries_for_any_number_of_exceptions(
    client: Client,
    administrator: User,
    own: BusinessCalendar,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(number):
        own.exceptions.create(on=date(2026, 3, 10 + n))
    signed_in(client, administrator).get(page(own))
    # Session, person, roles, teams headed; the calendar, its exceptions; organisation, teams and
    # people that use it.
    with django_assert_num_queries(9):
        client.get(page(own))


# --- the live parts


def answers(client: Client, **typed: str) -> list[str]:
    """The instants that the preview names, as a reader in Rome sees them."""
    response = client.post(PREVIEW, TYPED | typed)
    assert response.status_code == 200
    shown = response.context["preview"]
    if shown is None:
        return ["no open window" for _ in [response] if "No open window yet" in text_of(response)]
    instants = (shown.next_opening_at, shown.one_hour_at, shown.second_day_at)
    return ["–" if at is None else f"{at:%m-%d %H:%M}" for at in instants]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_the_preview_says_what_the_form_would_mean(client: Client, administrator: User) -> None:
    signed_in(client, administrator)
    # Tuesday 10:40 in Rome: open until 12:30, then Monday 8-12 and the exception of Tuesday 10-11.
    assert answers(client) == ["03-03 09:40", "03-03 10:40", "03-10 10:00"]
    assert answers(client, always_open="on") == ["03-03 09:40", "03-03 10:40", "03-05 23:00"]
    assert answers(client, day_2="8-11") == ["03-03 09:40", "03-09 07:40", "03-10 10:00"]
    assert answers(client, day_1="", day_2="", **{"exceptions-0-on": ""}) == ["no open window"]


def test_the_preview_shows_the_days_ahead_with_their_reasons(
    client: Client, administrator: User
) -> None:
    typed = TYPED | {"exceptions-1-on": "2026-03-04", "exceptions-1-windows": "9-10"}
    with time_machine.travel(datetime(2026, 6, 1, 8, 0, tzinfo=UTC), tick=False):
        days = signed_in(client, administrator).post(PREVIEW, typed).context["preview"].days
    assert [(d.day.day, d.windows, d.holiday, d.is_holiday) for d in days[:3]] == [
        (1, ((480, 720),), "", False),
        (2, (), "Republic Day", True),
        (3, (), "", False),
    ]


def test_the_preview_stores_nothing_and_survives_nonsense(
    client: Client, administrator: User, own: BusinessCalendar
) -> None:
    before = stored(own)
    signed_in(client, administrator)
    assert client.post(PREVIEW, {}).status_code == 200
    assert client.post(PREVIEW, {"zone": "x", "day_1": "\0", "exceptions-TOTAL_FORMS": "-1"}).status_code == 200  # fmt: skip  # noqa: E501
    assert client.get(PREVIEW).status_code == 405
    assert stored(own) == before


def test_holidays_are_shown_day_by_day_in_the_language_of_the_reader(
    client: Client, administrator: User
) -> None:
    administrator.language = "it"
    administrator.save()
    asked = {"holiday_country": "IT", "holiday_subdivision": "RM", "year": "2027"}
    response = signed_in(client, administrator).get(HOLIDAYS, asked)
    assert len(response.context["holidays"]) == 15
    text = text_of(response)
    assert "Epifania" in text
    assert 'value="2026"' in text
    assert 'value="2028"' in text


@pytest.mark.parametrize(
    ("asked", "year", "number"),
    [
        ({}, 2026, 0),
        ({"holiday_country": "IT"}, 2026, 13),
        ({"holiday_country": "IT", "year": "abc"}, 2026, 13),
        ({"holiday_country": "IT", "year": "9999"}, 2199, 0),
        ({"holiday_country": "IT", "year": "0001"}, 1970, 17),
        ({"holiday_country": "XX", "holiday_subdivision": "RM"}, 2026, 0),
        ({"holiday_country": "DE", "holiday_subdivision": "RM"}, 2026, 9),
    ],
)
def test_odd_questions_for_holidays_have_an_answer(
    client: Client, administrator: User, asked: dict[str, str], year: int, number: int
) -> None:
    response = signed_in(client, administrator).get(HOLIDAYS, asked)
    assert response.status_code == 200
    assert (response.context["year"], len(response.context["holidays"])) == (year, number)


def test_the_week_stands_in_the_order_of_its_reader(
    own: BusinessCalendar, administrator: User, client: Client
) -> None:
    administrator.first_day = FirstDay.SUNDAY
    administrator.save()
    text = signed_in(client, administrator).get(page(own)).content.decode()
    lines = re.findall(r'name="day_(\d)"[^>]*data-weekday="(\d)"', text)
    assert lines == [(day, day) for day in "7123456"]
    # From Tuesday on: the third column of a week that begins on Sunday.
    columns = re.findall(r"in-column-(\d)", text)
    assert columns == list("34567123456712")
