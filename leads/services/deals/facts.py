"""What people say of a deal, held against what a deal can be."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.models import DealStep, Opportunity, ProductLine
from leads.money import AMOUNT_PLACES, LARGEST_AMOUNT, NEGATIVE, TOO_FINE, TOO_LARGE, read_currency
from smarketing.errors import BadInput

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
LONGEST_NAME, LONGEST_NOTE = 150, 5_000
NO_DAY = _("A day between the years 2000 and 2100.")
UNKNOWN_STEP = _("There is no such step in use.")
UNKNOWN_LINE = _("There is no such product line.")
UNKNOWN_OWNER = _("There is no such person at work.")
TOO_LONG = _("At most %(n)d characters.")


@dataclass(frozen=True, kw_only=True)
class DealFacts:
    """A deal as told by a person: everything that may be edited while it is open."""

    name: str = ""
    amount: Decimal | None = None
    currency: str = "EUR"
    expected_close_on: date | None = None
    step_id: int | None = None
    product_line_id: int | None = None
    owner_id: int | None = None
    note: str = ""


FIELDS = tuple(field.name for field in fields(DealFacts))


def check_facts(facts: DealFacts, known: Opportunity | None = None) -> None:
    """Raise BadInput, field by field, for what no deal can be.

    A step out of use, or an owner who has left, may stay on the deal that has it. At most three
    statements.
    """
    wrong: dict[str, list[Any]] = {}
    check_amount(facts.amount, wrong)
    try:
        read_currency(facts.currency)
    except BadInput as bad:
        wrong.update(bad.fields)
    if facts.expected_close_on and not FIRST_DAY <= facts.expected_close_on < LAST_DAY:
        wrong["expected_close_on"] = [NO_DAY]
    for name, longest in (("name", LONGEST_NAME), ("note", LONGEST_NOTE)):
        if len(getattr(facts, name)) > longest:
            wrong[name] = [TOO_LONG % {"n": longest}]
    wrong |= _unknown(facts, known)
    if wrong:
        raise BadInput(_("The deal cannot be kept like this."), fields=wrong)


def check_amount(amount: Decimal | None, wrong: dict[str, list[Any]], name: str = "amount") -> None:
    """Note in `wrong` why `amount` cannot be kept."""
    if amount is None:
        return
    if not amount.is_finite() or amount >= LARGEST_AMOUNT:
        wrong[name] = [TOO_LARGE]
    elif amount < 0:
        wrong[name] = [NEGATIVE]
    elif amount != round(amount, AMOUNT_PLACES):
        wrong[name] = [TOO_FINE % {"places": AMOUNT_PLACES}]


def _unknown(facts: DealFacts, known: Opportunity | None) -> dict[str, list[Any]]:
    """Look up what is named by id, where it is new to the deal."""
    asked: tuple[tuple[str, Any, Any], ...] = (
        ("step_id", DealStep.objects.filter(is_active=True), UNKNOWN_STEP),
        ("product_line_id", ProductLine.objects.all(), UNKNOWN_LINE),
        ("owner_id", User.objects.filter(is_active=True), UNKNOWN_OWNER),
    )
    wrong: dict[str, list[Any]] = {}
    for name, rows, reason in asked:
        value = getattr(facts, name)
        if value is None or (known is not None and getattr(known, name) == value):
            continue
        if not rows.filter(pk=value).exists():
            wrong[name.removesuffix("_id")] = [reason]
    return wrong


def write_facts(deal: Opportunity, facts: DealFacts) -> list[str]:
    """Put `facts` on the deal; return the names of the columns that changed."""
    changed = [name for name in FIELDS if getattr(deal, name) != getattr(facts, name)]
    for name in changed:
        setattr(deal, name, getattr(facts, name))
    return changed
