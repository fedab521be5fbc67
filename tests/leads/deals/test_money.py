"""Amounts are read in the person's own number form, strictly."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leads.money import in_house, read_amount, read_currency, read_rate
from smarketing.errors import BadInput

COMMA, POINT, SPACE = (",", "."), (".", ","), (",", "\u202f")


@pytest.mark.parametrize(
    ("text", "marks", "amount"),
    [
        ("1.234,56", COMMA, "1234.56"),
        ("1,234.56", POINT, "1234.56"),
        ("1 234,56", SPACE, "1234.56"),
        ("1\u202f234,56", SPACE, "1234.56"),
        ("1234", POINT, "1234.00"),
        ("1.234", COMMA, "1234.00"),
        ("0", POINT, "0.00"),
        ("12.50", POINT, "12.50"),
        ("1234.500", POINT, "1234.50"),
        ("999999999999.99", POINT, "999999999999.99"),
    ],
)
def test_an_amount_as_it_is_written(text, marks, amount):
    assert read_amount(text, marks) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "  ", "\u202f"])
def test_nothing_is_nothing(text):
    assert read_amount(text, POINT) is None


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("1.234,56", POINT),
        ("1,234.56", COMMA),
        ("1.234", POINT),
        ("12,34,567", POINT),
        ("-1", POINT),
        ("−1", POINT),
        ("NaN", POINT),
        ("Infinity", POINT),
        ("1e999", POINT),
        ("9" * 30, POINT),
        ("1000000000000", POINT),
        ("0.001", POINT),
        ("٣", POINT),
        ("€ 12", POINT),
        ("=1+1", POINT),
    ],
)
def test_anything_else_is_refused_at_the_amount(text, marks):
    with pytest.raises(BadInput) as refused:
        read_amount(text, marks)
    assert list(refused.value.fields) == ["amount"]


def test_a_refusal_shows_how_to_write_it():
    with pytest.raises(BadInput) as refused:
        read_amount("1,234.56", COMMA)
    assert str(refused.value) == "“1,234.56” is not a number here. Write it like 1.234,50."


def test_rates_have_eight_places_and_are_positive():
    assert read_rate("0,91234567", COMMA) == Decimal("0.91234567")
    for wrong in ("0", "-1", "0,912345678", "1e5", "99999999999"):
        with pytest.raises(BadInput):
            read_rate(wrong, COMMA)


def test_currencies_are_iso():
    assert (read_currency(" usd "), read_currency("EUR")) == ("USD", "EUR")
    for wrong in ("", "EURO", "ABC", "E1R", "€"):
        with pytest.raises(BadInput):
            read_currency(wrong)


def test_in_house_money_is_exact_to_the_cent():
    assert in_house(Decimal("100.00"), Decimal("0.91234567")) == Decimal("91.23")
    assert in_house(Decimal("0.05"), Decimal("0.1")) == Decimal("0.01")
