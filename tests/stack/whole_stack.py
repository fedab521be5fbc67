"""Starts the real `manage.py up` in a folder of its own, reads what it says, and ends it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from smarketing.console import ROOT
from smarketing.embedded import remove_postgres_data

CHILDREN = ("postgres", "redis", "web", "worker", "beat")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of a person who set nothing of ours."""
    ours = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "SMARKETING_EMBEDDED", "PORT")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"DEMO": "0", "PYTHONUNBUFFERED": "1"} | more


def eventually(happens: Callable[[], Any], seconds: float = 60.0) -> Any:
    """What `happens` returns once it is true; fails the test after the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := happens():
            return found
        time.sleep(0.1)
    raise AssertionError(f"did not happen within {seconds:.0f} s")


class WholeStack:
    """One `up` after another on the same data."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.said: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    def start(self, *, wait: bool = True, **environment: str) -> WholeStack:
        self.said = []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=self.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, args=[self.process], daemon=True)
        self._reader.start()
        if wait:
            self.hears("smarketing is ready")
        return self

    def environment(self, **more: str) -> dict[str, str]:
        own = {"SMARKETING_VAR": str(self.var), "PORT": str(self.port)}
        return clean_environment(**(own | more))

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.said.append(line.strip())

    def hears(self, words: str, seconds: float = 100.0) -> str:
        """The first line with these words; fails when the start ended without saying them."""

        def said() -> str | None:
            found = next((line for line in self.said if words in line), None)
            assert self.process is not None
            if found is None and self.process.poll() is not None:
                self._reader.join(5)
                raise AssertionError(f"{words!r} was never said: {self.said}")
            return found

        return str(eventually(said, seconds))

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.ends()

    def ends(self, seconds: float = 60.0) -> int:
        """Wait for its end, and for all that it said; its exit code."""
        assert self.process is not None
        code = self.process.wait(seconds)
        self._reader.join(5)
        return code

    def pid(self, name: str) -> int:
        return int(json.loads((self.var / "run" / f"{name}.process").read_text())["pid"])

    def family(self) -> list[psutil.Process]:
        """Every process of the stack but the parent."""
        leaders = [psutil.Process(self.pid(name)) for name in CHILDREN]
        return [*leaders, *(child for one in leaders for child in one.children(recursive=True))]

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page; status 0 while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def part(self, name: str) -> str:
        """What /readyz says about one part."""
        _, body = self.get("/readyz")
        return str(
            json.loads(body or b"{}").get("parts", {}).get(name, {}).get("status", "unknown")
        )

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command of the same checkout, which has to find the servers by itself."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def remove(self) -> None:
        """End it whatever it does, and take its data away."""
        if self.process is not None and self.process.poll() is None:
            self.stop(signal.SIGTERM)
        remove_postgres_data(self.var)
