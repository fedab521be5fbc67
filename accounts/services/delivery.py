"""Delivery of notices by e-mail: each leaves once, whatever dies in between.

A batch is claimed under row locks that others skip, for `LEASE`; it is sent outside the
transaction; each delivery is marked by itself as soon as the mail server has taken the mail. A
sender that dies loses its claim after the lease. Should it have died between the server's yes and
the mark, the second mail carries the same Message-ID, by which mail programs show one.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.enums import Channel
from accounts.mail import notice_mail
from accounts.models import NoticeDelivery

LEASE = timedelta(minutes=5)
BATCH = 20  # at 10 s a mail at worst, a batch ends within its lease
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
LONGEST_ERROR = 2_000

log = structlog.get_logger(__name__)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after `attempts` failures: 1, 4, 16, 64 minutes, then 4 hours."""
    growth: int = 4 ** (attempts - 1)
    return min(FIRST_PAUSE * growth, LONGEST_PAUSE)


def deliver_due(at: datetime, limit: int = BATCH) -> int:
    """Send at most `limit` mails that are due at `at`; return how many were tried.

    Failures are kept in the rows, tried again after growing pauses and given up after
    `MOST_ATTEMPTS`; one never stops the others.
    """
    claimed = _claim(at, limit)
    if not claimed:
        return 0
    connection = get_connection()
    for delivery in claimed:
        _deliver(delivery, connection, at)
    with suppress(Exception):
        connection.close()
    return len(claimed)


def _claim(at: datetime, limit: int) -> list[NoticeDelivery]:
    """Take the next due deliveries; drop those of people who have left."""
    with transaction.atomic():
        ids = list(
            _waiting(at).select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit]
        )
        mine = NoticeDelivery.objects.filter(pk__in=ids)
        mine.filter(notice__recipient__is_active=False).delete()
        # A sender that died this often will die again: the mail is what kills it.
        mine.filter(attempts__gte=MOST_ATTEMPTS).update(
            given_up_at=at, last_error="The sender died in every attempt."
        )
        mine.filter(given_up_at__isnull=True).update(claimed_at=at, attempts=F("attempts") + 1)
    return list(
        mine.filter(given_up_at__isnull=True)
        .select_related("notice__recipient")
        .order_by("due_at", "pk")
    )


def _waiting(at: datetime) -> QuerySet[NoticeDelivery]:
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=at - LEASE)
    return NoticeDelivery.objects.filter(
        free,
        channel=Channel.EMAIL,
        due_at__lte=at,
        delivered_at__isnull=True,
        given_up_at__isnull=True,
    ).order_by("due_at", "pk")


def _deliver(delivery: NoticeDelivery, connection: BaseEmailBackend, at: datetime) -> None:
    # Only who still holds the claim may write: a sender slower than its lease has lost it.
    held = NoticeDelivery.objects.filter(
        pk=delivery.pk, claimed_at=delivery.claimed_at, delivered_at__isnull=True
    )
    try:
        connection.send_messages([notice_mail(delivery, connection, at)])
    except Exception as error:  # whatever the mail server or a template does, the rest goes on
        with suppress(Exception):
            connection.close()
        log.warning("delivery_failed", delivery=delivery.pk, error=str(error))
        _note_failure(held, delivery, error, at)
    else:
        held.update(delivered_at=at, last_error="")


def _note_failure(
    held: QuerySet[NoticeDelivery], delivery: NoticeDelivery, error: Exception, at: datetime
) -> None:
    words = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    if delivery.attempts >= MOST_ATTEMPTS:
        held.update(given_up_at=at, last_error=words)
    else:
        again = at + pause_after(delivery.attempts)
        held.update(due_at=again, claimed_at=None, last_error=words)


def try_again(delivery: NoticeDelivery, *, at: datetime) -> None:
    """Give a delivery that was given up a new start."""
    NoticeDelivery.objects.filter(pk=delivery.pk, given_up_at__isnull=False).update(
        given_up_at=None, claimed_at=None, attempts=0, due_at=at
    )
