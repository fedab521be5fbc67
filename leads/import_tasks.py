"""The background's work on files: read, check, bring in, take out."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from celery import shared_task

from jobs.doorbell import bell
from jobs.ticks import single_tick
from leads.services.imports.ledger import at_work
from leads.services.imports.pruning import prune_imports
from leads.services.imports.steering import WORK
from leads.services.imports.working import work
from smarketing import time_source

WORKING_SECONDS = 30.0
# A workbook is read in one go; a million cells take a slow machine that long.
WHOLE_SECONDS = 600
HARD_SECONDS = WHOLE_SECONDS + 60


@shared_task(name=WORK, soft_time_limit=WHOLE_SECONDS, time_limit=HARD_SECONDS)
def work_on_imports() -> int:
    """Go on with the files that wait, because the bell rang; safe beside any other."""
    return _work()


@shared_task(name="leads.sweep_imports", soft_time_limit=WHOLE_SECONDS, time_limit=HARD_SECONDS)
@single_tick("leads.sweep_imports", timedelta(seconds=30))
def sweep_imports(at: datetime) -> int:
    """Go on with a file whose bell was lost or whose worker died."""
    return _work()


def _work() -> int:
    """Do chunk after chunk until nothing is left or the time is up; then ring for the rest."""
    ends = time.monotonic() + WORKING_SECONDS
    done = work(time_source.now, go_on=lambda: time.monotonic() < ends)
    if time.monotonic() >= ends and at_work():
        bell.publish(WORK)
    return done


@shared_task(name="leads.prune_imports")
@single_tick("leads.prune_imports", timedelta(days=1))
def prune_old_imports(at: datetime) -> int:
    """Forget files and rows of imports that ended long ago."""
    return prune_imports(at=at)
