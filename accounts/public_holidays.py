"""Public holidays of countries and their regions, day by day; knows no database.

The dates come from the `holidays` library. Years are read one at a time and kept, because a
calendar asks the same few over and over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType

import holidays

ENGLISH = "en"


@dataclass(frozen=True)
class PublicHolidays:
    """The public holidays of a country or of one region of it, as a set of dates."""

    country: str
    subdivision: str = ""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in holidays_of(
            self.country, self.subdivision, day.year
        )


@lru_cache(maxsize=4096)
def holidays_of(
    country: str, subdivision: str, year: int, language: str = ENGLISH
) -> Mapping[date, str]:
    """The holidays of one year by date, named in `language` where the library has it.

    Empty without a country, and for years the library does not know. Raises ValueError for an
    unknown country or region.
    """
    if not country:
        return MappingProxyType({})
    try:
        found = holidays.country_holidays(
            country,
            subdiv=subdivision or None,
            years=year,
            language=_library_language(country, language),
        )
    except NotImplementedError as error:
        raise ValueError(str(error)) from None
    return MappingProxyType({day: found[day].replace("; ", ", ") for day in sorted(found)})


@cache
def countries() -> Mapping[str, str]:
    """The countries whose holidays are known: ISO code to English name, by name."""
    known = holidays.list_supported_countries(include_aliases=False)
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    named = sorted(((name, code) for code, name in rows if code in known))
    return MappingProxyType({code: name for name, code in named})


@cache
def subdivisions(country: str) -> Mapping[str, str]:
    """The regions of a country with holidays of their own: code to name, by name."""
    if country not in countries():
        return MappingProxyType({})
    known = holidays.list_supported_countries(include_aliases=False).get(country, [])
    aliases: Mapping[str, str] = getattr(
        holidays.country_holidays(country), "subdivisions_aliases", {}
    )
    names: dict[str, str] = {}
    for name, code in aliases.items():
        names.setdefault(code, name)
    named = sorted((names.get(code, code), code) for code in known)
    return MappingProxyType({code: name for name, code in named})


@cache
def _library_language(country: str, language: str) -> str | None:
    """The library's name of `language` for this country, else of English, else its own."""
    supported = holidays.list_localized_countries(include_aliases=False).get(country, [])
    for wanted in (language, ENGLISH):
        for name in supported:
            if name.split("_")[0] == wanted.split("-")[0]:
                return str(name)
    return None
