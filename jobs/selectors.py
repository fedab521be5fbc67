"""What an administrator sees of the background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import redis
from celery import current_app
from celery.schedules import crontab
from django.conf import settings
from django.utils.translation import gettext as _

from jobs import broker
from jobs.models import JobOutcome, JobRun


@dataclass(frozen=True)
class JobState:
    """A periodic job and its last run."""

    name: str
    schedule: str
    last: JobRun | None


@dataclass(frozen=True)
class QueueState:
    """A queue of the broker: messages waiting, and messages given to a worker and not yet done."""

    name: str
    waiting: int
    in_work: int


def job_states() -> list[JobState]:
    """Return every job of the beat table with its latest run; one query."""
    latest = {run.job: run for run in JobRun.objects.order_by("job", "-started_at").distinct("job")}
    return [
        JobState(entry["task"], _schedule_text(entry["schedule"]), latest.get(entry["task"]))
        for entry in sorted(current_app.conf.beat_schedule.values(), key=lambda e: e["task"])
    ]


def _schedule_text(schedule: object) -> str:
    """Return when a job runs, in words; the table holds seconds and daily times only."""
    if isinstance(schedule, crontab):
        (hour,), (minute,) = schedule.hour, schedule.minute  # type: ignore[attr-defined]  # the stubs leave them out
        return _("daily at %(time)s UTC") % {"time": f"{hour:02}:{minute:02}"}
    return _("every %(n)s seconds") % {"n": f"{schedule:g}"}


def queue_states() -> Sequence[QueueState] | None:
    """Return the queues' lengths, None while Redis is away."""
    name = current_app.conf.task_default_queue
    try:
        client = broker.client(settings.REDIS_URL)
        return [QueueState(name, int(client.llen(name)), int(client.hlen("unacked")))]
    except redis.RedisError:
        return None


def failed_runs(*, since: datetime, limit: int = 20) -> list[JobRun]:
    """Return the latest failed runs since `since`, newest first."""
    failed = JobRun.objects.filter(outcome=JobOutcome.FAILED, started_at__gte=since)
    return list(failed.order_by("-started_at")[:limit])
