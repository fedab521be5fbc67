"""Days of a report, as an address says them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from reporting.spans import month_of, read_days

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("name", "first", "last", "before", "after"),
    [
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31), "2026-02", "2026-04"),
        ("2026-01", date(2026, 1, 1), date(2026, 1, 31), "2025-12", "2026-02"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2025-Q4", "2026-Q2"),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2023", "2025"),
        (
            "2026-03-02/2026-03-08", date(2026, 3, 2), date(2026, 3, 8),
            "2026-02-23/2026-03-01", "2026-03-09/2026-03-15",
        ),
    ],
)  # fmt: skip
def test_names(name: str, first: date, last: date, before: str, after: str) -> None:
    days = read_days(name, ROME)
    assert (days.first, days.last) == (first, last)
    assert (days.before().name, days.after().name) == (before, after)
    assert days.before().span.end == days.span.start
    assert days.span.end == days.after().span.start


@pytest.mark.parametrize(
    "name",
    ["", "2026-13", "2026-Q5", "March", "2026-03-08/2026-03-02", "2020-01-01/2025-01-01",
     "0001", "2026-02-30/2026-03-01", "/", "2026-03-01/"],
)  # fmt: skip
def test_what_is_no_period(name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # ours and the calendar's alike
        read_days(name, ROME)


def test_borders_lie_at_midnight_of_the_organisation() -> None:
    days = read_days("2026-03", ROME)
    # Summer time begins on 29 March: the month is an hour short.
    assert days.span.start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert days.span.end == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert month_of(datetime(2026, 2, 28, 22, 59, tzinfo=UTC), ROME).name == "2026-02"
    assert month_of(datetime(2026, 2, 28, 23, 0, tzinfo=UTC), ROME).name == "2026-03"
