"""Numbers, money, shares and durations as each person reads them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from shell.formats import (
    initials,
    number_form,
    write_duration,
    write_money,
    write_number,
    write_share,
)

NARROW, FIXED = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "1,234,567.9"),
        ("it", "1.234.567,9"),
        ("es", f"1{NARROW}234{NARROW}567,9"),
        ("fr", f"1{NARROW}234{NARROW}567,9"),
    ],
)
def test_a_number_is_written_as_the_language_does(language: str, written: str) -> None:
    with translation.override(language):
        assert write_number(1234567.891, 1) == written


@pytest.mark.parametrize(
    ("form", "written"),
    [("point", "1,234.50"), ("comma", "1.234,50"), ("space", f"1{NARROW}234,50")],
)
def test_the_person_chooses_another_form(form: str, written: str) -> None:
    with translation.override("it"), number_form(form):
        assert write_number(Decimal("1234.5"), 2) == written


def test_the_form_ends_with_its_block() -> None:
    with translation.override("en"):
        with number_form("comma"):
            assert write_number(1234) == "1.234"
        assert write_number(1234) == "1,234"


def test_halves_are_rounded_up_and_minus_is_a_minus() -> None:
    with translation.override("en"):
        assert write_number(0.5) == "1"
        assert write_number(-2.5) == "−3"
        assert write_number(-0.2) == "0"


def test_nothing_is_a_dash_and_zero_is_zero() -> None:
    with translation.override("en"):
        assert write_number(None) == "–"
        assert write_money(None, "EUR") == "–"
        assert write_share(None) == "–"
        assert write_duration(None) == "–"
        assert write_number(0) == "0"
        assert write_share(0) == "0%"


@pytest.mark.parametrize(
    ("language", "currency", "written"),
    [
        ("en", "EUR", "€12,400"),
        ("en", "CHF", f"CHF{FIXED}12,400"),
        ("it", "EUR", f"12.400{FIXED}€"),
        ("fr", "USD", f"12{NARROW}400{FIXED}$"),
        ("es", "PLN", f"12{NARROW}400{FIXED}PLN"),
    ],
)
def test_money_stands_where_the_language_puts_it(
    language: str, currency: str, written: str
) -> None:
    with translation.override(language):
        assert write_money(Decimal(12400), currency) == written


def test_cents_are_shown_only_when_there_are_any() -> None:
    with translation.override("en"):
        assert write_money(Decimal("8150.00"), "EUR") == "€8,150"
        assert write_money(Decimal("8150.50"), "EUR") == "€8,150.50"
        assert write_money(Decimal("-8.5"), "EUR") == "−€8.50"


def test_a_share_is_told_in_per_cent() -> None:
    with translation.override("en"):
        assert write_share(0.864) == "86%"
        assert write_share(Decimal("0.8645"), 1) == "86.5%"
    with translation.override("fr"):
        assert write_share(1) == f"100{NARROW}%"


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(0), "0 min"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=2, seconds=5), "2 min 5 s"),
        (timedelta(hours=2, minutes=10, seconds=59), "2 h 10 min"),
        (timedelta(days=3), "3 d"),
        (timedelta(days=3, minutes=5), "3 d"),
        (timedelta(days=-1, hours=-4), "1 d 4 h"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(span: timedelta, written: str) -> None:
    with translation.override("en"):
        assert write_duration(span) == written


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Alice Rossi", "AR"), ("alice", "A"), ("Ana de la Cruz", "AC"), ("…", "?"), ("", "?")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
