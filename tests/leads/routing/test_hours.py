"""A pool that minds working hours passes over who rests, while somebody else of it is at work."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads.services.placing import place_new_mqls
from tests.conftest import AT
from tests.factories import BusinessCalendarFactory
from tests.leads.records import lead_at
from tests.leads.routing.pools import pool_of, reps, rule_for

pytestmark = pytest.mark.django_db
EVENING = AT + timedelta(hours=8)  # 19:00 in Rome, 13:00 in New York


@pytest.fixture
def people(sales):
    bruno, greta = reps(sales, "bruno", "greta")
    greta.calendar = BusinessCalendarFactory(zone="America/New_York")
    greta.save(update_fields=["calendar"])
    return bruno, greta


@pytest.mark.parametrize(
    ("minds", "at", "first"),
    [
        (True, AT, "bruno"),  # 11:00 in Rome, 05:00 in New York
        (True, EVENING, "greta"),
        (False, EVENING, "bruno"),
        (True, AT + timedelta(days=4), "bruno"),  # a Saturday: nobody works, all may get it
    ],
    ids=["his hours", "her hours", "does not mind", "nobody at work"],
)
def test_hours_count_where_the_pool_says_so(minds, at, first, people):
    rule_for(pool_of(*people, in_working_hours=minds))
    (row,) = place_new_mqls([lead_at(email="p@x.example")], actor=None, at=at)
    assert row.owner.email == f"{first}@acme.test"


def test_who_rests_is_named(people):
    rule_for(pool_of(*people, in_working_hours=True))
    (row,) = place_new_mqls([lead_at(email="p@x.example")], actor=None, at=EVENING)
    assert [(one["name"], one["why"]) for one in row.why["skipped"]] == [("Bruno", "off_hours")]


@pytest.mark.parametrize(("minutes", "at_work"), [(-1, True), (0, False)])
def test_a_closing_no_longer_counts_as_work(minutes, at_work, people):
    bruno, greta = people
    rule_for(pool_of(*people, in_working_hours=True))
    closing = AT + timedelta(hours=6, minutes=minutes)  # 17:00 in Rome; New York is open
    (row,) = place_new_mqls([lead_at(email="p@x.example")], actor=None, at=closing)
    assert row.owner_id == (bruno if at_work else greta).pk
