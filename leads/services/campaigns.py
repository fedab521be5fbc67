"""Campaigns and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.enums import CampaignChannel
from leads.folding import fold
from leads.models import Campaign, CampaignCost, ProductLine
from leads.money import read_currency
from leads.rules import manages_campaigns
from leads.services.deals.facts import FIRST_DAY, LAST_DAY, NO_DAY, UNKNOWN_LINE, check_amount
from smarketing.errors import BadInput, NotAllowed, NotFound

LONGEST_NAME = 150
LONGEST_NOTE = 200
NAME_NEEDED = _("A campaign has a name.")
NAME_TAKEN = _("There is a campaign of this name already.")
ENDS_FIRST = _("A campaign ends on the day it starts, or later.")
UNKNOWN_CHANNEL = _("There is no such channel.")
AMOUNT_NEEDED = _("Say how much it was.")
COSTS_ARE_IN = _("Its costs are in %(currency)s: the currency stays.")
FOR_MARKETING = _("Campaigns are for Marketing to plan.")


@dataclass(frozen=True, kw_only=True)
class CampaignFacts:
    """A campaign as it is planned."""

    name: str
    channel: str
    product_line_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    budget: Decimal | None = None
    currency: str = "EUR"


def save_campaign(campaign: Campaign | None, facts: CampaignFacts, *, actor: User) -> Campaign:
    """Make a campaign, or change the one given.

    Raises NotAllowed for whoever is not of Marketing or a manager, BadInput by field; two of one
    name cannot be, in any case and with or without accents.
    """
    refuse_others(actor)
    _check(campaign, facts)
    row = campaign or Campaign()
    for field in fields(facts):
        setattr(row, field.name, getattr(facts, field.name))
    row.name = facts.name.strip()
    row.key = fold(row.name)[:LONGEST_NAME]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:
        raise BadInput(NAME_TAKEN, fields={"name": [NAME_TAKEN]}) from taken
    return row


def _check(campaign: Campaign | None, facts: CampaignFacts) -> None:
    wrong: dict[str, list[Any]] = {}
    name = facts.name.strip()
    if not name or len(name) > LONGEST_NAME:
        wrong["name"] = [NAME_NEEDED]
    elif _others(campaign).filter(key=fold(name)[:LONGEST_NAME]).exists():
        wrong["name"] = [NAME_TAKEN]
    if facts.channel not in CampaignChannel.values:
        wrong["channel"] = [UNKNOWN_CHANNEL]
    check_amount(facts.budget, wrong, "budget")
    _check_days({"starts_on": facts.starts_on, "ends_on": facts.ends_on}, wrong)
    if facts.starts_on and facts.ends_on and facts.ends_on < facts.starts_on:
        wrong.setdefault("ends_on", [ENDS_FIRST])
    _check_currency(campaign, facts.currency, wrong)
    line = facts.product_line_id
    if line is not None and not ProductLine.objects.filter(pk=line).exists():
        wrong["product_line"] = [UNKNOWN_LINE]
    if wrong:
        raise BadInput(_("The campaign cannot be kept like this."), fields=wrong)


def _others(campaign: Campaign | None) -> Any:
    rows = Campaign.objects.all()
    return rows.exclude(pk=campaign.pk) if campaign else rows


def _check_currency(campaign: Campaign | None, currency: str, wrong: dict[str, list[Any]]) -> None:
    try:
        read_currency(currency)
    except BadInput as bad:
        wrong.update(bad.fields)
        return
    if campaign and campaign.currency != currency and campaign.costs.exists():
        wrong["currency"] = [COSTS_ARE_IN % {"currency": campaign.currency}]


def _check_days(days: Mapping[str, date | None], wrong: dict[str, list[Any]]) -> None:
    for name, day in days.items():
        if day is not None and not FIRST_DAY <= day < LAST_DAY:
            wrong[name] = [NO_DAY]


def add_cost(
    campaign: Campaign, *, spent_on: date, amount: Decimal | None, note: str, actor: User
) -> CampaignCost:
    """Note what the campaign cost on a day, in its currency; BadInput by field."""
    refuse_others(actor)
    wrong: dict[str, list[Any]] = {}
    if amount is None:
        wrong["amount"] = [AMOUNT_NEEDED]
    check_amount(amount, wrong)
    _check_days({"spent_on": spent_on}, wrong)
    if wrong or amount is None:
        raise BadInput(_("The cost cannot be kept like this."), fields=wrong)
    return CampaignCost.objects.create(
        campaign=campaign, spent_on=spent_on, amount=amount, note=note.strip()[:LONGEST_NOTE]
    )


def remove_cost(campaign: Campaign, cost_id: int, *, actor: User) -> None:
    """Take a cost away; its trace stays in the record's history. NotFound when it is not there."""
    refuse_others(actor)
    deleted, _by_model = campaign.costs.filter(pk=cost_id).delete()
    if not deleted:
        raise NotFound("no such cost")


def refuse_others(actor: User) -> None:
    """Raise NotAllowed unless `actor` plans campaigns."""
    if not manages_campaigns(standing(actor)):
        raise NotAllowed(FOR_MARKETING)
