"""The background keeps `Lead.persona`: after a persona comes into force, and once a night."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from celery import shared_task

from jobs.doorbell import bell
from jobs.ticks import single_tick
from leads.services.persona_fits import refresh_personas_after
from leads.services.personas import REFRESH

WORKING_SECONDS = 20.0


@shared_task(name=REFRESH)
def refresh_personas(after: int = 0) -> int:
    """Judge open leads anew from id `after` on; what is left when the time is up rings again."""
    ends = time.monotonic() + WORKING_SECONDS
    changed = 0
    while time.monotonic() < ends:
        n, last = refresh_personas_after(after)
        changed += n
        if last is None:
            return changed
        after = last
    bell.publish(REFRESH, after)
    return changed


@shared_task(name="leads.refresh_personas_nightly")
@single_tick("leads.refresh_personas_nightly", timedelta(days=1))
def refresh_personas_nightly(at: datetime) -> int:
    """Begin anew each night: a bell may be lost, and what is known of people changes."""
    return int(refresh_personas())
