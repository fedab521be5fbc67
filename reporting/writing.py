"""Values as people read them."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from reporting.figures import Column, Unit, Value
from shell.formats import NOTHING, write_money, write_number, write_share


def write(value: Value, column: Column, currency: str) -> str:
    """Return `value` in the reader's form; an en dash where there is none."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    number = float(value) if isinstance(value, Fraction) else value
    if column.unit is Unit.SHARE:
        return write_share(number, column.places)
    if column.unit is Unit.CENTS:
        return write_money(
            int(round(number)) / 100 if number % 100 else int(number) // 100, currency
        )
    if column.unit is Unit.DAYS:
        return _("%(n)s d") % {"n": write_number(number, column.places)}
    if column.unit is Unit.HOURS:
        return _("%(n)s h") % {"n": write_number(number, column.places)}
    if column.unit is Unit.RATIO:
        return _("%(n)s×") % {"n": write_number(number, column.places)}
    return write_number(number, column.places)
