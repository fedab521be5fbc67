"""A calendar changes: only what is open and not yet past due moves, each move is logged, and the
whole can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.models import BusinessCalendar, CalendarException
from accounts.selectors.calendars import business_time_of
from leads.services.decisions import By, accept_leads
from sla.enums import DueChangeCause
from sla.models import Clock, DueChange, Recalculation
from sla.services.breaching import note_breaches
from sla.services.recalculating import (
    preview_recalculation,
    recalculate,
    undo_recalculation,
)
from smarketing.errors import Refused
from tests.conftest import AT
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import DUE, HOUR, TICK, fresh_mql, only_clock

pytestmark = pytest.mark.django_db
# With the afternoon of Tuesday off, four hours from 11:00 end on Wednesday at 12:00 in Rome.
LATER = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)


@pytest.fixture
def clock(rep, marketer):
    in_force(promise())
    return only_clock(fresh_mql(marketer, rep))


def change(calendar: BusinessCalendar) -> Recalculation:
    """Close the afternoon of that Tuesday, and ask for what follows."""
    CalendarException.objects.create(
        calendar=calendar, on=AT.date(), windows=[["09:00", "12:00"]], note="Strike"
    )
    return Recalculation.objects.create(calendar=calendar, asked_at=AT)


def test_an_open_clock_moves_and_tells_from_what_to_what(clock):
    asked = change(clock.calendar)
    wanted = business_time_of(BusinessCalendar.objects.get(pk=clock.calendar_id))
    would = preview_recalculation(clock.calendar_id, wanted, at=AT + HOUR, few=5)
    assert [(one.clock_id, one.dates.due_at) for one in would.soonest] == [(clock.pk, LATER)]
    assert would.count == 1
    assert recalculate(asked.pk, at=AT + HOUR) == 1
    clock.refresh_from_db()
    assert clock.due_at == LATER
    clock.lead.refresh_from_db()
    assert clock.lead.next_due_at == LATER
    (logged,) = DueChange.objects.values_list("cause", "batch", "was_due_at", "due_at")
    assert logged == (DueChangeCause.CALENDAR, asked.batch, DUE, LATER)
    assert recalculate(asked.pk, at=AT + HOUR) == 0


@pytest.mark.parametrize(("at", "moves"), [(DUE, 1), (DUE + TICK, 0)])
def test_what_is_past_due_stays_judged(clock, at, moves):
    asked = change(clock.calendar)
    assert recalculate(asked.pk, at=at) == moves
    assert note_breaches(at=DUE + TICK) == 1 - moves


def test_what_has_ended_stays_judged(clock, rep):
    accept_leads([clock.lead_id], by=By(actor=rep), at=AT + HOUR)
    before = Clock.objects.values().get()
    assert recalculate(change(clock.calendar).pk, at=AT + HOUR) == 0
    assert Clock.objects.values().get() == before


def test_it_is_taken_back_once(clock, administrator):
    asked = change(clock.calendar)
    with pytest.raises(Refused):
        undo_recalculation(asked.pk, actor=administrator, at=AT)
    recalculate(asked.pk, at=AT + HOUR)
    assert undo_recalculation(asked.pk, actor=administrator, at=AT + HOUR) == 1
    clock.refresh_from_db()
    assert (clock.due_at, clock.risk_at) == (DUE, AT + 3 * HOUR)
    clock.lead.refresh_from_db()
    assert clock.lead.next_due_at == DUE
    with pytest.raises(Refused):
        undo_recalculation(asked.pk, actor=administrator, at=AT + HOUR)


def test_many_cost_what_one_costs(rep, marketer, django_assert_num_queries):
    in_force(promise())
    for n in range(3):
        clock = only_clock(fresh_mql(marketer, rep, f"{n}@acme.example"))
    asked = change(clock.calendar)
    with django_assert_num_queries(9):
        assert recalculate(asked.pk, at=AT + HOUR) == 3
