"""`make up`: the whole product on one machine, started, watched and stopped by one small process.

It starts PostgreSQL and Redis (unless DATABASE_URL or REDIS_URL name others), prepares the
database, then runs the web server, the worker and the clock of periodic jobs as children. A child
that dies is started again after a pause that grows; all that happens is told in plain sentences.
Ctrl-C, SIGTERM and the end of `make` stop everything in reverse order. Django is not loaded here.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

from smarketing.console import ROOT, StartError, end_on_start_error, say
from smarketing.embedded import prepare_postgres, prepare_redis
from smarketing.processes import Child, end_left_overs, turn_log, wait_until
from smarketing.running import Claim, var_folder, write_stack_environment
from smarketing.stack import processes_of_the_product, product_environment

LONG_RECOVERY_SECONDS = 300.0
LONGEST_PREPARATION_SECONDS = 3600.0
FIRST_PAGE_SECONDS = 90.0
LAST_PORT = 65535
PAUSES = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0)  # before the first, second, … restart in a row
STEADY_SECONDS = 60.0  # a child that ran this long starts again with the shortest pause


class StopAsked(BaseException):
    """Somebody pressed Ctrl-C, sent SIGTERM, or ended the `make` above us."""


class Supervisor:
    """Starts children in order, restarts those that die, stops all in reverse order."""

    def __init__(self, var: Path, port: int, *, with_parent: bool) -> None:
        self.var = var
        self.run = var / "run"
        self.port = port
        self.children: list[Child] = []
        self.restarts = Restarts()
        self._stop_asked = False
        self._parent = os.getppid() if with_parent else None

    def ask_to_stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Note the wish; it is acted on between two steps. A second wish waits for nobody."""
        if self._stop_asked:
            for child in self.children:
                child.grace_seconds = 1.0
        self._stop_asked = True

    def check(self) -> None:
        """Raise StopAsked when it is time to stop."""
        if self._parent is not None and os.getppid() != self._parent:
            self._stop_asked = True
        if self._stop_asked:
            raise StopAsked

    # --- starting -----------------------------------------------------------------------------

    def start(self, child: Child, seconds: float) -> None:
        """Start one child and wait until it serves; raises StartError with its last words."""
        self.check()
        child.start(self.run)
        self.children.append(child)

        def alive() -> None:
            self.check()
            if (end := child.ended()) is not None:
                raise StartError(f"{child.words} {end}: {child.last_words()} (log: {child.log})")

        if not wait_until(child.ready, seconds=seconds, check=alive):
            raise StartError(f"{child.words} did not answer within {seconds:.0f} s: {child.log}")

    def run_once(self, child: Child) -> None:
        """Run a command to its end and pass on its progress; raises StartError when it fails."""
        self.check()
        turn_log(child.log)
        progress = Progress(child.log)
        child.start(self.run)
        self.children.append(child)

        def done() -> bool:
            progress.pass_on()
            return child.ended() is not None

        wait_until(done, seconds=LONGEST_PREPARATION_SECONDS, check=self.check)
        progress.pass_on()
        end = child.ended()
        self.children.remove(child)
        child.stop(self.run)
        if end != "ended with code 0":
            raise StartError(f"{child.words} failed: {child.last_words()} (log: {child.log})")

    def start_servers(self) -> dict[str, str]:
        """Start the servers that nobody named, and return the environment of the product."""
        environment = product_environment(self.var, self.port)
        if not environment.get("DATABASE_URL"):
            postgres = prepare_postgres(self.var, say)
            say("Starting PostgreSQL")
            self.start(postgres, LONG_RECOVERY_SECONDS)
            environment["DATABASE_URL"] = postgres.env["DATABASE_URL"]
            # Says to the settings that a socket without a password is meant.
            environment["SMARKETING_EMBEDDED"] = "1"
        if not environment.get("REDIS_URL"):
            redis = prepare_redis(self.var)
            say("Starting Redis")
            self.start(redis, LONG_RECOVERY_SECONDS)
            environment["REDIS_URL"] = redis.env["REDIS_URL"]
        return environment

    def start_product(self, environment: dict[str, str]) -> None:
        """Prepare the database, then start the web server until it answers, worker and clock."""
        prepare, web, *others = processes_of_the_product(self.var, environment)
        self.run_once(prepare)
        say("Starting the web server, the worker and the clock of periodic jobs")
        web.ready = lambda: answers(self.port)
        self.start(web, FIRST_PAGE_SECONDS)
        for child in others:
            self.start(child, FIRST_PAGE_SECONDS)

    # --- watching and stopping ----------------------------------------------------------------

    def watch(self) -> None:
        """Restart children that die, until StopAsked is raised."""
        while True:
            self.check()
            for child in self.children:
                self.restarts.look_after(child, self.run, time.monotonic())
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop all children, the last started first."""
        for child in reversed(self.children):
            child.stop(self.run)


class Progress:
    """Passes on what a child says to people: the lines of its log that begin like our own."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read = log.stat().st_size if log.exists() else 0

    def pass_on(self) -> None:
        """Say the complete lines that were written since the last time."""
        with suppress(FileNotFoundError), self._log.open("rb") as log:
            log.seek(self._read)
            new = log.read()
            complete = new[: new.rfind(b"\n") + 1]
            self._read += len(complete)
            for line in complete.decode(errors="replace").splitlines():
                if line.startswith("· "):
                    say(line.removeprefix("· "))


