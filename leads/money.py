"""Amounts and rates as people type them, and currencies. Pure: no ORM, no now.

Money is `Decimal` with two places and a currency; a rate turns one unit of it into the
organisation's currency.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from smarketing.errors import BadInput

CURRENCY = r"^[A-Z]{3}$"
LARGEST_AMOUNT = Decimal(10) ** 12
AMOUNT_PLACES = 2
LARGEST_RATE = Decimal(10) ** 10
RATE_PLACES = 8
CENT = Decimal("0.01")

# ISO 4217: the codes in use.
_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD
KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN
NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND
VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())

NOT_A_NUMBER = _("“%(text)s” is not a number here. Write it like %(example)s.")
NEGATIVE = _("An amount is never below zero.")
TOO_LARGE = _("This is more than can be kept: the largest amount has 12 digits.")
TOO_FINE = _("At most %(places)d digits after the decimal mark.")
NO_RATE = _("A rate is greater than zero.")
NOT_ISO = _("“%(text)s” is not a currency. Write its three letters, like EUR.")


def read_amount(text: str, marks: tuple[str, str]) -> Decimal | None:
    """Return the amount typed as `text` where `marks` are the decimal and the thousands mark.

    None for nothing. Raises BadInput (field `amount`) for what is negative, too large, finer than
    a cent, or not written in this form: `1.234,56` is never read as `1,234.56`.
    """
    amount = _read(text, marks, AMOUNT_PLACES, "amount")
    if amount is None:
        return None
    if amount < 0:
        raise _bad("amount", NEGATIVE)
    if amount >= LARGEST_AMOUNT:
        raise _bad("amount", TOO_LARGE)
    return amount.quantize(CENT)


def read_rate(text: str, marks: tuple[str, str]) -> Decimal | None:
    """Return the exchange rate typed as `text`; None for nothing, BadInput (field `rate`) else."""
    rate = _read(text, marks, RATE_PLACES, "rate")
    if rate is None:
        return None
    if not 0 < rate < LARGEST_RATE:
        raise _bad("rate", NO_RATE if rate <= 0 else TOO_LARGE)
    return rate


def read_currency(text: str) -> str:
    """Return the code typed as `text`, in capitals; raise BadInput (field `currency`)."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise _bad("currency", NOT_ISO % {"text": text.strip()[:20]})
    return code


def in_house(amount: Decimal, rate: Decimal) -> Decimal:
    """Return `amount` in the organisation's currency at `rate`, to the cent, halves up."""
    return (amount * rate).quantize(CENT, rounding=ROUND_HALF_UP)


def _read(text: str, marks: tuple[str, str], places: int, field: str) -> Decimal | None:
    bare = re.sub(r"\s", "", text)  # spaces part thousands in many hands, thin ones too
    if not bare:
        return None
    decimal_mark, thousands = (re.escape(mark) for mark in marks)
    grouped = rf"\d{{1,3}}(?:{thousands}\d{{3}})+" if marks[1].strip() else r"(?!)"
    found = re.fullmatch(rf"([-−]?)({grouped}|\d+)(?:{decimal_mark}(\d+))?", bare, re.ASCII)
    if found is None:
        example = f"1{marks[1]}234{marks[0]}50"
        raise _bad(field, NOT_A_NUMBER % {"text": text.strip()[:40], "example": example})
    sign, whole, fraction = found.groups()
    if len((fraction or "").rstrip("0")) > places:
        raise _bad(field, TOO_FINE % {"places": places})
    digits = whole.replace(marks[1], "") if marks[1].strip() else whole
    return Decimal(f"{'-' if sign else ''}{digits}.{(fraction or '0')[:places]}")


def _bad(field: str, reason: object) -> BadInput:
    return BadInput(str(reason), fields={field: [str(reason)]})
