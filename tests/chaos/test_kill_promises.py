"""Kill -9 while a promise is being noted, escalated or told: each is kept account of once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from smarketing.console import ROOT
from tests.stack.whole_stack import WholeStack, eventually

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]
AT_ONCE = 3


def _told(said: str) -> str:
    """How the shell is asked for something of `late_promises`."""
    return f"from tests.chaos import late_promises as late; late.{said}"


@pytest.fixture(scope="module")
def promising(stack: WholeStack) -> Iterator[WholeStack]:
    """A stack with an agreement in force; the same data from test to test."""
    stack.start(wait=False)
    stack.hears("smarketing is ready", 400.0)
    done = stack.manage("shell", "--no-imports", "-c", _told("prepare()"))
    assert done.returncode == 0, done.stderr
    yield stack
    assert stack.stop() == 0


@contextmanager
def _standing_at(stack: WholeStack, point: str) -> Iterator[list[int]]:
    """The clocks in which a worker stands, at a row that somebody else holds."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c"]
    with subprocess.Popen(
        [*command, _told(f"meet({point!r})")],
        cwd=ROOT,
        env=stack.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        said = holder.stdout.readline()
        assert said, "the worker never came"
        yield json.loads(said)
        holder.communicate()  # it ends, and lets go if it still holds anything


def _settled(stack: WholeStack, clocks: list[int]) -> dict[str, list[int]]:
    def answer() -> str:
        return stack.manage("shell", "--no-imports", "-c", _told(f"settle({clocks})")).stdout

    return dict(json.loads(eventually(answer, 240.0)))


@pytest.mark.parametrize("point", ["breach", "escalation", "telling"])
@pytest.mark.parametrize("name", ["worker", "beat", "redis", "postgres"])
def test_a_part_killed_in_the_middle_of_a_promise(
    promising: WholeStack, name: str, point: str
) -> None:
    with _standing_at(promising, point) as clocks:
        killed = psutil.Process(promising.pid(name))
        killed.kill()
        eventually(lambda: promising.pid(name) != killed.pid)
    found = _settled(promising, clocks)
    assert found["breaches"] == found["levels"] == [AT_ONCE, AT_ONCE]
    assert [pk for pk in found["notices"] if pk in clocks] == clocks
    assert len(found["notices"]) == len(set(found["notices"]))
