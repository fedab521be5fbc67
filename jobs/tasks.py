"""The background's own jobs."""

from __future__ import annotations

from datetime import datetime, timedelta

from celery import shared_task

from jobs import services
from jobs.ticks import single_tick


@shared_task(name="jobs.heartbeat")
@single_tick("jobs.heartbeat", timedelta(seconds=15))
def heartbeat(at: datetime) -> int:
    """Prove that beat rang, the broker carried and a worker ran."""
    services.record_heartbeat("worker", at=at)
    return 1


@shared_task(name="jobs.prune_job_runs")
@single_tick("jobs.prune_job_runs", timedelta(days=1))
def prune_job_runs(at: datetime) -> int:
    """Forget old runs."""
    return services.prune_job_runs(at=at)
