"""The background's work for the channel: reps are asked once a week what they heard."""

from __future__ import annotations

from datetime import datetime, timedelta

from celery import shared_task

from jobs.ticks import single_tick
from leads.services.channel import ask_for_field_notes


@shared_task(name="leads.ask_for_field_notes")
@single_tick("leads.ask_for_field_notes", timedelta(minutes=15))
def ask_reps_for_field_notes(at: datetime) -> int:
    """Ask the reps whose working day of the field note has begun; again changes nothing."""
    return ask_for_field_notes(at)
