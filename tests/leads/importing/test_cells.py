"""What a cell says, exactly; what it may not say, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from leads.mapping.cells import Amounts, Dates, Emails, read_yes_or_no
from smarketing.errors import BadInput

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("number_format", "text", "amount"),
    [
        ("1234.56", "0", "0.00"),
        ("1234.56", "1200.5", "1200.50"),
        ("1234.56", "1200.500", "1200.50"),
        ("1234.56", "999999999999.99", "999999999999.99"),
        ("1,234.56", "1,234.56", "1234.56"),
        ("1,234.56", "1234.56", "1234.56"),
        ("1,234.56", "12,345,678", "12345678.00"),
        ("1.234,56", "1.234,56", "1234.56"),
        ("1.234,56", "1234,5", "1234.50"),
        ("1.234,56", "1.234", "1234.00"),
        ("1234,56", "1234,56", "1234.56"),
        ("1 234,56", "1\u202f234,56", "1234.56"),
        ("1 234,56", "1 234", "1234.00"),
        ("1'234.56", "1'234.56", "1234.56"),
    ],
)
def test_an_amount_is_read_as_its_format_writes_it(number_format, text, amount):
    assert Amounts(number_format).read(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        ("1234.56", "1.234,56"),
        ("1234.56", "1,234.56"),
        ("1234.56", "1.234"),  # a thousand and more, or a bit more than one: nobody knows
        ("1,234.56", "1.234,56"),
        ("1.234,56", "1,234.56"),
        ("1.234,56", "1.23,4"),
        ("1,234.56", "12,34"),
        ("1234.56", "-1"),
        ("1234.56", "+1"),
        ("1234.56", "NaN"),
        ("1234.56", "Infinity"),
        ("1234.56", "1e999"),
        ("1234.56", "9" * 30),
        ("1234.56", "1000000000000"),
        ("1234.56", "\u0661\u0662"),
        ("1234.56", "1_000"),
        ("1234.56", "€ 5"),
        ("1234.56", "."),
        ("1234.56", "5."),
    ],
)
def test_what_is_no_amount_is_refused(number_format, text):
    with pytest.raises(BadInput) as refused:
        Amounts(number_format).read(text)
    assert str(refused.value) == f"“{text[:40]}” is not an amount like {number_format}."


@pytest.mark.parametrize(
    ("date_format", "text", "instant"),
    [
        ("%Y-%m-%d", "2025-02-01", datetime(2025, 1, 31, 23, tzinfo=UTC)),
        ("%d/%m/%Y", "01/07/2025", datetime(2025, 6, 30, 22, tzinfo=UTC)),
        ("%Y-%m-%d %H:%M", "2026-03-29 01:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("%Y-%m-%d %H:%M", "2026-03-29 03:00", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        # A time that came twice is its first.
        ("%Y-%m-%d %H:%M", "2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-03-29T02:30:00+0000",
         datetime(2026, 3, 29, 2, 30, tzinfo=UTC)),
        ("%Y-%m-%d", "1900-01-01", datetime(1899, 12, 31, 23, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_date_is_read_in_its_zone(date_format, text, instant):
    assert Dates(date_format, ROME).read(text) == instant


@pytest.mark.parametrize(
    ("date_format", "text", "told"),
    [
        ("%Y-%m-%d", "2025-02-31", "“2025-02-31” is not a date like %Y-%m-%d."),
        ("%Y-%m-%d", "0001-01-01", "“0001-01-01” is before 1900."),
        ("%Y-%m-%d", "1899-12-31", "“1899-12-31” is before 1900."),
        ("%Y-%m-%d", "today", "“today” is not a date like %Y-%m-%d."),
        ("%Y-%m-%d %H:%M", "2026-03-29 02:30",
         "“2026-03-29 02:30” does not exist in Europe/Rome: clocks were put forward then."),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_is_refused(date_format, text, told):
    with pytest.raises(BadInput) as refused:
        Dates(date_format, ROME).read(text)
    assert str(refused.value) == told


def test_the_last_year_is_read_and_does_not_overflow():
    assert Dates("%Y-%m-%d", UTC_MINUS).read("9999-12-30").year == 9999
    with pytest.raises(BadInput):
        Dates("%Y-%m-%d %H:%M", UTC_MINUS).read("9999-12-31 23:00")


UTC_MINUS = ZoneInfo("America/New_York")


def test_a_day_whose_midnight_was_skipped_begins_when_clocks_changed():
    dates = Dates("%Y-%m-%d", ZoneInfo("America/Sao_Paulo"))
    assert dates.read("2018-11-04") == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_yes_and_no_are_read_in_four_languages():
    assert [read_yes_or_no(text) for text in ("Yes", "SÌ", "sí", "oui", "1")] == [True] * 5
    assert [read_yes_or_no(text) for text in ("no", "Non", "false", "0")] == [False] * 4
    with pytest.raises(BadInput) as refused:
        read_yes_or_no("maybe")
    assert str(refused.value) == "“maybe” is neither yes nor no."


@pytest.mark.parametrize(
    ("email", "accepted"),
    [
        ("anna@acme.example", True),
        ("anna.o'neill+x@sub.acme.example", True),
        ("anna@münchen.example", True),
        ("anna", False),
        ("@acme.example", False),
        ("anna@", False),
        ("anna@acme", False),
        ("an na@acme.example", False),
        ("anna@bea@acme.example", False),
        ("anna\u200b@acme.example", False),
    ],
)
def test_an_email_is_what_the_validator_takes(email, accepted):
    emails = Emails()
    assert (emails.accepts(email), emails.accepts(email)) == (accepted, accepted)
