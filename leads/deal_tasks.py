"""The background brings back lost leads on the day that was named."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from celery import shared_task

from jobs.ticks import single_tick
from leads.services.deals import bring_back_lost
from smarketing import time_source

EVERY = timedelta(hours=1)
WORKING_SECONDS = 30.0


@shared_task(name="leads.try_lost_again")
@single_tick("leads.try_lost_again", EVERY)
def try_lost_again(at: datetime) -> int:
    """Bring back what is due, batch after batch; what is left waits for the next hour."""
    ends, done = time.monotonic() + WORKING_SECONDS, 0
    while time.monotonic() < ends and (batch := bring_back_lost(at=time_source.now())):
        done += batch
    return done
