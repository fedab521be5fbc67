"""Whatever rings twice, jumps or stays away: exact instants, no doubles, one digest a person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections

from accounts.models import Notice, Team, User
from leads.models import Lead
from leads.services.decisions import By, accept_leads
from sla import tasks
from sla.enums import Outcome
from sla.models import Breach, Clock, EscalationNotice
from sla.services.breaching import note_breaches
from sla.services.rerouting import reroute
from sla.services.telling import DIGEST, tell
from tests.conftest import AT
from tests.factories import BusinessCalendarFactory
from tests.leads.routing.pools import pool_of, reps, rule_for
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


def test_who_cannot_be_told_holds_up_nobody_else_and_is_told_later(
    rep: User, marketer: User, manager_sales: User
) -> None:
    in_force(promise(levels=LADDER))
    clock = only_clock(fresh_mql(marketer, rep))
    level = clock.commitment.levels.get(share=1)
    with time_machine.travel(DUE + TICK, tick=False), connection.cursor() as cursor:
        Notice.objects.all().delete()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        poison = "ALTER TABLE accounts_notice ADD CONSTRAINT poison CHECK (recipient_id <> %s)"
        cursor.execute(poison, [rep.pk])
        assert tasks.escalate_tick() == 1
    notices = Notice.objects.filter(dedupe_key=f"clock:{clock.pk}:{level.pk}")
    assert list(notices.values_list("recipient", flat=True)) == [manager_sales.pk]
    waiting = EscalationNotice.objects.filter(sent_at__isnull=True)
    assert list(waiting.values_list("recipient", "reached_at")) == [(rep.pk, DUE)]

    with time_machine.travel(DUE + HOUR, tick=False), connection.cursor() as cursor:
        assert tell(at=DUE + HOUR) == 0
        cursor.execute("ALTER TABLE accounts_notice DROP CONSTRAINT poison")
        assert [tell(at=DUE + HOUR), tell(at=DUE + HOUR)] == [1, 0]
    assert sorted(notices.values_list("recipient", "created_at")) == sorted(
        [(manager_sales.pk, DUE + TICK), (rep.pk, DUE + HOUR)]
    )


def test_a_calendar_that_cannot_be_read_keeps_only_its_own_people_waiting(
    rep: User, marketer: User, manager_sales: User
) -> None:
    in_force(promise(levels=LADDER))
    clock = only_clock(fresh_mql(marketer, rep))
    unreadable = BusinessCalendarFactory(name="Nowhere", zone="Nowhere/At_all")
    User.objects.filter(pk=rep.pk).update(calendar=unreadable)
    with time_machine.travel(DUE + TICK, tick=False):
        assert tasks.escalate_tick() == 1
    told = Notice.objects.filter(dedupe_key__startswith=f"clock:{clock.pk}:")
    assert list(told.values_list("recipient", flat=True)) == [manager_sales.pk]


def test_a_lead_that_cannot_be_given_away_stays_alone(
    rep: User, marketer: User, sales: Team
) -> None:
    rule_for(pool_of(rep, *reps(sales, "greta")))
    in_force(promise(levels=[("1.0", {"reroute": True})]))
    leads = [fresh_mql(marketer, rep, f"{name}@acme.example") for name in "ab"]
    with time_machine.travel(DUE + TICK, tick=False), connection.cursor() as cursor:
        poison = (
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = 'check_violation'; END $$; "
            "CREATE TRIGGER poison BEFORE INSERT ON leads_assignment FOR EACH ROW "
            "WHEN (NEW.lead_id = {lead}) EXECUTE FUNCTION poison()"
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(poison.format(lead=leads[0].pk))
        assert [tasks.escalate_tick(), reroute(at=DUE + TICK)] == [2, 0]
    owners = Lead.objects.order_by("pk").values_list("owner__name", flat=True)
    assert list(owners) == ["Bruno Conti", "Greta"]
    waiting = EscalationNotice.objects.filter(recipient=None, sent_at=None)
    assert list(waiting.values_list("clock__lead", flat=True)) == [leads[0].pk]
