"""The background's work on figures: facts follow the record, and a nightly recount proves it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import structlog
from celery import shared_task

from jobs.ticks import single_tick
from leads.services.facts import derive_all_due, mend, recount

EVERY = timedelta(seconds=10)
NIGHTLY = timedelta(days=1)
SHOWN = 20
WORKING_SECONDS = 20.0

log = structlog.get_logger(__name__)


@shared_task(name="leads.derive_facts")
@single_tick("leads.derive_facts", EVERY)
def derive_facts(at: datetime) -> int:
    """Derive what changed, until nothing is left or the time of one run is up: a large import is
    dealt with run by run."""
    end = time.monotonic() + WORKING_SECONDS
    return derive_all_due(go_on=lambda: time.monotonic() < end)


@shared_task(name="leads.recount_facts")
@single_tick("leads.recount_facts", NIGHTLY)
def recount_facts(at: datetime) -> int:
    """Compare every fact with the record; say so loudly when they differ, and mend them."""
    derive_all_due()
    found = recount()
    if found.wrong:
        log.error("facts_differ", leads=len(found.wrong), first=list(found.wrong[:SHOWN]))
        mend(found.wrong)
    return len(found.wrong)
