"""Public holidays by country, region, year and language."""

from datetime import date

import pytest

from accounts.public_holidays import PublicHolidays, countries, holidays_of, subdivisions


def test_the_holidays_of_italy_in_2026_are_these() -> None:
    assert list(holidays_of("IT", "", 2026, "it")) == [
        date(2026, 1, 1),
        date(2026, 1, 6),
        date(2026, 4, 5),
        date(2026, 4, 6),
        date(2026, 4, 25),
        date(2026, 5, 1),
        date(2026, 6, 2),
        date(2026, 8, 15),
        date(2026, 10, 4),
        date(2026, 11, 1),
        date(2026, 12, 8),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]


def test_names_are_in_the_language_of_the_reader_else_english_else_the_countrys_own() -> None:
    epiphany = date(2026, 1, 6)
    assert holidays_of("IT", "", 2026, "it")[epiphany] == "Epifania"
    assert holidays_of("IT", "", 2026, "en")[epiphany] == "Epiphany"
    assert holidays_of("IT", "", 2026, "fr")[epiphany] == "Epiphany"


def test_a_region_adds_its_own() -> None:
    patron = date(2026, 6, 29)
    assert patron not in holidays_of("IT", "", 2026)
    assert patron in holidays_of("IT", "RM", 2026)


def test_without_a_country_there_are_none() -> None:
    assert dict(holidays_of("", "", 2026)) == {}


@pytest.mark.parametrize(("country", "region"), [("XX", ""), ("IT", "XX")])
def test_an_unknown_place_is_refused(country: str, region: str) -> None:
    with pytest.raises(ValueError, match="XX"):
        holidays_of(country, region, 2026)


def test_membership_asks_by_date() -> None:
    rome = PublicHolidays("IT", "RM")
    assert date(2026, 6, 29) in rome
    assert date(2026, 6, 30) not in rome
    assert "2026-06-29" not in rome
    assert date(2026, 12, 25) not in PublicHolidays("")
    assert rome == PublicHolidays("IT", "RM")


def test_countries_are_named_and_sorted_by_name() -> None:
    names = list(countries().values())
    assert countries()["IT"] == "Italy"
    assert names == sorted(names)


def test_regions_are_named() -> None:
    assert subdivisions("IT")["RM"] == "Roma"
    assert dict(subdivisions("XX")) == {}
    assert dict(subdivisions("")) == {}
