"""Real worker processes that die, or lose their connection, with their hands in something."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from jobs import broker
from tests.jobs.test_worker import ROOT, _test_database_url

Worker = subprocess.Popen[bytes]

# Locks are read as they are; pg_stat_activity would be the picture that the transaction saw first,
# in which a worker that came later is missing.
WAITING_SQL = "FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


@contextmanager
def worker_of(queue: str) -> Iterator[Worker]:
    """A worker that listens to an emptied queue of its own; it does not outlive the block."""
    client = broker.client(settings.REDIS_URL)
    client.delete(queue)
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "smarketing", "worker", "--pool", "solo",
         "-Q", queue, "--without-gossip", "--without-mingle", "-l", "WARNING"],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": _test_database_url(), "DEBUG": "1"},
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)
        client.delete(queue)


def eventually(is_so: Callable[[], bool], seconds: float = 240.0) -> None:
    """Wait until it is so: a busy machine takes its time, a quiet one costs none."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.05)


def is_waiting() -> bool:
    """Tell whether another process waits for a lock that this transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 {WAITING_SQL})")
        return bool(cursor.fetchone()[0])


def is_settled() -> bool:
    """Tell whether no other connection has work in hand: the server has seen who died."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL "
            "AND backend_type = 'client backend'"
        )
        return not cursor.fetchone()[0]


def kill(worker: Worker) -> None:
    """End the worker with -9: nothing of it has a chance to tidy up."""
    worker.kill()
    assert worker.wait(20) == -signal.SIGKILL


def cut_off(worker: Worker) -> None:
    """End the connection that waits for us, as a stopping server does; the worker lives on."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT pid {WAITING_SQL}")
        ((pid,),) = cursor.fetchall()
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert cursor.fetchone() == (True,)
    assert worker.poll() is None
