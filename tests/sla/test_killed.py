"""A worker, its connection or Redis dies in the middle of a promise: afterwards everything is as
if nobody had died, with the exact instants, nothing told twice and nothing lost."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.db import transaction
from django.db.models import Q

from accounts.models import BusinessCalendar, Notice, NoticeDelivery, Organisation, User
from jobs.doorbell import bell
from jobs.models import JobOutcome, JobRun
from leads.enums import LifecycleStage
from leads.services.decisions import By, qualify_leads
from sla.enums import CommitmentKind
from sla.models import Breach, Clock, EscalationNotice
from sla.services.breaching import note_breaches
from sla.services.escalating import escalate
from sla.services.telling import DUE_SOON, LATE, tell
from sla.tasks import BREACHES, ESCALATIONS, escalate_tick, note_breaches_tick
from smarketing import time_source
from smarketing.embedded import prepare_redis
from tests.jobs.killing import (
    Worker,
    cut_off,
    eventually,
    is_settled,
    is_waiting,
    kill,
    worker_of,
)
from tests.leads.records import lead_at
from tests.sla.promising import in_force, promise

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
K = CommitmentKind
QUEUE = "test-killed-clocks"
TICKS = ("sla.note_breaches", "sla.escalate")
# A worker of its own goes by the clock on the wall, for which this is long past.
LONG_AGO = datetime(2025, 3, 4, 10, 0, tzinfo=UTC)
DUE = LONG_AGO + timedelta(hours=4)
MINUTE = timedelta(minutes=1)
AGREED = LONG_AGO - timedelta(days=30)
BRUNO, DARIO = "Bruno Conti", "Dario Greco"


@pytest.fixture
def worker() -> Iterator[Worker]:
    with worker_of(QUEUE) as process:
        yield process


@pytest.fixture(autouse=True)
def never_closed(organisation: Organisation) -> None:
    """Everybody is at work, whenever the test runs."""
    BusinessCalendar.objects.filter(pk=organisation.calendar_id).update(always_open=True)


def late_leads(names: str, rep: User, marketer: User) -> list[Clock]:
    """The clocks of Bruno's MQLs, one for each letter, that came a minute after each other."""
    for n, name in enumerate(names):
        at = LONG_AGO + n * MINUTE
        lead = lead_at(LifecycleStage.LEAD, email=f"{name}@acme.example", owner=rep, at=at)
        qualify_leads([lead.pk], by=By(actor=marketer), at=at)
    return list(Clock.objects.filter(breached_at__isnull=True).order_by("pk"))


def die_at(worker: Worker, tasks: Sequence[str], die: Callable[[Worker], None]) -> None:
    """Let the worker run into a row of ours that is not committed, and die there."""
    for task in tasks:
        current_app.send_task(task, queue=QUEUE)
    eventually(is_waiting)
    die(worker)
    transaction.set_rollback(True)


def come_back() -> None:
    """Another worker hears what the beat says, and does it."""
    with worker_of(QUEUE):
        for tick in TICKS:
            current_app.send_task(tick, queue=QUEUE)
        done = JobRun.objects.filter(job__in=TICKS, outcome=JobOutcome.DONE)
        eventually(lambda: done.count() == len(TICKS))


def breaches() -> list[tuple[int, datetime, datetime]]:
    """The clock, when it was broken, when that was noted."""
    return list(Breach.objects.order_by("clock").values_list("clock", "at", "noted_at"))


def levels() -> list[tuple[int, str, datetime, bool]]:
    """The clock, by whom it is to be known, when that was reached, whether he was told."""
    rows = EscalationNotice.objects.order_by("clock", "recipient__name").annotate(
        is_told=Q(sent_at__isnull=False)
    )
    return list(rows.values_list("clock", "recipient__name", "reached_at", "is_told"))


def told() -> list[tuple[str, str, str]]:
    """Who was told of clocks, what kind of notice, under which key."""
    rows = Notice.objects.filter(dedupe_key__startswith="clock").order_by(
        "recipient__name", "dedupe_key"
    )
    return list(rows.values_list("recipient__name", "kind", "dedupe_key"))


def key(clock: Clock) -> str:
    return f"clock:{clock.pk}:{clock.commitment.levels.get().pk}"


def test_a_worker_killed_in_the_breach_pass(worker: Worker, rep: User, marketer: User) -> None:
    in_force(promise(), since=AGREED)
    first, last = late_leads("ab", rep, marketer)
    with transaction.atomic():
        Breach.objects.create(clock=last, at=last.due_at, noted_at=last.due_at)
        die_at(worker, [BREACHES], kill)
    eventually(is_settled)
    assert list(Clock.objects.values_list("breached_at", flat=True)) == [None, None]
    assert breaches() == []
    now = time_source.now()
    assert [note_breaches(at=now), note_breaches(at=now)] == [2, 0]
    assert breaches() == [(first.pk, DUE, now), (last.pk, DUE + MINUTE, now)]


