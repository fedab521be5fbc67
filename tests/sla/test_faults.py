"""Whatever rings twice, jumps or stays away: exact instants, no doubles, one digest a person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections

from accounts.models import Notice, User
from leads.models import Lead
from leads.services.decisions import By, accept_leads
from sla import tasks
from sla.enums import Outcome
from sla.models import Breach, Clock, EscalationNotice
from sla.services.breaching import note_breaches
from sla.services.telling import DIGEST, tell
from tests.conftest import AT
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import DUE, HOUR, TICK, fresh_mql, only_clock

pytestmark = pytest.mark.django_db
MANY = 10_000
# Six hours after due it is evening; everybody is back at work on Wednesday at 09:00 in Rome.
BACK_AT_WORK = AT.replace(day=4, hour=8, minute=0)
LADDER = [("0.75", {}), ("1.0", {"tell_manager": True})]

# One lead carries all of them: what is shown here is the pass, not the record. The clocks begin
# within one minute, six milliseconds apart, and so fall due.
FILL = """
    INSERT INTO sla_clock (lead_id, commitment_id, owner_id, calendar_id, started_at, started_by,
        started_by_id, target, held, due_at, risk_at, escalate_at, stopped_by, trouble)
    SELECT lead_id, commitment_id, owner_id, calendar_id, started_at + n * step, started_by,
        started_by_id + n, target, held, due_at + n * step, risk_at + n * step,
        escalate_at + n * step, '', ''
    FROM sla_clock, generate_series(1, %s) AS n, (SELECT interval '6 milliseconds' AS step) AS s
"""


def at_once(*works: Callable[[], Any]) -> list[BaseException]:
    """Run the works in threads that begin together; return what went wrong."""
    start, wrong = threading.Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=30)
            work()
        except BaseException as error:  # told to the test
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return wrong


@pytest.mark.django_db(transaction=True)
def test_ten_thousand_clocks_due_in_a_minute_under_two_beats_and_three_workers(
    rep: User, marketer: User, manager_sales: User
) -> None:
    in_force(promise(levels=LADDER))
    fresh_mql(marketer, rep)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [MANY - 1])
    Notice.objects.all().delete()
    # Nobody worked for six hours, and then overnight: each level was passed long ago.
    with time_machine.travel(BACK_AT_WORK, tick=False):
        beats = (tasks.note_breaches_tick, tasks.escalate_tick) * 2
        workers = (tasks.note_due_breaches, tasks.escalate_reached) * 3
        assert at_once(*beats, *workers) == []
        tell(at=BACK_AT_WORK)
    assert Breach.objects.count() == MANY
    wrong = Breach.objects.exclude(
        at__in=[DUE + n * timedelta(milliseconds=6) for n in range(MANY)]
    )
    assert wrong.count() == 0
    told = EscalationNotice.objects.order_by("recipient__name")
    by_person = told.values_list("recipient__name").distinct()
    assert list(by_person) == [("Bruno Conti",), ("Dario Greco",)]
    assert told.filter(level__share=1, sent_at=BACK_AT_WORK).count() == told.count() == 2 * MANY
    digests = Notice.objects.order_by("recipient__name").values_list("kind", "recipient__name")
    assert list(digests) == [(DIGEST, "Bruno Conti"), (DIGEST, "Dario Greco")]
    assert Notice.objects.values_list("params__late", flat=True).distinct().get() == MANY


def test_a_clock_that_jumps_two_hours_back_doubles_nothing(rep: User, marketer: User) -> None:
    in_force(promise(levels=LADDER))
    clock = only_clock(fresh_mql(marketer, rep))
    for now in (DUE + TICK, DUE + TICK - 2 * HOUR, DUE - HOUR, DUE + TICK, DUE + HOUR):
        with time_machine.travel(now, tick=False):
            tasks.note_breaches_tick()
            tasks.escalate_tick()
    assert list(Breach.objects.values_list("clock", "at")) == [(clock.pk, DUE)]
    levels = EscalationNotice.objects.values_list("level__share", "recipient", "reached_at")
    assert [(str(share), who, at) for share, who, at in levels] == [("1.00", rep.pk, DUE)]


def test_a_promise_kept_after_a_jump_of_two_days_and_back_is_met(rep: User, marketer: User) -> None:
    in_force(promise())
    clock = only_clock(fresh_mql(marketer, rep))
    jumped = AT + timedelta(days=2)
    assert note_breaches(at=jumped) == 1
    accept_leads([clock.lead_id], by=By(actor=rep), at=DUE)
    clock.refresh_from_db()
    assert (clock.outcome, clock.stopped_at) == (Outcome.MET, DUE)
    breach = Breach.objects.get()
    assert (breach.at, breach.withdrawn_at) == (DUE, DUE)
    assert Lead.objects.get().next_due_at is None


def test_a_promise_broken_after_a_jump_of_two_days_and_back_is_missed_once(
    rep: User, marketer: User
) -> None:
    in_force(promise())
    clock = only_clock(fresh_mql(marketer, rep))
    assert [note_breaches(at=AT + timedelta(days=2)), note_breaches(at=DUE + TICK)] == [1, 0]
    accept_leads([clock.lead_id], by=By(actor=rep), at=DUE + TICK)
    clock.refresh_from_db()
    assert clock.outcome == Outcome.MET_LATE
    assert list(Breach.objects.values_list("at", "withdrawn_at")) == [(DUE, None)]


def test_an_idle_run_of_each_tick_changes_nothing(rep: User, marketer: User) -> None:
    in_force(promise(levels=LADDER))
    fresh_mql(marketer, rep)
    before = Clock.objects.values().get()
    with time_machine.travel(AT + HOUR, tick=False):
        ticks = (tasks.note_breaches_tick, tasks.escalate_tick, tasks.reconcile_tick)
        assert [tick() for tick in ticks] == [0, 0, 0]
        assert [tick() for tick in ticks] == [None, None, None]
        assert tasks.reconcile_nightly() == 0
    assert Clock.objects.values().get() == before