class Restarts:
    """Remembers how often each child died in a row, and when it may start again."""

    def __init__(self) -> None:
        self._row: dict[str, int] = {}
        self._due: dict[str, float] = {}
        self._started: dict[str, float] = {}

    def look_after(self, child: Child, records: Path, now: float) -> None:
        """Tell the end of a child once, and start it again when its pause is over (seconds)."""
        end = child.ended()
        if end is None:
            if now - self._started.get(child.name, now) > STEADY_SECONDS:
                self._row.pop(child.name, None)
        elif child.name not in self._due:
            self._tell(child, end, now)
        elif now >= self._due[child.name]:
            del self._due[child.name]
            self._started[child.name] = now
            with suppress(StartError):
                child.start(records)

    def _tell(self, child: Child, end: str, now: float) -> None:
        child.sweep()
        row = self._row.get(child.name, 0)
        self._row[child.name] = row + 1
        pause = PAUSES[min(row, len(PAUSES) - 1)]
        self._due[child.name] = now + pause
        if row < len(PAUSES) - 1:
            say(f"{child.words} {end}: starting it again in {pause:g} s")
        elif row == len(PAUSES) - 1:
            say(
                f"{child.words} keeps ending ({child.last_words()}):"
                f" trying every {pause:g} s, see {child.log}"
            )


def answers(port: int) -> bool:
    """Whether /healthz says 200 on this machine's own address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz", headers={"Host": "127.0.0.1"})
        return connection.getresponse().status == http.client.OK
    return False


def read_port(text: str) -> int:
    """The port to serve on; raises StartError when the text is none."""
    if not text.isdecimal() or not 0 < int(text) < LAST_PORT + 1:
        raise StartError(f"PORT={text} is not a port: use a number from 1 to {LAST_PORT}")
    return int(text)


def require_free(port: int) -> None:
    """Raise StartError when another program holds the port, or only root may."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise StartError(f"Port {port} needs root: choose one, make up PORT=8001") from None
        except OSError:
            raise StartError(f"Port {port} is taken: choose another, make up PORT=8001") from None


def greet(port: int, sign_ins: Path, seconds: float) -> None:
    """Print the address, and who can sign in."""
    print(f"\n✓ smarketing is ready after {seconds:.0f} s: http://127.0.0.1:{port}\n", flush=True)
    with suppress(FileNotFoundError):
        print(sign_ins.read_text().rstrip() + "\n", flush=True)
    print("Ctrl-C stops it; the data stay. Logs are in var/log.", flush=True)


def serve(supervisor: Supervisor, claim: Claim) -> None:
    """Start everything and watch over it until somebody asks to stop."""
    began = time.monotonic()
    address = f"http://127.0.0.1:{supervisor.port}"
    claim.write(address)
    try:
        end_left_overs(supervisor.run, ROOT, say)
        require_free(supervisor.port)
        environment = supervisor.start_servers()
        write_stack_environment(supervisor.run, environment)
        supervisor.start_product(environment)
        greet(supervisor.port, supervisor.run / "sign-ins.txt", time.monotonic() - began)
        supervisor.watch()
    except StopAsked:
        say("Stopping")
    finally:
        claim.write(address, stopping=True)
        supervisor.stop()


def main(arguments: list[str]) -> int:
    """Run the supervisor; `--with-parent` ends it when the process that started it ends."""
    with end_on_start_error():
        port = read_port(os.environ.get("PORT") or "8000")
        supervisor = Supervisor(var_folder(), port, with_parent="--with-parent" in arguments)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, supervisor.ask_to_stop)
        with Claim(supervisor.run) as claim:
            serve(supervisor, claim)
        say("Stopped")
    return 0
