"""Dates and numbers as files write them: found out, read, and said in one way. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from leads.folding import fold
from smarketing.errors import BadInput

# As they are shown: the last day of a year says which part is which.
DATE_FORMATS: Mapping[str, str] = {
    "%Y-%m-%d": "2026-12-31",
    "%d/%m/%Y": "31/12/2026",
    "%m/%d/%Y": "12/31/2026",
    "%d.%m.%Y": "31.12.2026",
    "%d-%m-%Y": "31-12-2026",
    "%Y/%m/%d": "2026/12/31",
    "%d/%m/%y": "31/12/26",
    "%m/%d/%y": "12/31/26",
    "%d %b %Y": "31 Dec 2026",
    "%b %d %Y": "Dec 31, 2026",
    "%Y%m%d": "20261231",
}
ISO = "%Y-%m-%dT%H:%M:%S%z"
FIRST_YEAR = 1900
SHOWN = 40
# A day, and where there is one the time after it: `T10:00:00.000Z`, `, 3:45 PM`.
WITH_TIME = re.compile(
    r"(?P<day>.+?)(?:T|,?\s+)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
# The first letters of the months in English, Italian, Spanish, French; the longest wins.
MONTHS = (
    ("jan", "gen", "ene", "janv"), ("feb", "fev", "fevr"), ("mar", "mars"),
    ("apr", "abr", "avr"), ("may", "mag", "mai"), ("jun", "giu", "juin"),
    ("jul", "lug", "juil"), ("aug", "ago", "aou"), ("sep", "set"), ("oct", "ott"),
    ("nov",), ("dec", "dic"),
)  # fmt: skip
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BETWEEN_PARTS = re.compile(r"[\s.,/-]+")
NOT_A_DATE = _("“%(text)s” is not a date like %(like)s.")
TOO_EARLY = _("“%(text)s” is before %(year)d.")
NO_SUCH_TIME = _("“%(text)s” does not exist in %(zone)s: clocks were put forward then.")
DECIMALS: Mapping[str, str] = {".": "1,234.56", ",": "1.234,56"}
NUMBERS = {
    ".": re.compile(r"-?(\d{1,3}([, '\u00a0\u202f]\d{3})+|\d+)(\.\d+)?"),
    ",": re.compile(r"-?(\d{1,3}([. '\u00a0\u202f]\d{3})+|\d+)(,\d+)?"),
}
CURRENCY = re.compile(r"^(?:[A-Z]{3}|[€$£])\s*|\s*(?:[A-Z]{3}|[€$£])$")
GROUPS = str.maketrans("", "", " '\u00a0\u202f")


def local_of(text: str, date_format: str) -> datetime | None:
    """Return what `text` says in `date_format`, with or without a time; None for no date.

    It carries a zone only where the text does.
    """
    found = WITH_TIME.fullmatch(text)
    try:
        day = datetime.strptime(_plain(found["day"] if found else text, date_format), date_format)  # noqa: DTZ007
        return datetime.combine(day, _time_of(found), _zone_of(found)) if found else day
    except ValueError:
        return None


def _plain(day: str, date_format: str) -> str:
    """Names of months are read in four languages: `13 de enero de 2026`, `13-gen-26`."""
    if "%b" not in date_format:
        return day
    parts = [part for part in BETWEEN_PARTS.split(fold(day)) if part not in ("de", "del")]
    return " ".join(_month(part) if part.isalpha() else part for part in parts if part)


def _month(word: str) -> str:
    for name, starts in zip(NAMES, MONTHS, strict=True):
        if word.startswith(starts):
            return name
    return word


def _time_of(found: re.Match[str]) -> time:
    hour, half = int(found["hour"]), (found["half"] or "")[:1].lower()
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004  # as on the face of a clock
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(found["minute"]), int(found["second"] or 0))


def _zone_of(found: re.Match[str]) -> timezone | None:
    told = found["offset"]
    if not told:
        return None
    if told[0] not in "+-":
        return UTC
    minutes = int(told[1:3]) * 60 + int(told[-2:])
    return timezone(timedelta(minutes=-minutes if told[0] == "-" else minutes))


def read_date(text: str, date_format: str, zone: ZoneInfo) -> datetime:
    """Return the instant that `text` means, in `zone`; a day is its first instant.

    Raises BadInput for what is no date, a year before 1900 and a time that the clocks skipped. A
    time that came twice is its first.
    """
    local = local_of(text, date_format)
    names = {"text": text[:SHOWN], "year": FIRST_YEAR, "zone": zone.key,
             "like": DATE_FORMATS.get(date_format, date_format)}  # fmt: skip
    if local is None:
        raise BadInput(NOT_A_DATE % names)
    if local.year < FIRST_YEAR:
        raise BadInput(TOO_EARLY % names)
    try:
        there = (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)
        instant = there.astimezone(zone)
    except OverflowError as error:
        raise BadInput(NOT_A_DATE % names) from error
    was_skipped = local.tzinfo is None and instant.replace(tzinfo=None) != local
    if was_skipped and local.time() != time.min:
        raise BadInput(NO_SUCH_TIME % names)
    return instant


def as_number(text: str, decimal: str) -> str | None:
    """Return the number that `text` says, as Decimal reads it; None for what is none."""
    plain = CURRENCY.sub("", text.strip())
    if not NUMBERS[decimal].fullmatch(plain):
        return None
    plain = plain.translate(GROUPS)
    return plain.replace(",", "") if decimal == "." else plain.replace(".", "").replace(",", ".")


def date_formats_of(texts: Iterable[str]) -> list[str]:
    """Return the formats that read most of `texts`, the likeliest first; none for no text."""
    told = {text.strip() for text in texts if text.strip()}
    reads = {one: sum(local_of(text, one) is not None for text in told) for one in DATE_FORMATS}
    most = max(reads.values())
    return [one for one in DATE_FORMATS if most and reads[one] == most]


def decimal_of(texts: Iterable[str]) -> str:
    """Return the decimal mark that reads most of `texts`; a point when both do."""
    told = [text.strip() for text in texts if text.strip()]
    # `1.234` alone is read as a thousand and more only where its fellows use the comma.
    right = {mark: sum(as_number(text, mark) is not None for text in told) for mark in DECIMALS}
    return "," if right[","] > right["."] else "."
