"""What administrators and heads find on the Today page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from accounts.enums import TeamKind
from accounts.models import Team, User
from accounts.selectors.today import away, gaps
from tests.factories import TUESDAY, AbsenceFactory, TeamFactory, UserFactory


def test_gaps_are_missing_roots_heads_and_roles(
    administrator: User, manager_sales: User, newcomer: User, django_assert_num_queries: Any
) -> None:
    UserFactory(email="invited@acme.test", joined_at=None, invited_at=TUESDAY)
    UserFactory(email="left@acme.test", is_active=False)
    italy = TeamFactory(name="Italy", kind=TeamKind.SALES, parent=Team.objects.get(name="Sales"))
    with django_assert_num_queries(3):
        found = gaps(administrator, TUESDAY)
    assert found == {
        "sides_missing": [TeamKind.MARKETING],
        "headless": [italy],
        "roleless": [newcomer],
        "found": True,
    }


def test_nothing_is_to_be_set_up_where_all_is_there(
    administrator: User, manager_sales: User, manager_marketing: User
) -> None:
    assert not gaps(administrator, TUESDAY)["found"]


def test_a_head_sees_who_of_his_people_is_away_within_a_week(
    manager_sales: User, rep: User, marketer: User, django_assert_num_queries: Any
) -> None:
    spans = [((3, 1), (3, 9)), ((3, 10), (3, 11)), ((3, 17), (3, 20)), ((3, 21), (3, 22))]
    rows = [
        AbsenceFactory(user=rep, first_on=date(2026, *first), last_on=date(2026, *last))
        for first, last in spans
    ]
    AbsenceFactory(user=marketer, first_on=date(2026, 3, 10), last_on=date(2026, 3, 11))
    manager_sales.refresh_from_db()
    away(manager_sales, TUESDAY)  # reads his standing, once a request
    with django_assert_num_queries(1):
        found = away(manager_sales, TUESDAY)
    assert (found["today"], found["absences"]) == (date(2026, 3, 10), rows[1:3])


def test_the_panels_stand_on_the_page(administrator: User, newcomer: User, client: Client) -> None:
    client.force_login(administrator)
    text = client.get("/").content.decode()
    assert "Gaia Longo has no role" in text
    assert "Marketing has no root team yet" in text
    assert "Everybody is here this week." in text
