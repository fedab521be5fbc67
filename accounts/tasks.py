"""The background's work for people: mails leave, dead sessions go."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from celery import shared_task
from django.contrib.sessions.models import Session

from accounts.services.chat import DELIVER as DELIVER_CHAT
from accounts.services.chat_delivery import deliver_chat, forget_posts
from accounts.services.delivery import deliver_due
from accounts.services.kept_answers import prune_kept_answers
from accounts.services.notices import DELIVER
from jobs.ticks import single_tick
from smarketing import time_source

WORKING_SECONDS = 30.0


@shared_task(name="accounts.deliver_notices")
@single_tick("accounts.deliver_notices", timedelta(seconds=30))
def deliver_notices(at: datetime) -> int:
    """Send what is due; this sweep finds whatever the bell lost."""
    return _until_empty(deliver_due)


@shared_task(name=DELIVER)
def deliver_due_notices() -> None:
    """Send what is due now, because the bell rang; safe beside any other sender."""
    _until_empty(deliver_due)


@shared_task(name="accounts.deliver_chat")
@single_tick("accounts.deliver_chat", timedelta(seconds=30))
def deliver_chat_tick(at: datetime) -> int:
    """Post what is due to chat channels; this sweep finds whatever the bell lost."""
    return _until_empty(deliver_chat)


@shared_task(name=DELIVER_CHAT)
def deliver_due_chat() -> None:
    """Post what is due now, because the bell rang; safe beside any other sender."""
    _until_empty(deliver_chat)


@shared_task(name="accounts.forget_chat_posts")
@single_tick("accounts.forget_chat_posts", timedelta(days=1))
def forget_chat_posts(at: datetime) -> int:
    """Forget what was posted a month ago."""
    return forget_posts(at)


@shared_task(name="accounts.clear_sessions")
@single_tick("accounts.clear_sessions", timedelta(days=1))
def clear_sessions(at: datetime) -> int:
    """Delete sessions that have run out."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]


@shared_task(name="accounts.prune_kept_answers")
@single_tick("accounts.prune_kept_answers", timedelta(hours=1))
def forget_kept_answers(at: datetime) -> int:
    """Forget answers kept for repeated requests, a day after."""
    return prune_kept_answers(at=at)


def _until_empty(deliver: Callable[[datetime], int]) -> int:
    """Send batch after batch until nothing is due or the time is up; the next tick goes on."""
    ends = time.monotonic() + WORKING_SECONDS
    tried = 0
    while time.monotonic() < ends and (batch := deliver(time_source.now())):
        tried += batch
    return tried
