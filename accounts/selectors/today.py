"""What administrators find on the Today page: how the installation is, who has not come yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.selectors.deliveries import failed_deliveries
from jobs import health

WEEK = timedelta(days=7)
MOST = 6


def installation(user: Any, at: datetime) -> Mapping[str, Any]:
    """Return the installation's state, its parts and the mails given up within a week."""
    found = health.check(at=at)
    return {
        "status": found.status,
        "troubled": [part.name for part in found.parts if part.status != "ok"],
        "failed_mails": len(failed_deliveries(since=at - WEEK)),
    }


def waiting_invitations(user: Any, at: datetime) -> Mapping[str, Any]:
    """Return the people who have not accepted yet, the longest waiting first; one statement."""
    waiting = User.objects.active().filter(joined_at__isnull=True)
    return {"people": list(waiting.order_by("invited_at", "id")[:MOST])}
