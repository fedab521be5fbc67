"""Children and their records, claims, places: what the supervisor stands on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from smarketing.console import ROOT, StartError
from smarketing.machine import SOCKET_PATH_BYTES, socket_folder
from smarketing.processes import Child, end_left_overs, exit_words, write_record
from smarketing.running import Claim, read_stack_environment, write_stack_environment
from smarketing.stack import product_environment, secret_key
from smarketing.up import PAUSES, STEADY_SECONDS, Restarts
from tests.stack.whole_stack import eventually

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True)"


@pytest.fixture
def records(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


def _child(records: Path, command: list[str] = SLEEP) -> Child:
    return Child("worker", "The worker", command, records.parent / "worker.log", os.environ, ROOT)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "ended with code 0"),
        (3, "ended with code 3"),
        (-9, "was killed (SIGKILL)"),
        (-99, "was killed (signal 99)"),
    ],
)
def test_an_end_is_told_in_words(code: int, words: str) -> None:
    assert exit_words(code) == words


def test_a_child_is_recorded_while_it_runs(records: Path) -> None:
    child = _child(records)
    child.start(records)
    assert child.process is not None
    assert json.loads((records / "worker.process").read_text())["pid"] == child.process.pid
    assert child.ended() is None
    child.stop(records)
    assert child.ended() == "was killed (SIGTERM)"
    assert list(records.iterdir()) == []


def test_a_child_that_does_not_listen_is_killed_after_its_grace(records: Path) -> None:
    child = _child(records, [sys.executable, "-c", f"{DEAF}; time.sleep(60)"])
    child.grace_seconds = 0.2
    child.start(records)
    eventually(lambda: child.log.read_text() == "1\n")
    child.stop(records)
    assert child.ended() == "was killed (SIGKILL)"


def test_a_program_that_is_missing_is_told(records: Path) -> None:
    with pytest.raises(StartError, match=r"^The worker cannot be started: .*No such file"):
        _child(records, ["/nonexistent"]).start(records)


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("", ""),
        ("one\n\ntwo\n\n", "two"),
        ("a.b.OperationalError: connection refused\n\tIs it running?\n",
         "a.b.OperationalError: connection refused"),
    ],
)  # fmt: skip
def test_the_last_words_are_the_error(records: Path, log: str, words: str) -> None:
    child = _child(records)
    child.log.write_text(log)
    assert child.last_words() == words


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_child_ends_with_its_parent(records: Path) -> None:
    program = f"""
import os, sys, time
from pathlib import Path
from smarketing.processes import Child
child = Child("worker", "The worker", {SLEEP!r}, Path("{records}/log"), os.environ, Path("."))
child.start(Path("{records}"))
print(child.process.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout as words:
        child = psutil.Process(int(words.readline()))
    parent.kill()
    parent.wait()
    psutil.wait_procs([child], timeout=10)
    assert not child.is_running()


def test_what_an_earlier_start_left_is_ended_and_told(records: Path) -> None:
    left = subprocess.Popen(SLEEP, start_new_session=True)
    write_record(records, "worker", left.pid, signal.SIGTERM)
    told: list[str] = []
    end_left_overs(records, ROOT, told.append)
    assert not psutil.pid_exists(left.pid)
    left.wait()
    assert told == ["Ending the worker process that an earlier start left behind"]
    assert list(records.iterdir()) == []


def test_a_process_that_only_has_the_same_number_is_left_alone(records: Path) -> None:
    other = subprocess.Popen(SLEEP, start_new_session=True)
    record = {"pid": other.pid, "created": time.time() - 3600, "signal": int(signal.SIGTERM)}
    (records / "worker.process").write_text(json.dumps(record))
    end_left_overs(records, ROOT, pytest.fail)
    assert other.poll() is None
    assert list(records.iterdir()) == []
    other.kill()
    other.wait()


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"pid": "x"}', "null"])
def test_a_damaged_record_stops_nobody(records: Path, damage: str) -> None:
    (records / "worker.process").write_text(damage)
    end_left_overs(records, ROOT, pytest.fail)
    assert list(records.iterdir()) == []


def test_a_child_that_keeps_dying_is_tried_ever_more_seldom(
    records: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child = _child(records, [sys.executable, "-c", "raise SystemExit('no such queue')"])
    child.start(records)
    restarts, now = Restarts(), 1000.0
    for pause in [*PAUSES, PAUSES[-1]]:
        eventually(child.ended)
        before = child.process
        restarts.look_after(child, records, now)
        restarts.look_after(child, records, now + pause - 0.01)
        assert child.process is before
        now += pause
        restarts.look_after(child, records, now)
        assert child.process is not before
    said = capsys.readouterr().out.splitlines()
    assert said == [
        *(f"· The worker ended with code 1: starting it again in {p:g} s" for p in PAUSES[:-1]),
        f"· The worker keeps ending (no such queue): trying every 30 s, see {child.log}",
    ]
    child.stop(records)


def test_a_child_that_ran_long_starts_again_at_once(
    records: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child, restarts = _child(records), Restarts()
    child.start(records)
    for now in (1000.0, 1000.0 + 2 * STEADY_SECONDS):
        assert child.process is not None
        restarts.look_after(child, records, now)
        child.process.kill()
        child.process.wait()
        restarts.look_after(child, records, now)
        restarts.look_after(child, records, now + PAUSES[0])
    said = capsys.readouterr().out.splitlines()
    assert said == ["· The worker was killed (SIGKILL): starting it again in 0.5 s"] * 2
    child.stop(records)


def test_the_environment_of_a_stack_is_lent_only_while_it_runs(records: Path) -> None:
    assert read_stack_environment(records) == {}
    with Claim(records):
        write_stack_environment(records, {"DATABASE_URL": "postgresql://a?b=c", "HOME": "/root"})
        assert read_stack_environment(records) == {"DATABASE_URL": "postgresql://a?b=c"}
    assert read_stack_environment(records) == {}


def test_the_environment_that_a_killed_stack_left_is_not_believed(records: Path) -> None:
    write_stack_environment(records, {"DATABASE_URL": "postgresql://gone"})
    (records / "lock").write_text('{"pid": 1}')
    assert read_stack_environment(records) == {}


def test_the_product_is_closed_to_others_whatever_the_person_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DEBUG", "ALLOWED_HOSTS", "BIND", "SMARKETING_EMBEDDED", "DEMO"):
        monkeypatch.setenv(name, "1")
    found = product_environment(tmp_path, 8001)
    assert found["DEBUG"] == found["SMARKETING_EMBEDDED"] == "0"
    assert found["BIND"] == "127.0.0.1:8001"
    assert found["ALLOWED_HOSTS"] == "localhost,127.0.0.1"
    assert found["DEMO"] == "1"


def test_the_secret_key_is_made_once_and_long(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    key = secret_key(path)
    assert len(key) >= 50
    assert secret_key(path) == key


def test_a_long_path_gets_a_short_private_folder_for_its_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    folder = socket_folder(deep, ".s.PGSQL.5432")
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES
    assert folder.stat().st_mode & 0o777 == 0o700
    assert socket_folder(deep, ".s.PGSQL.5432") == folder
    folder.rmdir()


def test_a_short_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    folder = socket_folder(deep, "redis.sock")
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(StartError, match="belongs to somebody else"):
        socket_folder(deep, "redis.sock")
    folder.unlink()
