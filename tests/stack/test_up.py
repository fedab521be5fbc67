"""`make up` from an empty folder to the first page, a second start, and the way out."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from smarketing.console import ROOT
from tests.stack.whole_stack import WholeStack, clean_environment, eventually, free_port


@pytest.mark.timeout(240)
def test_a_stack_lives_from_an_empty_folder_to_a_second_start(stack: WholeStack) -> None:
    _serves_from_an_empty_folder(stack)
    _keeps_its_secrets(stack)
    _refuses_a_second_start(stack)
    _lends_its_servers_to_other_commands(stack)
    _stops_and_leaves_nothing(stack)
    _finds_its_data_again(stack)


def _serves_from_an_empty_folder(stack: WholeStack) -> None:
    stack.start()
    assert stack.hears("smarketing is ready").endswith(f"http://127.0.0.1:{stack.port}")
    assert stack.get("/healthz") == (200, b'{"status": "ok"}')
    assert stack.part("database") == stack.part("migrations") == stack.part("redis") == "ok"


def _keeps_its_secrets(stack: WholeStack) -> None:
    for path in (stack.var / "secret_key", stack.var / "run" / "stack.env"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((stack.var / "run").stat().st_mode) == 0o700
    listening = [
        c.laddr for p in stack.family() for c in p.net_connections() if c.status == "LISTEN"
    ]
    assert {(address.ip, address.port) for address in listening} == {("127.0.0.1", stack.port)}


def _refuses_a_second_start(stack: WholeStack) -> None:
    second = WholeStack(stack.var).start(wait=False)
    assert second.ends() == 1
    assert stack.process is not None
    assert second.said == [
        f"✗ smarketing is already running at http://127.0.0.1:{stack.port}"
        f" (process {stack.process.pid})"
    ]
    assert stack.get("/healthz")[0] == 200


def _lends_its_servers_to_other_commands(stack: WholeStack) -> None:
    made = stack.manage(
        "shell", "--no-imports", "-c",
        "from accounts.models import Team; Team.objects.create(name='acme', kind='sales')",
    )  # fmt: skip
    assert made.stderr == ""
    assert made.returncode == 0


def _stops_and_leaves_nothing(stack: WholeStack) -> None:
    family = stack.family()
    assert stack.stop(signal.SIGINT) == 0
    assert stack.said[-2:] == ["· Stopping", "· Stopped"]
    assert psutil.wait_procs(family, timeout=5)[1] == []
    assert list((stack.var / "run").glob("*.process")) == []
    assert not (stack.var / "run" / "stack.env").exists()


def _finds_its_data_again(stack: WholeStack) -> None:
    stack.start()
    assert "· Making a new PostgreSQL database" not in stack.said
    count = "from accounts.models import Team; print(Team.objects.filter(name='acme').count())"
    assert stack.manage("shell", "--no-imports", "-c", count).stdout == "1\n"
    assert stack.stop(signal.SIGTERM) == 0


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert _refusal(tmp_path / "var", PORT=port) == (
            f"✗ Port {port} is taken: choose another, make up PORT=8001\n"
        )


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_told_in_one_sentence(tmp_path: Path, port: str) -> None:
    assert _refusal(tmp_path / "var", PORT=port) == (
        f"✗ PORT={port} is not a port: use a number from 1 to 65535\n"
    )
    assert not (tmp_path / "var").exists()


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        blocked = Path("/proc/smarketing")  # root may write everywhere else
        said = _refusal(blocked)
        assert said == f"✗ {blocked}: No such file or directory\n"
    else:
        tmp_path.chmod(0o500)
        said = _refusal(tmp_path / "var")
        assert said == f"✗ {tmp_path / 'var'} cannot be written or read: permission denied\n"


def test_given_servers_are_used_and_none_is_started(tmp_path: Path) -> None:
    """The address of a server that does not answer: said, and no other is started for it."""
    gone = f"postgresql://alice@127.0.0.1:{free_port()}/acme"
    said = _refusal(tmp_path / "var", DATABASE_URL=gone, REDIS_URL="redis://127.0.0.1:1/0")
    lines = said.splitlines()
    assert sorted(lines[:-1]) == [
        "· Bringing the database to this version",
        "· Collecting and compressing the static files",
    ]
    assert lines[-1].startswith("✗ Preparing the database failed: ")
    assert "Connection refused" in lines[-1]
    assert not (tmp_path / "var" / "postgres").exists()
    assert not (tmp_path / "var" / "redis").exists()


def test_the_end_of_make_ends_the_stack(stack: WholeStack) -> None:
    """`kill -9` of make leaves nobody to press Ctrl-C: the supervisor notices."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=ROOT,
        env=stack.environment(PORT=str(free_port())),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    with parent.stdout as words:
        supervisor = psutil.Process(int(words.readline()))
    eventually((stack.var / "run" / "postgres.process").exists)
    parent.kill()
    parent.wait()
    eventually(lambda: not supervisor.is_running() or supervisor.status() == psutil.STATUS_ZOMBIE)
    assert list((stack.var / "run").glob("*.process")) == []


PARENT = """
import subprocess, sys
command = [sys.executable, "manage.py", "up", "--with-parent"]
up = subprocess.Popen(command, stdout=subprocess.DEVNULL)
print(up.pid, flush=True)
up.wait()
"""


def _refusal(var: Path, **environment: str) -> str:
    """What a start that must fail says."""
    own = {"SMARKETING_VAR": str(var), "PORT": str(free_port())} | environment
    done = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=clean_environment(**own),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    return done.stdout + done.stderr
