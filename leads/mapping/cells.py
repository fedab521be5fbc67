"""What single cells say: dates, amounts, yes or no. Pure; a refusal comes as words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from leads.mapping.shape import NUMBER_FORMATS
from smarketing.errors import BadInput

FIRST_YEAR = 1900
MOST_DIGITS = 12
MOST_KEPT = 50_000
SHOWN = 40
NOT_A_DATE = _("“%(text)s” is not a date like %(format)s.")
TOO_EARLY = _("“%(text)s” is before %(year)d.")
NO_SUCH_TIME = _("“%(text)s” does not exist in %(zone)s: clocks were put forward then.")
NOT_AN_AMOUNT = _("“%(text)s” is not an amount like %(format)s.")
NOT_A_NUMBER = _("“%(text)s” is not a number like %(format)s.")
NOT_A_HEADCOUNT = _("“%(text)s” is not a number of people.")
MOST_EMPLOYEES = 2_147_483_647  # as many as the column holds
NOT_A_COUNT = _("“%(text)s” is not a number of attempts.")
MOST_COUNTED = 10_000
NOT_YES_OR_NO = _("“%(text)s” is neither yes nor no.")
YES = frozenset({"1", "yes", "y", "true", "x", "si", "sì", "sí", "s", "vero", "verdadero", "oui",
                 "o", "vrai", "on"})  # fmt: skip
NO = frozenset({"0", "no", "n", "false", "falso", "non", "faux", "off"})


class Dates:
    """Reads dates of one format and zone; the same text is read once."""

    def __init__(self, date_format: str, zone: ZoneInfo) -> None:
        self._format, self._zone = date_format, zone
        self._known: dict[str, datetime] = {}

    def read(self, text: str) -> datetime:
        """Return the instant that `text` means, in UTC; a day is its first instant.

        Raises BadInput for a text that is no date, a year before 1900 and a time that the zone
        skipped. A time that came twice is its first.
        """
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            known = self._known[text] = self._read(text)
        return known

    def _read(self, text: str) -> datetime:
        try:
            local = datetime.strptime(text, self._format)  # noqa: DTZ007  # the zone follows
            names = {"text": text[:SHOWN], "year": FIRST_YEAR, "zone": self._zone.key}
            if local.year < FIRST_YEAR:
                raise BadInput(TOO_EARLY % names)
            if local.tzinfo is not None:
                return local.astimezone(UTC)
            instant = local.replace(tzinfo=self._zone).astimezone(UTC)
            if instant.astimezone(self._zone).replace(tzinfo=None) == local:
                return instant
        except (ValueError, OverflowError) as error:
            names = {"text": text[:SHOWN], "format": self._format}
            raise BadInput(NOT_A_DATE % names) from error
        if local.time() != time.min:
            raise BadInput(NO_SUCH_TIME % names)
        return instant  # of a day whose midnight was skipped: when the clocks were changed


class Amounts:
    """Reads amounts as one number format writes them."""

    def __init__(self, number_format: str) -> None:
        self._format = number_format
        thousands, cents = NUMBER_FORMATS[number_format]
        grouped = rf"|[0-9]{{1,3}}(?:{_any_of(thousands)}[0-9]{{3}})+" if thousands else ""
        whole = rf"(?P<whole>[0-9]+{grouped})"
        self._pattern = re.compile(rf"{whole}(?:{re.escape(cents)}(?P<cents>[0-9]{{1,2}})0*)?")
        self._number = re.compile(rf"{whole}(?:{re.escape(cents)}(?P<cents>[0-9]+))?")

    def read(self, text: str) -> Decimal:
        """Return the amount, with cents; raise BadInput for what is not one."""
        whole, cents = self._read(self._pattern, text, NOT_AN_AMOUNT)
        return Decimal(f"{whole}.{cents.ljust(2, '0')}")

    def digits(self, text: str) -> str:
        """Return a number with any decimals, a point before them; raise BadInput."""
        whole, rest = self._read(self._number, text, NOT_A_NUMBER)
        return f"{whole}.{rest}" if rest else whole

    def read_headcount(self, text: str) -> int:
        """Return how many people work somewhere; raise BadInput for what is no whole number."""
        whole, rest = self._read(self._number, text, NOT_A_HEADCOUNT)
        if rest.strip("0") or int(whole) > MOST_EMPLOYEES:
            raise BadInput(NOT_A_HEADCOUNT % {"text": text[:SHOWN]})
        return int(whole)

    def _read(self, pattern: re.Pattern[str], text: str, complaint: Any) -> tuple[str, str]:
        found = pattern.fullmatch(text)
        whole = re.sub("[^0-9]", "", found["whole"]).lstrip("0") if found else ""
        if found is None or len(whole) > MOST_DIGITS:
            raise BadInput(complaint % {"text": text[:SHOWN], "format": self._format})
        return whole or "0", found["cents"] or ""


def _any_of(thousands: str) -> str:
    """A space between thousands may be one that does not break."""
    return "[ \u00a0\u202f]" if thousands == " " else re.escape(thousands)


def read_yes_or_no(text: str) -> bool:
    """Return what a cell says in one of the four languages; raise BadInput for another word."""
    word = text.casefold()
    if word in YES or word in NO:
        return word in YES
    raise BadInput(NOT_YES_OR_NO % {"text": text[:SHOWN]})


def read_count(text: str) -> int:
    """Return how many; raise BadInput for what is no whole number up to 10 000."""
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        count = int(text)
        if count <= MOST_COUNTED:
            return count
    raise BadInput(NOT_A_COUNT % {"text": text[:SHOWN]})


class Emails:
    """Tells what is an e-mail address, asking of each domain once."""

    def __init__(self) -> None:
        self._domains: dict[str, bool] = {}

    def accepts(self, email: str) -> bool:
        """Tell whether `email`, normalised, is one, as Django's validator has it."""
        user, at, domain = email.rpartition("@")
        known = self._domains.get(domain)
        if known is None:
            if len(self._domains) >= MOST_KEPT:
                self._domains.clear()
            known = self._domains[domain] = self._is_domain(domain)
        return bool(at) and known and validate_email.user_regex.match(user) is not None

    @staticmethod
    def _is_domain(domain: str) -> bool:
        try:
            validate_email(f"a@{domain}")
        except ValidationError:
            return False
        return True
