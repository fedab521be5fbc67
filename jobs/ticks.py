"""Periodic jobs that run once a period, however often the bell rings.

A job is a function `run(at) -> int` (rows dealt with). `single_tick` claims the period's slot by a
unique row before it runs: two beats, a redelivered message and a slow twin all find the slot taken.
A run that dies leaves its row RUNNING; the next period begins anew, for every job finds its work in
the database and not in the message.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Max

from jobs.models import JobOutcome, JobRun
from smarketing import time_source

# Runs that lie further ahead than this were begun before somebody set the clock back. Without that
# a job would stand still until the time comes again.
WENT_BACK = timedelta(minutes=5)

Run = Callable[[datetime], int]

log = structlog.get_logger(__name__)


def slot_of(at: datetime, every: timedelta) -> int:
    """Return the number of whole periods `every` from the epoch to `at`."""
    return int(at.timestamp() // every.total_seconds())


def claim_slot(job: str, slot: int, *, at: datetime, ahead: int | None = None) -> JobRun | None:
    """Take the slot of `job`; None when somebody has it already.

    `ahead` says how many slots further on a run must lie that was begun later, for the clock to
    have gone back since: the slot is then taken anew, once.
    """
    try:
        with transaction.atomic():
            return JobRun.objects.create(job=job, slot=slot, started_at=at)
    except IntegrityError:
        return None if ahead is None else _claim_again(job, slot, ahead, at)


def _claim_again(job: str, slot: int, ahead: int, at: datetime) -> JobRun | None:
    with transaction.atomic():
        later = JobRun.objects.filter(job=job, slot__gt=slot + ahead).aggregate(last=Max("pk"))
        stale = JobRun.objects.filter(job=job, slot=slot, pk__lt=later["last"] or 0)
        if not stale.delete()[0]:
            return None
        return JobRun.objects.create(job=job, slot=slot, started_at=at)


def slots_ahead(every: timedelta) -> int:
    """Return how many slots clocks of several machines may differ by, and one at least."""
    return max(1, ceil(WENT_BACK / every))


def single_tick(job: str, every: timedelta) -> Callable[[Run], Callable[[], int | None]]:
    """Make `run` the body of the periodic `job`: at most once in each period `every`.

    A clock that goes back does not stop the job: its slots are taken anew, once each.
    The wrapped function asks the time source, returns what `run` returned, or None when the slot
    was taken. An error is kept in the slot's row and raised on.
    """

    def wrap(run: Run) -> Callable[[], int | None]:
        @functools.wraps(run)
        def tick(*_args: Any) -> int | None:
            at = time_source.now()
            claimed = claim_slot(job, slot_of(at, every), at=at, ahead=slots_ahead(every))
            return None if claimed is None else _run_claimed(claimed, run, at)

        return tick

    return wrap


def _run_claimed(claimed: JobRun, run: Run, at: datetime) -> int:
    try:
        done = run(at)
    except Exception as error:
        log.error("job_failed", job=claimed.job, slot=claimed.slot, error=str(error))
        _finish(claimed, JobOutcome.FAILED, error=f"{type(error).__name__}: {error}")
        raise
    _finish(claimed, JobOutcome.DONE, done=done)
    return done


def _finish(claimed: JobRun, outcome: JobOutcome, *, done: int = 0, error: str = "") -> None:
    JobRun.objects.filter(pk=claimed.pk).update(
        outcome=outcome, done=done, error=error, finished_at=time_source.now()
    )
