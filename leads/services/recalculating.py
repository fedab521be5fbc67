"""Recalculation of all open leads in the background: by batches, from where it stands.

What is to be done stands in the `ScoreRun`; the bell only wakes a worker. A worker that dies loses
its batch, which the next one does again; two workers never take the same batch.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from jobs.doorbell import ring
from leads.enums import RunState
from leads.models import FunnelSettings, Lead, ScoreRun
from leads.services.scoring import score_leads

RECALCULATE = "leads.recalculate_scores"
BATCH = 500


@transaction.atomic
def start_run(*, asked_by: User | None, at: datetime) -> ScoreRun:
    """Begin a recalculation; one that is still going is ended, for the new one does its work."""
    FunnelSettings.objects.select_for_update().filter(pk=1).first()  # one beginner at a time
    unfinished().update(state=RunState.DONE, finished_at=at)
    run = ScoreRun.objects.create(asked_by=asked_by, asked_at=at, total=Lead.objects.open().count())
    ring(RECALCULATE)
    return run


def unfinished() -> QuerySet[ScoreRun]:
    """Runs that wait or go on."""
    return ScoreRun.objects.filter(finished_at__isnull=True)


@transaction.atomic
def continue_run(*, at: datetime, size: int = BATCH) -> int | None:
    """Score the next `size` leads of the run that is going; None when there is nothing to do.

    Returns 0 while another worker is at it.
    """
    run = unfinished().order_by("id").select_for_update(skip_locked=True).first()
    if run is None:
        return 0 if unfinished().exists() else None
    ids = _next(run, size)
    score_leads(ids, at=at)
    run.state, run.done = RunState.RUNNING, run.done + len(ids)
    run.last_lead_id = ids[-1] if ids else run.last_lead_id
    if len(ids) < size:
        run.state, run.finished_at = RunState.DONE, at
        run.total = run.done
    run.save()
    return len(ids)


def _next(run: ScoreRun, size: int) -> list[int]:
    rows = Lead.objects.open().filter(id__gt=run.last_lead_id).order_by("id")
    return list(rows.values_list("id", flat=True)[:size])
