"""A pytest plugin: real PostgreSQL and Redis of its own for one test run, where none are named.

Loaded before Django reads its settings. The servers live in a folder of this run alone, so that
nothing collides with `make up` or with a second run; they forget everything, so that they are fast.
The processes of pytest-xdist share one start, each with a Redis database of its own.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from smarketing.console import ROOT, StartError
from smarketing.embedded import prepare_postgres, prepare_redis, remove_postgres_data
from smarketing.processes import Child, end_left_overs, wait_until

RUNS = ROOT / "var" / "test"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


class TestServers:
    """The servers of one test run; both are stopped and removed with it."""

    __test__ = False

    def __init__(self) -> None:
        self.var = RUNS / str(os.getpid())
        self.children: list[Child] = []

    def start(self) -> None:
        """Start what no variable names and name it in the environment."""
        (self.var / "run").mkdir(parents=True)
        if not os.environ.get("DATABASE_URL"):
            self._start(prepare_postgres(self.var, _quietly, forgetful=True), "DATABASE_URL")
            os.environ["SMARKETING_EMBEDDED"] = "1"
        if not os.environ.get("REDIS_URL"):
            self._start(prepare_redis(self.var), "REDIS_URL")

    def _start(self, child: Child, variable: str) -> None:
        child.start(self.var / "run")
        self.children.append(child)

        def alive() -> None:
            if (end := child.ended()) is not None:
                raise StartError(f"{child.words} {end}: {child.last_words()}")

        if not wait_until(child.ready, seconds=60, check=alive, every=0.02):
            raise StartError(f"{child.words} did not answer: {child.log}")
        os.environ[variable] = child.env[variable]

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop(self.var / "run")
        remove_run(self.var)


def _quietly(words: str) -> None:
    """Pytest has its own way to tell what it does."""


def remove_run(var: Path) -> None:
    remove_postgres_data(var)
    shutil.rmtree(var, ignore_errors=True)


def remove_killed_runs() -> None:
    """End and remove what runs that were killed left behind."""
    for var in RUNS.glob("[0-9]*"):
        if not _is_test_run(int(var.name)):
            end_left_overs(var / "run", ROOT, _quietly)
            remove_run(var)


def _is_test_run(pid: int) -> bool:
    with suppress(psutil.Error):
        return any("pytest" in part for part in psutil.Process(pid).cmdline())
    return False


SERVERS = TestServers()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> object:
    """Start before any settings are read; in a process of xdist only choose the Redis database."""
    os.environ.setdefault("DEBUG", "1")
    if WORKER:
        address, _, _ = os.environ["REDIS_URL"].partition("?virtual_host=")
        if address.startswith("redis+socket:"):
            number = int(WORKER.removeprefix("gw")) % 14 + 1
            os.environ["REDIS_URL"] = f"{address}?virtual_host={number}"
    elif not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        remove_killed_runs()
        try:
            SERVERS.start()
        except StartError as error:
            SERVERS.stop()
            raise pytest.UsageError(str(error)) from None
    return (yield)


def pytest_unconfigure() -> None:
    """Stop what this process started."""
    if SERVERS.children:
        SERVERS.stop()
