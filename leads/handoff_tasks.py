"""The background wakes recycled leads on their date."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from celery import shared_task

from jobs.doorbell import bell
from jobs.ticks import single_tick
from leads.services.recycling import BATCH, WAKE, wake_due
from smarketing import time_source

EVERY = timedelta(minutes=5)
WORKING_SECONDS = 20.0


@shared_task(name="leads.wake_recycled")
@single_tick("leads.wake_recycled", EVERY)
def wake_recycled(at: datetime) -> int:
    """Wake what is due; this sweep finds whatever the bell lost."""
    return _wake_until_empty()


@shared_task(name=WAKE)
def wake_due_leads() -> None:
    """Wake what is due now, because the bell rang; safe beside any other."""
    _wake_until_empty()


def _wake_until_empty() -> int:
    """Wake batch after batch until none is due; when the time is up, ring for the rest."""
    ends, woken = time.monotonic() + WORKING_SECONDS, 0
    while done := wake_due(time_source.now()):
        woken += done
        if done < BATCH:
            break
        if time.monotonic() >= ends:
            bell.publish(WAKE)
            break
    return woken
