"""Signs of life and housekeeping of the background."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta

from jobs.models import Heartbeat, JobRun

KEEP_RUNS = timedelta(days=14)


def record_heartbeat(name: str, *, at: datetime) -> None:
    """Note that the process `name` was alive at `at`; one statement, never backwards in effect."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, beat_at=at, host=socket.gethostname())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["beat_at", "host"],
    )


def prune_job_runs(*, at: datetime) -> int:
    """Delete runs older than `KEEP_RUNS`; return how many."""
    deleted, _by_model = JobRun.objects.filter(started_at__lt=at - KEEP_RUNS).delete()
    return deleted
