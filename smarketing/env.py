"""Strict readers of the environment: one place that knows every variable the product reads.

`read_environment` reads them all, then refuses once with every wrong or missing value by name.
Pure: it takes a mapping, so that tests need no process of their own. `.env.example` lists the same
names (tested).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url

INSECURE_SECRET_KEY = "insecure-development-key-never-use-it-on-a-server"  # noqa: S105  # refused below
SHORTEST_SECRET_KEY = 50
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

T = TypeVar("T")


class WrongEnvironment(Exception):
    """One or more variables are missing or wrong; the message names each with its reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("The environment is not right:\n" + "\n".join(f"- {p}" for p in problems))


@dataclass(frozen=True)
class Environment:
    """Every value that the settings take from outside."""

    debug: bool
    secret_key: str
    secret_key_fallbacks: list[str]
    allowed_hosts: list[str]
    base_url: str
    https: bool
    behind_proxy: bool
    database: dict[str, Any]
    redis_url: str
    email: dict[str, Any]
    default_from_email: str
    oidc: dict[str, str] | None
    log_level: str
    log_json: bool
    embedded: bool
    demo: bool
    test_time: str
    static_root: str
    private_root: str
    bind: str
    web_processes: int
    web_threads: int
    beat_schedule_file: str


class _Reader:
    """Reads single variables and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def read(self, name: str, default: T, parse: Callable[[str], T]) -> T:
        raw = self.environ.get(name, "").strip()
        if not raw:
            return default
        try:
            return parse(raw)
        except ValueError as error:
            self.problems.append(f"{name}: {error}")
            return default

    def required(self, name: str, default: T, parse: Callable[[str], T], hint: str) -> T:
        if not self.environ.get(name, "").strip():
            self.problems.append(f"{name} is missing: {hint}")
            return default
        return self.read(name, default, parse)

    def text(self, name: str, default: str = "") -> str:
        return self.read(name, default, str)

    def flag(self, name: str, default: bool) -> bool:
        return self.read(name, default, _flag)

    def names(self, name: str) -> list[str]:
        return self.read(
            name, [], lambda raw: [part.strip() for part in raw.split(",") if part.strip()]
        )


def _flag(raw: str) -> bool:
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError(f"{raw!r} is not a yes or a no (use 1 or 0)")


def _database(raw: str) -> dict[str, Any]:
    if urlsplit(raw).scheme not in {"postgres", "postgresql"}:
        raise ValueError("only postgresql://user:password@host:port/name is supported")
    config = dict(dj_database_url.parse(raw, conn_max_age=60, conn_health_checks=True))
    if not config.get("NAME"):
        raise ValueError("the address names no database")
    return config


def _is_trusting(database: dict[str, Any]) -> bool:
    """Tell whether a database is reached by a unix socket without a password."""
    host = str(database.get("HOST") or database.get("OPTIONS", {}).get("host", ""))
    by_socket = not host or host.startswith("/")
    return bool(database) and by_socket and not database.get("PASSWORD")


def _redis(raw: str) -> str:
    if urlsplit(raw).scheme not in {"redis", "rediss", "redis+socket"}:
        raise ValueError("use redis://host:port/0, rediss://… or redis+socket:///path")
    return raw


def _email(raw: str) -> dict[str, Any]:
    if urlsplit(raw).scheme not in dj_email_url.SCHEMES:
        raise ValueError(f"unknown kind of mail address {raw!r}")
    return dict(dj_email_url.parse(raw))


def _count(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or int(raw) == 0:
        raise ValueError(f"{raw!r} is not a whole number above zero")
    return int(raw)


def _log_level(raw: str) -> str:
    if raw.upper() not in LOG_LEVELS:
        raise ValueError(f"{raw!r} is none of {', '.join(LOG_LEVELS)}")
    return raw.upper()


def _base_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("use an absolute address such as https://smarketing.example.com")
    return raw.rstrip("/")


def _oidc(reader: _Reader) -> dict[str, str] | None:
    """Return the single sign-on connection, or None; half of one is a problem."""
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    values = {name: reader.text(name) for name in names}
    if not any(values.values()):
        return None
    for name, value in values.items():
        if not value:
            reader.problems.append(
                f"{name} is missing: single sign-on needs all of {', '.join(names)}"
            )
    return {
        "name": reader.text("OIDC_NAME", "Single sign-on"),
        "issuer": values["OIDC_ISSUER"],
        "client_id": values["OIDC_CLIENT_ID"],
        "client_secret": values["OIDC_CLIENT_SECRET"],
    }


def _secret_key(reader: _Reader, debug: bool) -> str:
    key = reader.text("SECRET_KEY", INSECURE_SECRET_KEY)
    if debug:
        return key
    if key == INSECURE_SECRET_KEY:
        reader.problems.append("SECRET_KEY is missing: with DEBUG off the built-in key is refused")
    elif len(key) < SHORTEST_SECRET_KEY:
        reader.problems.append(
            f"SECRET_KEY is too short: use at least {SHORTEST_SECRET_KEY} random characters"
        )
    return key


def _check_together(reader: _Reader, env: Environment) -> None:
    """Refuse values that are right alone and wrong together."""
    if not env.debug and not env.allowed_hosts:
        reader.problems.append("ALLOWED_HOSTS is missing: name the hosts this server answers for")
    if env.demo and not set(env.allowed_hosts) <= LOOPBACK_HOSTS:
        reader.problems.append("DEMO: demo sign-ins are refused on any host but this machine's own")
    if _is_trusting(env.database) and not (env.embedded or env.debug):
        reader.problems.append(
            "DATABASE_URL: a socket without a password trusts everybody on the machine; "
            "only the embedded server may be so (SMARKETING_EMBEDDED=1)"
        )
    database = str(env.database.get("NAME", ""))
    if env.test_time and "test" not in database:
        reader.problems.append(
            "TEST_TIME is for test databases only; the database's name has no 'test'"
        )


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Read all variables from `environ`; raise WrongEnvironment that names every problem."""
    reader = _Reader(environ)
    debug = reader.flag("DEBUG", False)
    env = Environment(
        debug=debug,
        secret_key=_secret_key(reader, debug),
        secret_key_fallbacks=reader.names("SECRET_KEY_FALLBACKS"),
        allowed_hosts=reader.names("ALLOWED_HOSTS")
        or (["localhost", "127.0.0.1"] if debug else []),
        base_url=reader.read("BASE_URL", "http://127.0.0.1:8000", _base_url),
        https=reader.flag("HTTPS", not debug),
        behind_proxy=reader.flag("BEHIND_PROXY", False),
        database=reader.required(
            "DATABASE_URL",
            {},
            _database,
            "for example postgresql://user:password@host:5432/smarketing",
        ),
        redis_url=reader.required("REDIS_URL", "", _redis, "for example redis://host:6379/0"),
        email=reader.read("EMAIL_URL", dj_email_url.parse("console:"), _email),
        default_from_email=reader.text("DEFAULT_FROM_EMAIL", "smarketing <smarketing@localhost>"),
        oidc=_oidc(reader),
        log_level=reader.read("LOG_LEVEL", "INFO", _log_level),
        log_json=reader.flag("LOG_JSON", not debug),
        embedded=reader.flag("SMARKETING_EMBEDDED", False),
        demo=reader.flag("DEMO", False),
        test_time=reader.text("TEST_TIME"),
        static_root=reader.text("STATIC_ROOT", str(Path("var") / "static")),
        private_root=reader.text("PRIVATE_ROOT", str(Path("var") / "private")),
        bind=reader.text("BIND", "127.0.0.1:8000"),
        web_processes=reader.read("WEB_CONCURRENCY", 2, _count),
        web_threads=reader.read("WEB_THREADS", 4, _count),
        beat_schedule_file=reader.text(
            "BEAT_SCHEDULE_FILE", str(Path("var") / "run" / "beat-schedule")
        ),
    )
    _check_together(reader, env)
    if reader.problems:
        raise WrongEnvironment(reader.problems)
    return env
