"""Answers kept for repeated requests: one worker a key at a time, a day long."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import connection

from accounts.models import KeptAnswer, User

KEPT = timedelta(hours=24)


def take_key(user: User, key: str) -> bool:
    """Hold `key` of `user` until the transaction ends; False while another request holds it."""
    name = f"kept answer {user.pk} {key}".encode()
    number = int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (taken,) = cursor.fetchone()
    return bool(taken)


def kept_answer(user: User, key: str, *, at: datetime) -> KeptAnswer | None:
    """Return what was answered to `key` within the last day, None if nothing was."""
    return KeptAnswer.objects.filter(user=user, key=key, created_at__gt=at - KEPT).first()


def keep_answer(answer: KeptAnswer) -> None:
    """Write `answer`; one of the same key that has run out gives way."""
    KeptAnswer.objects.bulk_create(
        [answer],
        update_conflicts=True,
        unique_fields=["user", "key"],
        update_fields=["fingerprint", "status", "body", "created_at"],
    )


def prune_kept_answers(*, at: datetime) -> int:
    """Forget answers that have run out; return how many."""
    return KeptAnswer.objects.filter(created_at__lte=at - KEPT).delete()[0]
