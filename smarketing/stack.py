"""What the product is made of on one machine: its environment and its processes, as plain data."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from smarketing.console import ROOT
from smarketing.processes import Child

LOOPBACK = "127.0.0.1"
PREPARE = ("-m", "smarketing.prepare")
WEB = ("-m", "gunicorn", "smarketing.wsgi:application")
CELERY = ("-m", "celery", "--app", "smarketing.celery")
WORKER = (*CELERY, "worker", "--concurrency=2", "--loglevel=INFO", "--without-gossip")
BEAT = (*CELERY, "beat", "--loglevel=INFO", "--pidfile=")


def product_environment(var: Path, port: int) -> dict[str, str]:
    """The environment of every process of the product: ours, closed to anything but this machine.

    What the person set stays (DATABASE_URL, REDIS_URL, SECRET_KEY, EMAIL_URL, DEMO, …) except what
    would open the product to others or make it slow.
    """
    base_url = f"http://{LOOPBACK}:{port}"
    defaults = {
        "DEMO": "1",
        "EMAIL_URL": f"file:///{quote(str(var / 'mail'))}",
        "LOG_JSON": "0",
        "WEB_CONCURRENCY": "2",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(var / "secret_key"),
    }
    fixed = {
        "DEBUG": "0",
        "HTTPS": "0",  # loopback has no certificate
        "BEHIND_PROXY": "0",
        "ALLOWED_HOSTS": f"localhost,{LOOPBACK}",
        "BASE_URL": base_url,
        "BIND": f"{LOOPBACK}:{port}",
        "STATIC_ROOT": str(var / "static"),
        "BEAT_SCHEDULE_FILE": str(var / "run" / "beat-schedule"),
        "SMARKETING_EMBEDDED": "0",
        "PYTHONUNBUFFERED": "1",
    }
    given = {name: value for name, value in os.environ.items() if value}
    return defaults | given | fixed


def secret_key(path: Path) -> str:
    """The key that signs sessions here: made once, kept beside the data, for its owner only."""
    if not path.is_file() or not path.read_text().strip():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


def processes_of_the_product(var: Path, environment: Mapping[str, str]) -> list[Child]:
    """The one that prepares the database, then those that stay: web server, worker, clock."""

    def child(name: str, words: str, command: tuple[str, ...], grace_seconds: float) -> Child:
        return Child(
            name=name,
            words=words,
            command=[sys.executable, *command],
            log=var / "log" / f"{name}.log",
            env=environment,
            folder=ROOT,
            stop_signal=signal.SIGTERM,
            grace_seconds=grace_seconds,
        )

    sign_ins = str(var / "run" / "sign-ins.txt")
    return [
        child("prepare", "Preparing the database", (*PREPARE, "--sign-ins", sign_ins), 5),
        child("web", "The web server", WEB, 25),
        child("worker", "The worker", WORKER, 25),
        child("beat", "The clock of periodic jobs", BEAT, 10),
    ]
