"""The breach pass and pauses: found without anybody looking, dated by the promise, noted once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from leads.enums import LifecycleStage
from leads.services.decisions import By, accept_leads
from sla.enums import ClockState, CommitmentKind, Outcome
from sla.models import Breach, Clock, DueChange, Pause
from sla.services.breaching import note_breaches
from sla.services.pausing import pause_clock, resume_clock, standing_of
from smarketing.errors import BadInput, Refused
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import DUE, HOUR, TICK, fresh_mql, only_clock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("now", "found"), [(DUE - TICK, 0), (DUE, 0), (DUE + TICK, 1)])
def test_a_clock_is_breached_strictly_after_its_due_instant(rep, marketer, now, found):
    in_force(promise())
    clock = only_clock(fresh_mql(marketer, rep))
    assert note_breaches(at=now) == found
    assert (
        list(Breach.objects.values_list("clock", "at", "noted_at"))
        == [(clock.pk, DUE, now)] * found
    )


def test_it_is_dated_at_due_however_late_it_is_found_and_noted_once(rep, marketer):
    in_force(promise())
    clock = only_clock(fresh_mql(marketer, rep))
    late = DUE + timedelta(days=3)
    assert [note_breaches(at=late), note_breaches(at=late + HOUR)] == [1, 0]
    clock.refresh_from_db()
    assert (clock.breached_at, clock.outcome) == (DUE, None)
    assert Breach.objects.get().noted_at == late
    accept_leads([clock.lead_id], by=By(actor=rep), at=late + HOUR)
    assert (only_clock(clock.lead).outcome, Breach.objects.count()) == (Outcome.MET_LATE, 1)


def test_a_batch_is_bounded_and_costs_one_statement(rep, marketer, django_assert_num_queries):
    in_force(promise())
    for n in range(3):
        fresh_mql(marketer, rep, f"{n}@acme.example")
    with django_assert_num_queries(3):  # savepoint and release around the one statement
        assert note_breaches(at=DUE + TICK, most=2) == 2
    assert note_breaches(at=DUE + TICK, most=2) == 1
    with django_assert_num_queries(3):
        assert note_breaches(at=DUE + TICK) == 0


def test_a_row_that_cannot_be_written_is_parked_alone(rep, marketer):
    in_force(promise())
    poisoned = only_clock(fresh_mql(marketer, rep, "a@acme.example"))
    other = only_clock(fresh_mql(marketer, rep, "b@acme.example"))
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE sla_breach ADD CONSTRAINT poison CHECK (clock_id <> %s)", [poisoned.pk]
        )
    assert note_breaches(at=DUE + TICK) == 2
    assert list(Breach.objects.values_list("clock", flat=True)) == [other.pk]
    poisoned.refresh_from_db()
    assert (poisoned.parked_at, poisoned.breached_at) == (DUE + TICK, None)
    assert "poison" in poisoned.trouble
    assert note_breaches(at=DUE + TICK) == 0


def test_a_pause_moves_due_by_just_the_business_time_held(rep, marketer):
    in_force(promise())
    clock = only_clock(fresh_mql(marketer, rep))
    # From Tuesday 12:00 to Wednesday 10:00 in Rome: five hours and one are open.
    until = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    pause_clock(clock.pk, reason="Waits for the fair", until=until, actor=rep, at=AT + HOUR)
    clock.refresh_from_db()
    assert clock.held == timedelta(hours=6)
    assert clock.due_at == datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    assert standing_of(clock, until - TICK) is ClockState.PAUSED
    assert standing_of(clock, until) is ClockState.RUNNING
    clock.lead.refresh_from_db()
    assert clock.lead.next_due_at == clock.due_at
    assert note_breaches(at=clock.due_at) == 0
    assert list(DueChange.objects.values_list("was_due_at", "due_at")) == [(DUE, clock.due_at)]


def test_going_on_early_counts_only_what_was_held(rep, marketer):
    in_force(promise())
    clock = only_clock(fresh_mql(marketer, rep))
    until = AT + timedelta(days=2)
    pause_clock(clock.pk, reason="Waits", until=until, actor=rep, at=AT + HOUR)
    resume_clock(clock.pk, actor=rep, at=AT + 2 * HOUR)
    clock.refresh_from_db()
    assert (clock.held, clock.due_at) == (HOUR, DUE + HOUR)
    assert standing_of(clock, AT + 2 * HOUR) is ClockState.RUNNING
    assert Pause.objects.get().ended_at == AT + 2 * HOUR


@pytest.mark.parametrize(
    ("asked", "at", "error"),
    [
        (("", AT + 2 * HOUR), AT + HOUR, BadInput),
        (("Why", AT + HOUR), AT + HOUR, BadInput),
        (("Why", AT + HOUR + timedelta(days=14) + TICK), AT + HOUR, BadInput),
        (("Why", DUE + 2 * HOUR), DUE + TICK, Refused),
    ],
)
def test_a_refused_pause_changes_nothing(rep, marketer, asked, at, error):
    in_force(promise())
    clock = only_clock(fresh_mql(marketer, rep))
    before = Clock.objects.values().get()
    reason, until = asked
    with pytest.raises(error):
        pause_clock(clock.pk, reason=reason, until=until, actor=rep, at=at)
    assert Clock.objects.values().get() == before
    assert (Pause.objects.count(), DueChange.objects.count()) == (0, 0)


def test_what_is_held_says_until_when_in_the_readers_time(rep, marketer):
    in_force(promise())
    clock = only_clock(fresh_mql(marketer, rep))
    pause_clock(clock.pk, reason="Away", until=AT + 2 * HOUR, actor=rep, at=AT + HOUR)
    before = Clock.objects.values().get()
    with timezone.override("Europe/Rome"), pytest.raises(Refused) as refusal:
        pause_clock(clock.pk, reason="Away", until=AT + 3 * HOUR, actor=rep, at=AT + HOUR)
    assert refusal.value.code == "already_held"
    assert str(refusal.value) == "This clock is held already, until 3 Mar 2026, 13:00."
    assert Clock.objects.values().get() == before


@pytest.mark.django_db(transaction=True)
def test_five_passes_at_once_note_each_breach_once(rep, marketer):
    in_force(promise(CommitmentKind.TIME_TO_DECIDE))
    for n in range(40):
        fresh_mql(marketer, rep, f"{n}@acme.example")
    noted: list[int] = []
    start = threading.Barrier(5)

    def run() -> None:
        try:
            start.wait(timeout=30)
            while done := note_breaches(at=DUE + TICK, most=3):
                noted.append(done)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (sum(noted), Breach.objects.count()) == (40, 40)
    assert set(Breach.objects.values_list("at", flat=True)) == {DUE}
    assert lead_at(LifecycleStage.MQL, email="z@acme.example").next_due_at is None
