"""Values as people read them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy

from reporting.figures import Column, Unit, Value, plain
from shell.formats import NOTHING, write_money, write_number, write_share

WORDS = {
    Unit.DAYS: gettext_lazy("%(n)s d"),
    Unit.HOURS: gettext_lazy("%(n)s h"),
    Unit.ELAPSED: gettext_lazy("%(n)s h"),
    Unit.RATIO: gettext_lazy("%(n)s×"),
}
CENTS = Decimal(100)


def write(value: Value, column: Column, currency: str) -> str:
    """Return `value` in the reader's form; an en dash where there is none."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    number = Decimal(str(plain(value)))
    if column.unit is Unit.SHARE:
        return write_share(number, column.places)
    if column.unit is Unit.CENTS:
        return write_money(number.quantize(Decimal(1)) / CENTS, currency)
    written = write_number(number, column.places)
    return WORDS[column.unit] % {"n": written} if column.unit in WORDS else written
