"""Kill -9 under a running `make up`: every part is started again, or the next start goes well."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from tests.stack.whole_stack import WholeStack, eventually

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

HEARTBEAT_SECONDS = 60.0  # a job every 15 s, and the time to start a worker twice


@pytest.fixture
def running(stack: WholeStack) -> Iterator[WholeStack]:
    """A stack that answers; the same data from test to test."""
    stack.start()
    yield stack
    if stack.process is not None and stack.process.poll() is None:
        assert stack.stop() == 0


def _kill(stack: WholeStack, name: str) -> psutil.Process:
    process = psutil.Process(stack.pid(name))
    process.kill()
    return process


def _came_back(stack: WholeStack, name: str, words: str) -> None:
    """The end was told in one sentence, and another process has taken the place."""
    killed = _kill(stack, name)
    told = stack.hears(f"{words} was killed")
    assert told == f"· {words} was killed (SIGKILL): starting it again in 0.5 s"
    eventually(lambda: stack.pid(name) != killed.pid)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("web", "The web server"),
        ("worker", "The worker"),
        ("beat", "The clock of periodic jobs"),
        ("redis", "Redis"),
        ("postgres", "PostgreSQL"),
    ],
)
def test_a_killed_part_comes_back_and_the_product_works(
    running: WholeStack, name: str, words: str
) -> None:
    _came_back(running, name, words)
    eventually(lambda: running.get("/readyz")[0] == 200)
    forget = "from jobs.models import Heartbeat; Heartbeat.objects.all().delete()"
    eventually(lambda: running.manage("shell", "--no-imports", "-c", forget).returncode == 0)
    for part in ("database", "migrations", "redis", "worker", "beat"):
        eventually(lambda part=part: running.part(part) == "ok", HEARTBEAT_SECONDS)


def test_a_killed_worker_leaves_no_pool_behind(running: WholeStack) -> None:
    worker = psutil.Process(running.pid("worker"))
    pool = eventually(lambda: worker.children(recursive=True))
    _came_back(running, "worker", "The worker")
    assert psutil.wait_procs(pool, timeout=10)[1] == []


def test_a_part_that_keeps_dying_is_told_and_tried_further(running: WholeStack) -> None:
    for _ in range(3):
        before = running.pid("beat")
        _kill(running, "beat")
        eventually(lambda before=before: running.pid("beat") != before)
    told = [line for line in running.said if line.startswith("· The clock of periodic jobs")]
    assert [line.rpartition(" in ")[2] for line in told] == ["0.5 s", "1 s", "2 s"]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_killed_parent_leaves_nothing_that_stops_the_next_start(
    running: WholeStack, at_once: bool
) -> None:
    family = running.family()
    assert running.stop(signal.SIGKILL) == -signal.SIGKILL
    if not at_once:
        assert psutil.wait_procs(family, timeout=30)[1] == []
    running.start()
    assert psutil.wait_procs(family, timeout=5)[1] == []
    assert running.get("/healthz")[0] == 200


def test_everything_killed_at_once_leaves_nothing_that_stops_the_next_start(
    running: WholeStack,
) -> None:
    """As when the machine loses its power: no process had a chance to tidy up."""
    family = running.family()
    assert running.process is not None
    for pid in [running.process.pid, *(process.pid for process in family)]:
        os.kill(pid, signal.SIGKILL)
    running.ends()
    psutil.wait_procs(family, timeout=10)
    running.start()
    assert running.get("/healthz")[0] == 200
    assert running.part("database") == "ok"
