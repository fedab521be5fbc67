"""What the tests of people and their time share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from accounts.models import BusinessCalendar, Team
from tests.accounts.calendar_pages import NOW
from tests.factories import BusinessCalendarFactory


@pytest.fixture
def on_a_tuesday() -> Iterator[None]:
    """It is Tuesday, 10:40 in Rome, and stays so."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def own(sales: Team) -> BusinessCalendar:
    """The calendar by which Sales works, and nobody else."""
    calendar = BusinessCalendarFactory(name="Sales hours")
    sales.calendar = calendar
    sales.save()
    return calendar
