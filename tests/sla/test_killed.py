"""A real worker, or its connection, is killed with its hands in a pass over clocks: afterwards
everything is as if nobody had died, with the exact instants and nothing told twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection, transaction

from accounts.models import BusinessCalendar, Notice, Organisation, User
from jobs import broker
from sla.enums import CommitmentKind
from sla.models import Breach, Clock, EscalationNotice
from sla.services.breaching import note_breaches
from sla.services.escalating import escalate
from sla.services.telling import LATE, tell
from sla.tasks import BREACHES, ESCALATIONS
from smarketing import time_source
from tests.jobs.test_worker import ROOT, _test_database_url
from tests.leads.imports.test_killed import eventually, is_waiting
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import DUE, fresh_mql, only_clock

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = "test-killed-clocks"
Worker = subprocess.Popen[bytes]


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker that listens to a queue of its own and does not outlive the test."""
    client = broker.client(settings.REDIS_URL)
    client.delete(QUEUE)
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "smarketing", "worker", "--pool", "solo",
         "-Q", QUEUE, "--without-gossip", "--without-mingle", "-l", "ERROR"],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": _test_database_url(), "DEBUG": "1"},
    )  # fmt: skip
    yield process
    process.kill()
    process.wait(20)
    client.delete(QUEUE)


@pytest.fixture
def clock(rep: User, marketer: User, organisation: Organisation) -> Clock:
    """A clock that was due long ago, of a house that never closes."""
    BusinessCalendar.objects.filter(pk=organisation.calendar_id).update(always_open=True)
    in_force(promise(CommitmentKind.TIME_TO_DECIDE, minutes=240, levels=[("1.0", {})]))
    return only_clock(fresh_mql(marketer, rep))


def kill(worker: Worker) -> None:
    worker.kill()
    assert worker.wait(20) == -signal.SIGKILL


def cut_off(worker: Worker) -> None:
    """PostgreSQL ends the connection, as it does when it is stopped; the worker lives on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        assert cursor.fetchall() == [(True,)]
    assert worker.poll() is None


DYING = pytest.mark.parametrize("die", [kill, cut_off])


def die_at(worker: Worker, task: str, die: Callable[[Worker], None]) -> None:
    """Let the worker run into a row of ours that is not committed, and die there."""
    current_app.send_task(task, queue=QUEUE)
    eventually(is_waiting)
    die(worker)
    eventually(lambda: not is_waiting())
    transaction.set_rollback(True)


@DYING
def test_a_breach_pass_that_dies_before_it_ends(
    worker: Worker, clock: Clock, die: Callable[[Worker], None]
) -> None:
    with transaction.atomic():
        Breach.objects.create(clock=clock, at=DUE, noted_at=DUE)
        die_at(worker, BREACHES, die)
    clock.refresh_from_db()
    assert (clock.breached_at, Breach.objects.count()) == (None, 0)
    now = time_source.now()
    assert [note_breaches(at=now), note_breaches(at=now)] == [1, 0]
    clock.refresh_from_db()
    assert (clock.breached_at, Breach.objects.get().at) == (DUE, DUE)


@DYING
def test_a_telling_that_dies_between_the_level_and_its_notice(
    worker: Worker, clock: Clock, rep: User, die: Callable[[Worker], None]
) -> None:
    now = time_source.now()
    assert escalate(at=now) == 1
    waiting = EscalationNotice.objects.get()
    key = f"clock:{clock.pk}:{waiting.level_id}"
    with transaction.atomic():
        Notice.objects.create(recipient=rep, kind=LATE, dedupe_key=key, created_at=now)
        die_at(worker, ESCALATIONS, die)
    waiting.refresh_from_db()
    assert (waiting.reached_at, waiting.sent_at) == (DUE, None)
    assert not Notice.objects.filter(kind=LATE).exists()
    assert [tell(at=now), tell(at=now)] == [1, 0]
    assert Notice.objects.get(kind=LATE).recipient == rep


@DYING
def test_an_escalation_that_dies_before_its_level_is_written(
    worker: Worker, clock: Clock, rep: User, die: Callable[[Worker], None]
) -> None:
    level = clock.commitment.levels.get()
    with transaction.atomic():
        EscalationNotice.objects.create(clock=clock, level=level, recipient=rep, reached_at=DUE)
        die_at(worker, ESCALATIONS, die)
    assert not EscalationNotice.objects.exists()
    now = time_source.now()
    assert [escalate(at=now), escalate(at=now)] == [1, 0]
    assert EscalationNotice.objects.get().reached_at == DUE
    assert tell(at=now) == 1
