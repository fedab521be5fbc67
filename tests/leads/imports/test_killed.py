"""A real worker is killed with its hands in the second half of a file; the next one ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection, transaction

from jobs import broker
from leads.enums.imports import ImportPhase, ImportState
from leads.models import Contact, ImportChunk, Lead, LeadImport, StageTransition
from leads.selectors.imports import Counts, counts_of
from leads.services.imports.steering import WORK, run_import
from leads.services.imports.working import ROWS_AT_ONCE
from smarketing import time_source
from tests.jobs.test_worker import ROOT, _test_database_url
from tests.leads.imports.made import PLAIN, checked, csv_file, done, go

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = "test-killed-import"
ROWS = 2 * ROWS_AT_ONCE


@pytest.fixture
def worker(private_folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that listens to a queue of its own and does not outlive the test."""
    client = broker.client(settings.REDIS_URL)
    client.delete(QUEUE)
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "smarketing", "worker", "--pool", "solo",
         "-Q", QUEUE, "--without-gossip", "--without-mingle", "-l", "WARNING"],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": _test_database_url(), "DEBUG": "1"},
    )  # fmt: skip
    yield process
    process.kill()
    process.wait(20)
    client.delete(QUEUE)


def eventually(is_so: Callable[[], bool], seconds: float = 240.0) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.05)


def chunks(one: LeadImport) -> list[int]:
    rows = ImportChunk.objects.filter(lead_import=one, phase=ImportPhase.RUN).order_by("number")
    return list(rows.values_list("number", flat=True))


def is_waiting() -> bool:
    """Tell whether another process of this database waits for a lock of ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def test_a_run_killed_at_half_is_ended_by_the_next_worker(marketer, worker):
    done(PLAIN + "last@acme.example,,Neri,Acme,2026-01-05\n", marketer)
    last = Contact.objects.get()
    one = checked(csv_file(ROWS - 1) + "last@acme.example,Zoe,Neri,Acme,2026-01-05\n", marketer)
    run_import(one.pk, actor=marketer, at=time_source.now())
    with transaction.atomic():
        # The worker does the first half, and stands before the last row of the second.
        Contact.objects.select_for_update().get(pk=last.pk)
        current_app.send_task(WORK, queue=QUEUE)
        eventually(lambda: chunks(one) == [1] and is_waiting())
        worker.kill()
        assert worker.wait(20) == -signal.SIGKILL
    assert (chunks(one), Lead.objects.count()) == ([1], ROWS_AT_ONCE + 1)

    soon = time_source.now()
    assert go(soon) == 0  # for all that is known, the dead is still at it
    go(soon + timedelta(minutes=2, seconds=1))
    one.refresh_from_db()
    assert (one.state, chunks(one)) == (ImportState.DONE, [1, 2])
    assert counts_of(one, ImportPhase.RUN) == Counts(rows=ROWS, created=ROWS - 1, updated=1)
    assert (Lead.objects.count(), StageTransition.objects.count()) == (ROWS, ROWS)
    last.refresh_from_db()
    assert (last.given_name, Contact.objects.count()) == ("Zoe", ROWS)
