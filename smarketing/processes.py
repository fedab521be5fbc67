"""Child processes that do not outlive us, and records that let the next start end what did.

Standard library and psutil only: the supervisor and the test run use it before Django is set up.
Every child leads a session of its own, so that Ctrl-C reaches only the parent, which then stops
the children in its own order. On Linux the kernel signals a child when its parent dies; elsewhere
(and for grandchildren) the next start reads the records and ends what is left.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from smarketing.console import StartError
from smarketing.machine import Account, as_account

PR_SET_PDEATHSIG = 1
LOG_BYTES = 5_000_000
ERROR_LINE = re.compile(r"[\w.]*(Error|Exception|Improper\w+|FATAL|fatal)\b.*: ")
SAME_INSTANT_SECONDS = 2.0  # creation times move a little when the clock is set


@dataclass
class Child:
    """One process we start, watch and stop.

    `words` names it in sentences ("The worker"); `stop_signal` asks it to end in order and
    `grace_seconds` is how long it may take; `ready` answers whether it serves by now.
    """

    name: str
    words: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    folder: Path
    ready: Callable[[], bool] = lambda: True
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 15.0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self, records: Path) -> None:
        """Start the process and write its record; raises StartError when it cannot be started."""
        turn_log(self.log)
        with self.log.open("ab") as log:
            try:
                self.process = subprocess.Popen(
                    self.command,
                    cwd=self.folder,
                    env=dict(self.env),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=_follow_parent(self.stop_signal),  # noqa: PLW1509 - we run no threads
                    **as_account(self.account),
                )
            except OSError as error:
                raise StartError(f"{self.words} cannot be started: {error}") from error
        write_record(records, self.name, self.process.pid, self.stop_signal)

    def ended(self) -> str | None:
        """How it ended, in words, or None while it runs."""
        if self.process is None:
            return "was not started"
        code = self.process.poll()
        return None if code is None else exit_words(code)

    def stop(self, records: Path) -> None:
        """Ask it to end, insist after its grace, and leave none of its own children behind."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.grace_seconds)
            self.sweep()
        forget_record(records, self.name)

    def sweep(self) -> None:
        """Kill what is left of its session, for instance the pool of a killed worker."""
        if self.process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self) -> str:
        """The line of its log that tells best why it ended: its last error, else its last line."""
        with suppress(OSError):
            lines = self.log.read_bytes()[-4000:].decode(errors="replace").split("\n")
            told = [line.strip() for line in lines if line.strip()]
            errors = [line for line in told if ERROR_LINE.match(line)]
            return (errors or told or [""])[-1]
        return ""


def exit_words(code: int) -> str:
    """`-9` → "was killed (SIGKILL)", `1` → "ended with code 1"."""
    if code >= 0:
        return f"ended with code {code}"
    with suppress(ValueError):
        return f"was killed ({signal.Signals(-code).name})"
    return f"was killed (signal {-code})"


def turn_log(log: Path) -> None:
    """Keep a log file below a bound: one older file beside it, made when a child starts."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".old.log"))


def _follow_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """What a child does before it becomes its program: ask to be told when we die (Linux)."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def follow() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != parent:  # we died before the request was made
            os._exit(1)

    return follow


# --- records --------------------------------------------------------------------------------------


def write_record(records: Path, name: str, pid: int, stop_signal: signal.Signals) -> None:
    """Note a child by pid and creation time, so that a re-used pid is never taken for it."""
    with suppress(psutil.NoSuchProcess):
        created = psutil.Process(pid).create_time()
        record = {"pid": pid, "created": created, "signal": int(stop_signal)}
        # Whole or not at all, whoever reads it or kills us meanwhile.
        written = records / f"{name}.process.new"
        written.write_text(json.dumps(record))
        written.replace(records / f"{name}.process")


def forget_record(records: Path, name: str) -> None:
    """Remove the note of a child that has ended."""
    (records / f"{name}.process").unlink(missing_ok=True)


def end_left_overs(records: Path, project: Path, say: Callable[[str], None]) -> None:
    """End what a killed start left behind, politely first, and remove the records."""
    for path in sorted(records.glob("*.process")):
        with suppress(ValueError, KeyError, TypeError):
            record = json.loads(path.read_text())
            left = _left_over(int(record["pid"]), float(record["created"]), project)
            if left:
                say(f"Ending the {path.stem} process that an earlier start left behind")
                end_all(left, signal.Signals(int(record["signal"])))
        path.unlink(missing_ok=True)


def _left_over(pid: int, created: float, project: Path) -> list[psutil.Process]:
    """The recorded process, if it is still the same one, and the members of its session."""
    with suppress(psutil.NoSuchProcess):
        leader = psutil.Process(pid)
        if abs(leader.create_time() - created) > SAME_INSTANT_SECONDS:
            return []  # the pid belongs to somebody else by now
        return [leader, *leader.children(recursive=True)]
    return [process for process in psutil.process_iter() if _of_session(process, pid, project)]


def _of_session(process: psutil.Process, leader: int, project: Path) -> bool:
    """Whether an orphan belongs to the session of a dead leader and to this project."""
    try:
        return os.getsid(process.pid) == leader and any(
            str(project) in part for part in process.cmdline()
        )
    except (psutil.Error, OSError):
        return False


def end_all(
    processes: Iterable[psutil.Process], stop_signal: signal.Signals, grace_seconds: float = 20.0
) -> None:
    """Signal the processes, wait, and kill those that stay."""
    processes = list(processes)
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(stop_signal)
    _, stubborn = psutil.wait_procs(processes, timeout=grace_seconds)
    for process in stubborn:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(stubborn, timeout=5)


def wait_until(
    ready: Callable[[], bool], *, seconds: float, check: Callable[[], None], every: float = 0.1
) -> bool:
    """Wait for `ready`; `check` may raise to stop the waiting. False when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        check()
        if ready():
            return True
        time.sleep(every)
    return False
