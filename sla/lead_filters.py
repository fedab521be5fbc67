"""Leads by what falls due on them: from the instants that each lead's row carries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

LATE, AT_RISK, IN_TIME, NONE = "late", "at-risk", "in-time", "none"
CHOICES: list[tuple[str, Any]] = [
    (LATE, _("Late")),
    (AT_RISK, _("At risk")),
    (IN_TIME, _("In time")),
    (NONE, _("Nothing due")),
]


def choices(user: Any) -> Sequence[tuple[str, Any]]:
    """Return how leads may stand."""
    return CHOICES


def by_deadline(rows: QuerySet[Any], value: str, at: datetime) -> QuerySet[Any]:
    """Narrow leads to those that stand so at `at`; an unknown word narrows nothing."""
    in_time = Q(next_due_at__gte=at)
    conditions = {
        LATE: Q(next_due_at__lt=at),
        AT_RISK: in_time & Q(next_risk_at__lte=at),
        IN_TIME: in_time & Q(next_risk_at__gt=at),
        NONE: Q(next_due_at__isnull=True),
    }
    return rows.filter(conditions[value]) if value in conditions else rows
