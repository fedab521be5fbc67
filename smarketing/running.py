"""Which stack runs on this checkout: one claim at a time, and its environment for other commands.

The claim is a file lock, which the kernel lets go of when its holder dies, so nothing stale can
stop the next start. While a stack holds it, `manage.py shell` and the like find its servers by
themselves.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from smarketing.console import ROOT, StartError, say
from smarketing.machine import private_folder

HANDED_ON = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "SMARKETING_EMBEDDED",
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DEBUG",
    "DEMO",
    "HTTPS",
    "EMAIL_URL",
    "LOG_JSON",
)
LOOK_AGAIN_SECONDS = 2.0  # a start whose `make` was just killed says within this that it stops
STOPPING_SECONDS = 90.0


class Claim:
    """Holds the folder `run` for one stack; raises StartError when another stack has it."""

    def __init__(self, run: Path) -> None:
        self.run = run
        self._file = -1

    def __enter__(self) -> Claim:
        private_folder(self.run)
        self._file = os.open(self.run / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        began, told = time.monotonic(), False
        while not _locked(self._file, fcntl.LOCK_EX):
            holder = _read_holder(self.run)
            waited = time.monotonic() - began
            if waited > (STOPPING_SECONDS if holder.get("stopping") else LOOK_AGAIN_SECONDS):
                raise StartError(_already(holder))
            if holder.get("stopping") and not told:
                say("An earlier start is still stopping: waiting for it")
                told = True
            time.sleep(0.2)
        return self

    def write(self, address: str, *, stopping: bool = False) -> None:
        """Tell others where the stack answers, or that it is on its way out."""
        note = json.dumps({"pid": os.getpid(), "address": address, "stopping": stopping})
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, note.encode(), 0)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        (self.run / "stack.env").unlink(missing_ok=True)
        os.ftruncate(self._file, 0)
        os.close(self._file)


def _already(holder: Mapping[str, object]) -> str:
    where = holder.get("address") or "this folder"
    return f"smarketing is already running at {where} (process {holder.get('pid', 'unknown')})"


def _locked(file: int, kind: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(file, kind | fcntl.LOCK_NB)
        return True
    return False


def _read_holder(run: Path) -> dict[str, object]:
    with suppress(OSError, ValueError):
        note = json.loads((run / "lock").read_text())
        return note if isinstance(note, dict) else {}
    return {}


def write_stack_environment(run: Path, environment: Mapping[str, str]) -> None:
    """Keep what other commands need to reach this stack, readable by its owner only."""
    lines = [f"{name}={environment[name]}\n" for name in HANDED_ON if name in environment]
    path = run / "stack.env"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(lines)


def read_stack_environment(run: Path) -> dict[str, str]:
    """The environment of the stack that runs now; empty when none does."""
    with suppress(OSError):
        file = os.open(run / "lock", os.O_RDONLY)
        try:
            if _locked(file, fcntl.LOCK_SH):
                return {}  # nobody holds the claim: what is written there is old
        finally:
            os.close(file)
        lines = (run / "stack.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)
    return {}


def find_running_stack() -> dict[str, str]:
    """The environment of the stack of this checkout, or of $SMARKETING_VAR; empty if none runs."""
    return read_stack_environment(var_folder() / "run")


def var_folder() -> Path:
    """Where data, logs and sockets of this checkout are kept."""
    return Path(os.environ.get("SMARKETING_VAR") or ROOT / "var").resolve()
