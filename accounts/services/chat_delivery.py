"""Posts leave for their channels: claimed under locks that others skip, sent outside the
transaction, marked one by one. What fails every time is parked, and who added the channel is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from accounts.chat_sending import ChatError, send_message
from accounts.models import ChatPost, User
from accounts.sealing import CannotOpenError, unseal
from accounts.services.delivery import pause_after
from accounts.services.notices import notify

LEASE = timedelta(minutes=5)
BATCH = 10  # at 8 s a message at worst, a batch ends within its lease
MOST_ATTEMPTS = 5
KEPT = timedelta(days=30)
LONGEST_ERROR = 300
CHAT_FAILED = "chat_failed"
SENDER_DIED = "The sender died in every attempt."

log = structlog.get_logger(__name__)


def deliver_chat(at: datetime, limit: int = BATCH) -> int:
    """Send at most `limit` posts that are due at `at`; return how many were tried.

    Failures are kept in the rows, tried again after growing pauses, parked after `MOST_ATTEMPTS`
    and told once a day; a test is tried once. One never stops the others.
    """
    claimed = _claim(at, limit)
    for post in claimed:
        _send(post, at)
    return len(claimed)


def forget_posts(at: datetime) -> int:
    """Delete what was sent or parked long ago; return how many."""
    return ChatPost.objects.filter(written_at__lt=at - KEPT).delete()[0]


def _claim(at: datetime, limit: int) -> list[ChatPost]:
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=at - LEASE)
    waiting = ChatPost.objects.filter(
        free, due_at__lte=at, sent_at__isnull=True, given_up_at__isnull=True
    ).order_by("due_at", "pk")
    with transaction.atomic():
        ids = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        mine = ChatPost.objects.filter(pk__in=ids)
        mine.filter(attempts__gte=MOST_ATTEMPTS).update(given_up_at=at, last_error=SENDER_DIED)
        mine.filter(given_up_at__isnull=True).update(claimed_at=at, attempts=F("attempts") + 1)
    held = mine.filter(given_up_at__isnull=True)
    return list(held.select_related("channel__team__head", "channel__added_by").order_by("pk"))


def _send(post: ChatPost, at: datetime) -> None:
    # Only who still holds the claim may write: a sender slower than its lease has lost it.
    held = ChatPost.objects.filter(pk=post.pk, claimed_at=post.claimed_at, sent_at__isnull=True)
    lines = [post.body, settings.BASE_URL + post.url if post.url else ""]
    try:
        address = unseal(post.channel.sealed_address)
        send_message(
            address, post.channel.service, title=post.title, body="\n".join(filter(None, lines))
        )
    except (ChatError, CannotOpenError) as error:
        _note_failure(held, post, error, at)
    except Exception as error:  # whatever a library does, the rest goes on
        log.exception("chat_failed", post=post.pk)
        _note_failure(held, post, error, at)
    else:
        held.update(sent_at=at, last_error="")


def _note_failure(held: QuerySet[ChatPost], post: ChatPost, error: Exception, at: datetime) -> None:
    words = (str(error) or type(error).__name__)[:LONGEST_ERROR]
    log.warning("chat_not_taken", post=post.pk, channel=post.channel_id, error=words)
    if not post.is_test and post.attempts < MOST_ATTEMPTS:
        held.update(due_at=at + pause_after(post.attempts), claimed_at=None, last_error=words)
    elif held.update(given_up_at=at, last_error=words) and not post.is_test:
        _tell(post, words, at)


def _tell(post: ChatPost, words: str, at: datetime) -> None:
    channel = post.channel
    people: list[User] = [channel.added_by]
    if channel.team.head is not None:
        people.append(channel.team.head)
    notify(
        people,
        CHAT_FAILED,
        {"channel": channel.name, "team": channel.team.name, "reason": words},
        at=at,
        url=reverse("settings-chat", args=[channel.team_id]),
        dedupe_key=f"chat:{channel.pk}:{at:%Y-%m-%d}",
    )
