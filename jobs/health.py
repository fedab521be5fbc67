"""How the installation is: facts for probes, for administrators, for the supervisor.

The database and its migrations decide readiness. Redis, worker and beat only degrade: web work goes
on without them, and the sweeps catch up when they are back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from jobs import broker
from jobs.models import Heartbeat

log = structlog.get_logger(__name__)

STALE_AFTER = timedelta(seconds=60)
PROCESSES = ("worker", "beat")


@dataclass(frozen=True)
class Part:
    """One part: `status` is ok, degraded or down; ages are in seconds, None when never seen."""

    name: str
    status: str
    detail: str = ""
    age_seconds: int | None = None


@dataclass(frozen=True)
class Health:
    """All parts. Ready while database and migrations are ok; degraded when anything else is not."""

    parts: list[Part] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Tell whether requests can be served."""
        return all(p.status == "ok" for p in self.parts if p.name in {"database", "migrations"})

    @property
    def status(self) -> str:
        """Return `ok`, `degraded` or `unready`."""
        if not self.is_ready:
            return "unready"
        return "ok" if all(p.status == "ok" for p in self.parts) else "degraded"

    def as_dict(self) -> dict[str, Any]:
        """Return the body of /readyz."""
        return {
            "status": self.status,
            "parts": {
                p.name: {"status": p.status, "detail": p.detail, "age_seconds": p.age_seconds}
                for p in self.parts
            },
        }


def check(*, at: datetime) -> Health:
    """Ask every part how it is; never raises."""
    database = _database()
    if database.status != "ok":
        return Health([database, Part("migrations", "down", "unknown"), _redis()])
    return Health([database, _migrations(), _redis(), *_processes(at)])


def _database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        # Anybody may ask the probe: hosts and names of the inner network stay in the log.
        log.warning("database_down", error=str(error))
        return Part("database", "down", "does not answer")
    return Part("database", "ok")


_migrations_known_right = False


def _migrations() -> Part:
    """Compare once; a process whose migrations were right stays right."""
    global _migrations_known_right  # noqa: PLW0603  # one fact a process, set once
    if not _migrations_known_right:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            return Part("migrations", "down", f"{len(missing)} not applied")
        _migrations_known_right = True
    return Part("migrations", "ok")


def _redis() -> Part:
    try:
        broker.client(settings.REDIS_URL).ping()
    except redis.RedisError as error:
        log.warning("redis_down", error=str(error))
        return Part("redis", "degraded", "does not answer")
    return Part("redis", "ok")


def _processes(at: datetime) -> list[Part]:
    beats = dict(Heartbeat.objects.filter(name__in=PROCESSES).values_list("name", "beat_at"))
    return [_process(name, beats.get(name), at) for name in PROCESSES]


def _process(name: str, beat_at: datetime | None, at: datetime) -> Part:
    if beat_at is None:
        return Part(name, "degraded", "never seen")
    age = at - beat_at
    status = "ok" if age <= STALE_AFTER else "degraded"
    return Part(name, status, "", max(0, int(age.total_seconds())))
