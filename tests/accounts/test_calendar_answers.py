"""The live parts of the calendar page: the preview, the holidays, the order of the week."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from accounts.enums import FirstDay
from accounts.models import BusinessCalendar, User
from tests.accounts.calendar_pages import HOLIDAYS, PREVIEW, TYPED, page, signed_in, stored, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_tuesday")]


def answers(client: Client, **typed: str) -> list[str]:
    """The instants that the preview names, as a reader in Rome sees them."""
    response = client.post(PREVIEW, TYPED | typed)
    assert response.status_code == 200
    shown = response.context["preview"]
    if shown is None:
        return ["no open window" for _ in [response] if "No open window yet" in text_of(response)]
    instants = (shown.next_opening_at, shown.one_hour_at, shown.second_day_at)
    return ["–" if at is None else f"{at:%m-%d %H:%M}" for at in instants]


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
