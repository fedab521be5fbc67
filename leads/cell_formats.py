"""Dates and numbers as files write them: found out, read, and said in one way. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

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
}
TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S", "T%H:%M", " %H:%M:%S.%f")
ISO = "%Y-%m-%dT%H:%M:%S"
DECIMALS: Mapping[str, str] = {".": "1,234.56", ",": "1.234,56"}
NUMBERS = {
    ".": re.compile(r"-?(\d{1,3}([, '\u00a0\u202f]\d{3})+|\d+)(\.\d+)?"),
    ",": re.compile(r"-?(\d{1,3}([. '\u00a0\u202f]\d{3})+|\d+)(,\d+)?"),
}
CURRENCY = re.compile(r"^(?:EUR|USD|GBP|CHF|[€$£])\s*|\s*(?:EUR|USD|GBP|CHF|[€$£])$")
GROUPS = str.maketrans("", "", " '\u00a0\u202f")


def local_of(text: str, date_format: str) -> datetime | None:
    """Return the local instant that `text` says in `date_format`, with or without a time."""
    for clock in TIMES:
        try:
            return datetime.strptime(text, date_format + clock)  # noqa: DTZ007  # the zone follows
        except ValueError:
            continue
    return None


def as_iso(text: str, date_format: str, zone: ZoneInfo) -> str | None:
    """Return the instant in `ISO`; None for what is no date, or a time that the clocks skipped."""
    local = local_of(text, date_format)
    if local is None or local.year < 1000 or _was_skipped(local, zone):  # noqa: PLR2004
        return None
    return local.strftime(ISO)


def _was_skipped(local: datetime, zone: ZoneInfo) -> bool:
    if not 1900 < local.year < 2100 or not (local.hour or local.minute):  # noqa: PLR2004
        return False
    there = local.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).astimezone(zone)
    return there.replace(tzinfo=None) != local


def as_number(text: str, decimal: str) -> str | None:
    """Return the number that `text` says, as Decimal reads it; None for what is none."""
    plain = CURRENCY.sub("", text.strip())
    if not NUMBERS[decimal].fullmatch(plain):
        return None
    plain = plain.translate(GROUPS)
    return plain.replace(",", "") if decimal == "." else plain.replace(".", "").replace(",", ".")


def date_formats_of(texts: Iterable[str]) -> list[str]:
    """Return the formats that read most of `texts`, the likeliest first; none for no text."""
    told = [text.strip() for text in texts if text.strip()]
    if not told:
        return []
    reads = {one: sum(local_of(text, one) is not None for text in told) for one in DATE_FORMATS}
    most = max(reads.values())
    return [one for one in DATE_FORMATS if most and reads[one] == most]


def decimal_of(texts: Iterable[str]) -> str:
    """Return the decimal mark that reads most of `texts`; a point when both do."""
    told = [text.strip() for text in texts if text.strip()]
    # `1.234` alone is read as a thousand and more only where its fellows use the comma.
    right = {mark: sum(as_number(text, mark) is not None for text in told) for mark in DECIMALS}
    return "," if right[","] > right["."] else "."
