"""The background brings what is signed into force on its day, and reminds of the renewal check."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from celery import shared_task

from jobs.ticks import single_tick
from sla.services.ending import cancel_of_ended, end_agreed
from sla.services.entering_force import bring_into_force
from sla.services.renewing import remind_of_renewal

EVERY = timedelta(seconds=30)
WORKING_SECONDS = 20.0
DAILY = timedelta(hours=24)


@shared_task(name="sla.bring_into_force")
@single_tick("sla.bring_into_force", EVERY)
def bring_into_force_tick(at: datetime) -> int:
    """Bring what was signed for a day into force when that day has come."""
    return int(bring_into_force(at=at) is not None)


@shared_task(name="sla.remind_of_renewal")
@single_tick("sla.remind_of_renewal", DAILY)
def remind_of_renewal_tick(at: datetime) -> int:
    """Tell both heads, once, that the agreement is to be looked at again."""
    return remind_of_renewal(at=at)


@shared_task(name="sla.end_commitments")
@single_tick("sla.end_commitments", EVERY)
def end_commitments_tick(at: datetime) -> int:
    """End what both heads agreed to end by now, and the clocks that this cancels."""
    count, until = end_agreed(at=at), time.monotonic() + WORKING_SECONDS
    while cancel_of_ended(at=at) and time.monotonic() < until:
        continue
    return count
