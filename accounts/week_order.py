"""In which order the days of a week are drawn for a person. Pure."""

from __future__ import annotations

from datetime import date

from accounts.business_time import WEEKDAYS
from accounts.enums import FirstDay

SUNDAY = 7
MONDAY_FIRST = tuple(WEEKDAYS)


def week_order(choice: str) -> tuple[int, ...]:
    """Return the seven ISO weekdays (1 is Monday) as the person reads them.

    All our languages begin on Monday: English is written the European way, as its dates are.
    """
    if choice == FirstDay.SUNDAY:
        return (SUNDAY, *MONDAY_FIRST[:-1])
    return MONDAY_FIRST


def place_in_week(day: date, order: tuple[int, ...]) -> int:
    """Return the column of `day`, 1 to 7, in a week drawn in `order`."""
    return order.index(day.isoweekday()) + 1