def test_a_worker_killed_between_the_breach_and_its_notice(
    worker: Worker, rep: User, marketer: User, manager_sales: User
) -> None:
    in_force(promise(levels=[("1.0", {"tell_manager": True})]), since=AGREED)
    clocks = late_leads("abc", rep, marketer)
    level = clocks[2].commitment.levels.get()
    with transaction.atomic():
        EscalationNotice.objects.create(
            clock=clocks[2], level=level, recipient=manager_sales, reached_at=DUE
        )
        die_at(worker, [BREACHES, ESCALATIONS], kill)
    eventually(is_settled)
    noted = breaches()
    due = [(clock.pk, DUE + n * MINUTE) for n, clock in enumerate(clocks)]
    assert [row[:2] for row in noted] == due
    assert (levels(), told()) == ([], [])

    come_back()
    assert breaches() == noted
    assert levels() == [(pk, name, at, True) for pk, at in due for name in (BRUNO, DARIO)]
    assert told() == [(name, LATE, key(clock)) for name in (BRUNO, DARIO) for clock in clocks]


def test_a_worker_killed_in_telling_after_some_notices(
    worker: Worker, rep: User, marketer: User
) -> None:
    in_force(
        promise(K.TIME_TO_DECIDE, levels=[("0.75", {})]),
        promise(K.TIME_IN_STAGE, stage=LifecycleStage.MQL, levels=[("1.0", {})]),
        since=AGREED,
    )
    now = time_source.now()
    late_leads("a", rep, marketer)
    assert [note_breaches(at=now), escalate(at=now), tell(at=now)] == [2, 2, 1]
    before = told()
    clocks = late_leads("b", rep, marketer)
    by_kind = {clock.commitment.kind: clock for clock in clocks}
    soon, late = by_kind[K.TIME_TO_DECIDE], by_kind[K.TIME_IN_STAGE]
    with transaction.atomic():
        # What is due soon is written before what is late.
        Notice.objects.create(recipient=rep, kind=LATE, dedupe_key=key(late), created_at=now)
        die_at(worker, [ESCALATIONS], kill)
    eventually(is_settled)
    waiting = [pk for pk, _name, _at, is_told in levels() if not is_told]
    assert waiting == sorted([soon.pk, late.pk])
    assert told() == before

    come_back()
    new = [(BRUNO, DUE_SOON, key(soon)), (BRUNO, LATE, key(late))]
    assert sorted(told()) == sorted([*before, *new])
    assert all(is_told for *_row, is_told in levels())
    deliveries = NoticeDelivery.objects.filter(notice__dedupe_key__startswith="clock")
    assert deliveries.count() == len(told()) == 4


def test_an_escalation_whose_connection_is_cut_is_done_whole_by_the_next(
    worker: Worker, rep: User, marketer: User, manager_sales: User
) -> None:
    in_force(promise(levels=[("1.0", {"tell_manager": True})]), since=AGREED)
    clocks = late_leads("ab", rep, marketer)
    level = clocks[1].commitment.levels.get()
    with transaction.atomic():
        EscalationNotice.objects.create(
            clock=clocks[1], level=level, recipient=manager_sales, reached_at=DUE
        )
        die_at(worker, [ESCALATIONS], cut_off)
    eventually(is_settled)
    assert (levels(), told()) == ([], [])

    current_app.send_task(ESCALATIONS, queue=QUEUE)  # the same worker, with another connection
    eventually(lambda: len(told()) == 4)
    assert worker.poll() is None
    assert levels() == [
        (clock.pk, name, DUE + n * MINUTE, True)
        for n, clock in enumerate(clocks)
        for name in (BRUNO, DARIO)
    ]
    assert told() == [(name, LATE, key(clock)) for name in (BRUNO, DARIO) for clock in clocks]


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis of this test alone, to which the bell rings."""
    (tmp_path / "run").mkdir()
    server = prepare_redis(tmp_path)
    server.start(tmp_path / "run")
    eventually(server.ready)
    send, rung = current_app.send_task, current_app.connection_for_write(server.env["REDIS_URL"])
    monkeypatch.setattr(current_app, "send_task", lambda *a, **k: send(*a, **k, connection=rung))
    bell.reset()
    assert server.process is not None
    yield server.process
    bell.reset()
    rung.release()
    server.stop(tmp_path / "run")


def test_a_stage_change_without_redis_stands_and_its_clock_runs(
    redis: subprocess.Popen[bytes], rep: User, marketer: User
) -> None:
    in_force(promise(levels=[("1.0", {})]), since=AGREED)
    assert bell.publish(BREACHES)
    redis.kill()
    assert redis.wait(20) == -signal.SIGKILL
    (clock,) = late_leads("a", rep, marketer)
    clock.lead.refresh_from_db()
    assert (clock.lead.stage, clock.lead.next_due_at) == (LifecycleStage.MQL, DUE)
    assert (clock.started_at, clock.due_at, clock.outcome) == (LONG_AGO, DUE, None)

    # No bell rings; the beat of the next half minute finds the work in the database.
    assert [tick() for tick in (note_breaches_tick, escalate_tick)] == [1, 1]
    assert [row[:2] for row in breaches()] == [(clock.pk, DUE)]
    assert told() == [(BRUNO, LATE, key(clock))]
    assert bell.is_paused  # the notice rang for its mail, in vain: its own beat will find it
    assert NoticeDelivery.objects.get(notice__kind=LATE).delivered_at is None
