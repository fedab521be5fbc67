"""Captures that their sender names by a key: each is written once, however often it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from accounts.models import User
from leads.models import CaptureReceipt

KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Claims:
    """Which of the asked keys are ours to write now, and what others were told before."""

    own: Mapping[str, CaptureReceipt]
    known: Mapping[str, CaptureReceipt]


def claim_keys(sender: User, asked: Mapping[str, str], *, at: datetime) -> Claims:
    """Take each key of `asked` (with the fingerprint of its capture) for the running transaction.

    Two batches with one key: the second waits here for the first, then finds its receipt.
    """
    if not asked:
        return Claims({}, {})
    claim = uuid4().hex
    CaptureReceipt.objects.bulk_create(
        [
            CaptureReceipt(sender=sender, key=key, fingerprint=one, claim=claim, recorded_at=at)
            for key, one in sorted(asked.items())
        ],
        ignore_conflicts=True,
    )
    rows = list(CaptureReceipt.objects.filter(sender=sender, key__in=asked))
    return Claims(
        own={row.key: row for row in rows if row.claim == claim},
        known={row.key: row for row in rows if row.claim != claim},
    )


def keep_receipts(rows: Iterable[CaptureReceipt]) -> None:
    """Write what became of claimed captures; those without a verdict give their keys back."""
    done = [row for row in rows if row.verdict]
    refused = [row.pk for row in rows if not row.verdict]
    if done:
        CaptureReceipt.objects.bulk_update(done, ["contact", "lead", "verdict"])
    if refused:
        CaptureReceipt.objects.filter(pk__in=refused).delete()


def forget_receipts(*, at: datetime) -> int:
    """Remove receipts older than 90 days; return how many."""
    return CaptureReceipt.objects.filter(recorded_at__lt=at - KEPT).delete()[0]
