"""The background's work on scores: fading each night, recalculation after a rule changed."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from celery import shared_task

from jobs.doorbell import bell
from jobs.ticks import single_tick
from leads.services.fading import fade_scores
from leads.services.recalculating import RECALCULATE, continue_run, unfinished
from smarketing import time_source

WORKING_SECONDS = 30.0


@shared_task(name="leads.fade_scores")
@single_tick("leads.fade_scores", timedelta(days=1))
def fade_all(at: datetime) -> int:
    """Fade engagement of every open lead, batch by batch; return how many scores changed."""
    return fade_scores(at=at)


@shared_task(name=RECALCULATE)
def recalculate_scores() -> int:
    """Go on with the recalculation that waits, because the bell rang; safe beside any other."""
    return _work()


@shared_task(name="leads.sweep_score_runs")
@single_tick("leads.sweep_score_runs", timedelta(minutes=1))
def sweep_score_runs(at: datetime) -> int:
    """Go on with a recalculation whose bell was lost or whose worker died."""
    return _work()


def _work() -> int:
    """Score batch after batch until nothing is left or the time is up; then ring for the rest."""
    ends = time.monotonic() + WORKING_SECONDS
    done = 0
    while time.monotonic() < ends:
        batch = continue_run(at=time_source.now())
        if not batch:
            return done
        done += batch
    if unfinished().exists():
        bell.publish(RECALCULATE)
    return done
