"""The background writes long exports and removes what has expired."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from celery import shared_task

from jobs.doorbell import bell
from jobs.ticks import single_tick
from leads.services.exports import (
    WHOLE_SECONDS,
    WRITE,
    release,
    remove_expired,
    take_next,
    write_part,
)
from smarketing import time_source

WORKING_SECONDS = 30.0
HARD_SECONDS = WHOLE_SECONDS + 60


@shared_task(name=WRITE, soft_time_limit=WHOLE_SECONDS, time_limit=HARD_SECONDS)
def write_exports() -> int:
    """Write exports that wait, because the bell rang; safe beside any other."""
    return _work()


@shared_task(name="leads.sweep_exports", soft_time_limit=WHOLE_SECONDS, time_limit=HARD_SECONDS)
@single_tick("leads.sweep_exports", timedelta(minutes=1))
def sweep_exports(at: datetime) -> int:
    """Go on with exports whose bell was lost or whose worker died, and remove expired files."""
    return _work() + remove_expired(at=at)


def _work() -> int:
    """Write part after part until nothing waits or the time is up; then ring for the rest."""
    ends, done = time.monotonic() + WORKING_SECONDS, 0
    while export := take_next(at=time_source.now()):
        more = export.leased_until is not None
        while more:
            more = write_part(export, at=time_source.now())
            done += 1
            if time.monotonic() >= ends:
                release(export)
                bell.publish(WRITE)
                return done
    return done
