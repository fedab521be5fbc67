"""How far back a number of months reaches. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime

YEAR = 12


def months_before(at: datetime, months: int) -> datetime:
    """Return the same day and hour `months` earlier, the month's last day where it is shorter."""
    year, month = divmod(at.year * YEAR + at.month - 1 - months, YEAR)
    day = min(at.day, monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)
