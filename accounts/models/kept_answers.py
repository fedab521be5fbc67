"""Answers of the API kept for callers who repeat a request."""

from __future__ import annotations

from django.db import models

from accounts.models.people import User


class KeptAnswer(models.Model):
    """What a request with an `Idempotency-Key` was answered, for a day.

    The row is written in the transaction of the work that it tells of: both stay or neither does.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    # SHA-256 over method, address and body: the same key may not be used for another request.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="kept_answer_once"),
        ]

    def __str__(self) -> str:
        return self.key
