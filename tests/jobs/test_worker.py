"""A real worker process on the real broker and database does the heartbeat job, once a period."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from jobs import broker
from jobs.models import Heartbeat, JobOutcome, JobRun

ROOT = Path(__file__).parents[2]
QUEUE = "test-worker"


def _test_database_url() -> str:
    """The address of the test's own database, for a process of its own."""
    config = connection.settings_dict
    host = config["HOST"] or config["OPTIONS"].get("host", "")
    login = quote(config["USER"]) + (f":{quote(config['PASSWORD'])}" if config["PASSWORD"] else "")
    return f"postgresql://{login}@{quote(host, safe='')}:{config['PORT'] or 5432}/{config['NAME']}"


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[str]]:
    """A worker that listens to a queue of its own; ended warmly, by its process id."""
    client = broker.client(settings.REDIS_URL)
    client.delete(QUEUE)
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "smarketing", "worker",
         "--pool", "solo", "-Q", QUEUE, "--without-gossip", "--without-mingle", "-l", "INFO"],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": _test_database_url(), "DEBUG": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    yield process
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    client.delete(QUEUE)


def _read_until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return
    pytest.fail(f"the worker ended before it said {words!r}:\n{''.join(said)}")


@pytest.mark.django_db(transaction=True)
def test_the_job_runs_once_however_often_the_bell_rings(worker: subprocess.Popen[str]) -> None:
    _read_until(worker, "ready")
    for _ in range(3):
        current_app.send_task("jobs.heartbeat", queue=QUEUE)
    for _ in range(3):
        _read_until(worker, "succeeded")

    runs = JobRun.objects.filter(job="jobs.heartbeat")
    # Three rings within a moment fall into one period, or two if its border lies between them.
    assert runs.count() == runs.values("slot").distinct().count() <= 2
    assert set(runs.values_list("outcome", flat=True)) == {JobOutcome.DONE}
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["worker"]
