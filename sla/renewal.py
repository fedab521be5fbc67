"""When the heads look at the agreement again. Pure over a version."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.models import Agreement

REMIND_BEFORE = timedelta(days=7)
MONTHS = 12


@dataclass(frozen=True)
class Renewal:
    """When the version is looked at again, and how that stands."""

    due_at: datetime
    is_near: bool
    is_overdue: bool


def months_after(instant: datetime, months: int) -> datetime:
    """Return the same day of a later month, its last day where it is shorter."""
    years, month = divmod(instant.month - 1 + months, MONTHS)
    year, month = instant.year + years, month + 1
    day = min(instant.day, calendar.monthrange(year, month)[1])
    return instant.replace(year=year, month=month, day=day)


def renewal_of(version: Agreement, at: datetime) -> Renewal | None:
    """Return when a version in force is looked at again; None for one that never was."""
    since = version.renewal_checked_at or version.in_force_from
    if since is None:
        return None
    due = months_after(since, version.renew_every_months)
    return Renewal(due, is_near=due - REMIND_BEFORE <= at, is_overdue=at > due)
