"""The pages of calendars: who may open them, what they save and what they refuse."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role, TeamKind
from accounts.models import BusinessCalendar, Organisation, Team, User
from tests.accounts.calendar_pages import (
    HOLIDAYS,
    LIST,
    NEW,
    NO_WINDOW,
    PREVIEW,
    TYPED,
    page,
    signed_in,
    stored,
    text_of,
)
from tests.factories import BusinessCalendarFactory, TeamFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_tuesday")]

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
    # people that use it; the agreement, open clocks, the last change, and the stored calendar with
    # its exceptions to be compared with.
    with django_assert_num_queries(14):
        client.get(page(own))
