"""Once a night the background lets go of what has been kept long enough."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from celery import shared_task

from jobs.doorbell import bell
from jobs.ticks import single_tick
from leads.services.retention import LET_GO, erase_idle, remove_read_notices
from smarketing import time_source

WORKING_SECONDS = 25.0


@shared_task(name=LET_GO)
def let_go() -> int:
    """Go on where the time was up; safe beside any other."""
    return _work()


@shared_task(name="leads.let_go_nightly")
@single_tick("leads.let_go_nightly", timedelta(days=1))
def let_go_nightly(_at: datetime) -> int:
    """Begin; a night whose bell for the rest was lost goes on in the next one."""
    return _work()


def _work() -> int:
    """Let go set by set until nothing is left or the time is up; then ring for the rest."""
    ends, done = time.monotonic() + WORKING_SECONDS, 0
    while now := erase_idle(at=time_source.now()) + remove_read_notices(at=time_source.now()):
        done += now
        if time.monotonic() >= ends:
            bell.publish(LET_GO)
            break
    return done
