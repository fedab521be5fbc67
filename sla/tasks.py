"""The background's work for the promise: what falls due is found though nobody looks.

Each tick finds its work in the database, goes on until nothing is left or its time is up, and then
nudges itself; lost, doubled or late, it changes nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from celery import shared_task

from jobs.doorbell import bell
from jobs.ticks import single_tick
from sla import agreement_tasks  # noqa: F401  # Celery looks for tasks here alone
from sla.models import Recalculation
from sla.receivers import RECALCULATIONS
from sla.services.breaching import breaches_left, note_breaches
from sla.services.closing import close_periods
from sla.services.escalating import escalate, levels_left
from sla.services.recalculating import recalculate
from sla.services.reconciling import (
    forget_untold,
    send_back_to_ladders,
    start_missing_clocks,
)
from sla.services.rerouting import reroute
from sla.services.telling import tell
from smarketing import time_source

WORKING_SECONDS = 20.0
HELD_SECONDS = 0.05
EVERY = timedelta(seconds=30)
RECONCILING_EVERY = timedelta(minutes=5)
LOOKED_BACK = timedelta(days=1)
CLOSING_EVERY = timedelta(minutes=15)
BREACHES = "sla.note_due_breaches"
ESCALATIONS = "sla.escalate_reached"


@shared_task(name="sla.note_breaches")
@single_tick("sla.note_breaches", EVERY)
def note_breaches_tick(at: datetime) -> int:
    """Note what is past due."""
    return _note_until_empty()


@shared_task(name=BREACHES)
def note_due_breaches() -> None:
    """Go on noting, because the last run left something; safe beside any other."""
    _note_until_empty()


@shared_task(name="sla.escalate")
@single_tick("sla.escalate", EVERY)
def escalate_tick(at: datetime) -> int:
    """Note what levels were reached, tell whoever is at work, give away what is to go."""
    return _escalate_until_empty()


@shared_task(name=ESCALATIONS)
def escalate_reached() -> None:
    """Go on, because the last run left something; safe beside any other."""
    _escalate_until_empty()


@shared_task(name="sla.reconcile")
@single_tick("sla.reconcile", RECONCILING_EVERY)
def reconcile_tick(at: datetime) -> int:
    """Start clocks that the record of the last day asks for and that are not there."""
    return start_missing_clocks(since=at - LOOKED_BACK, at=at)


@shared_task(name="sla.reconcile_nightly")
@single_tick("sla.reconcile_nightly", timedelta(days=1))
def reconcile_nightly(at: datetime) -> int:
    """Look at all that was recorded since the agreement is in force, and at every ladder."""
    started = start_missing_clocks(since=datetime.min.replace(tzinfo=UTC), at=at)
    return started + send_back_to_ladders(at=at) + forget_untold(at=at)


@shared_task(name="sla.recalculate")
@single_tick("sla.recalculate", EVERY)
def recalculate_tick(at: datetime) -> int:
    """Count anew what changed calendars ask for; this finds whatever the bell lost."""
    return _recalculate_waiting()


@shared_task(name=RECALCULATIONS)
def recalculate_now() -> None:
    """Count anew because the bell rang."""
    _recalculate_waiting()


@shared_task(name="sla.close_periods")
@single_tick("sla.close_periods", CLOSING_EVERY)
def close_periods_tick(at: datetime) -> int:
    """Freeze the periods that are over and open what answers their misses."""
    return close_periods(at=at)


def _note_until_empty() -> int:
    at = time_source.now()
    return _until_empty(
        lambda: note_breaches(at=at), BREACHES, is_left=lambda: breaches_left(at=at)
    )


def _escalate_until_empty() -> int:
    """All batches see one instant, so that what they reach together is told together."""
    at = time_source.now()
    done = _until_empty(lambda: escalate(at=at), ESCALATIONS, is_left=lambda: levels_left(at=at))
    tell(at=at)
    reroute(at=at)
    return done


def _until_empty(work: Callable[[], int], nudge: str, *, is_left: Callable[[], bool]) -> int:
    """Do batch after batch; when the time is up with work left, ask for another run.

    Rows that others hold are skipped, so an empty batch is not the end while some are left: they
    are let go within moments, done or not.
    """
    ends = time.monotonic() + WORKING_SECONDS
    done = 0
    while (batch := work()) or is_left():
        done += batch
        if time.monotonic() >= ends:
            bell.publish(nudge)
            break
        if not batch:
            time.sleep(HELD_SECONDS)
    return done


def _recalculate_waiting() -> int:
    waiting = Recalculation.objects.filter(done_at__isnull=True).order_by("pk")
    return sum(
        recalculate(pk, at=time_source.now()) for pk in waiting.values_list("pk", flat=True)[:100]
    )
