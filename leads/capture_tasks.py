"""The background's work on captures."""

from __future__ import annotations

from datetime import datetime, timedelta

from celery import shared_task

from jobs.ticks import single_tick
from leads.services.receipts import forget_receipts
from leads.services.visits import forget_visits

DAILY = "leads.forget_captures"


@shared_task(name=DAILY)
@single_tick(DAILY, timedelta(days=1))
def forget_captures(at: datetime) -> int:
    """Remove used keys and unknown browsers once their time is over."""
    return forget_receipts(at=at) + forget_visits(at=at)
