"""Probes tell the truth: live, ready, and what is degraded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from jobs import health, selectors, services
from jobs.models import JobOutcome, JobRun

pytestmark = pytest.mark.django_db


def _ready(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    return response.status_code, response.json()


def test_live_needs_neither_host_nor_database_nor_tls(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client(headers={"host": "10.0.0.7:8000"}).get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready_and_well_while_both_processes_beat(client: Client, at: datetime) -> None:
    services.record_heartbeat("worker", at=at - timedelta(seconds=10))
    services.record_heartbeat("beat", at=at)
    with time_machine.travel(at, tick=False):
        status, body = _ready(client)
    assert status == 200
    assert body == {
        "status": "ok",
        "parts": {
            "database": {"status": "ok", "detail": "", "age_seconds": None},
            "migrations": {"status": "ok", "detail": "", "age_seconds": None},
            "redis": {"status": "ok", "detail": "", "age_seconds": None},
            "worker": {"status": "ok", "detail": "", "age_seconds": 10},
            "beat": {"status": "ok", "detail": "", "age_seconds": 0},
        },
    }


@pytest.mark.parametrize(
    ("late", "status"),
    [
        (-timedelta(microseconds=1), "ok"),
        (timedelta(0), "ok"),
        (timedelta(microseconds=1), "degraded"),
    ],
)
def test_a_process_is_stale_just_after_a_minute(at: datetime, late: timedelta, status: str) -> None:
    services.record_heartbeat("worker", at=at - health.STALE_AFTER - late)
    parts = {part.name: part.status for part in health.check(at=at).parts}
    assert parts["worker"] == status
    assert parts["beat"] == "degraded"  # never seen


def test_without_redis_the_house_is_ready_and_degraded(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis+socket:///nowhere/redis.sock"
    status, body = _ready(client)
    assert (status, body["status"]) == (200, "degraded")
    assert body["parts"]["redis"] == {
        "status": "degraded",
        "detail": "does not answer",
        "age_seconds": None,
    }
    assert selectors.queue_states() is None


def test_a_missing_migration_makes_it_unready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_migrations_known_right", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    status, body = _ready(client)
    assert (status, body["status"]) == (503, "unready")
    assert body["parts"]["migrations"]["detail"] == "1 not applied"


def test_every_job_of_the_table_is_shown_with_its_last_run(at: datetime) -> None:
    for slot, outcome in ((1, JobOutcome.DONE), (2, JobOutcome.FAILED)):
        JobRun.objects.create(
            job="jobs.heartbeat",
            slot=slot,
            outcome=outcome,
            error="",
            started_at=at + timedelta(seconds=slot),
            finished_at=at + timedelta(seconds=slot),
        )
    states = {state.name: state for state in selectors.job_states()}
    assert states["jobs.heartbeat"].schedule == "every 15 seconds"
    last = states["jobs.heartbeat"].last
    assert last is not None
    assert (last.slot, last.outcome) == (2, JobOutcome.FAILED)
    assert states["jobs.prune_job_runs"].last is None
    assert [run.slot for run in selectors.failed_runs(since=at)] == [2]
