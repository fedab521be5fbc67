"""Deals for tests, made as people make them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from leads.enums import LifecycleStage
from leads.models import Lead, Opportunity
from leads.services.deals import DealFacts, add_opportunity, convert_lead
from tests.conftest import AT
from tests.leads.records import lead_at

TEN = Decimal("10000.00")


def sql_of(owner: User | None, email: str = "anna@acme.example", **fields: Any) -> Lead:
    """An SQL of `owner`."""
    names = {"given_name": "Anna", "family_name": "Verdi", **fields}
    return lead_at(LifecycleStage.SQL, email=email, owner=owner, **names)


def deal_of(
    owner: User, amount: Decimal | None = TEN, currency: str = "EUR", *, at: datetime = AT,
    email: str = "anna@acme.example", **facts: Any,
) -> Opportunity:  # fmt: skip
    """A deal that `owner` has made of a lead of his own."""
    lead = sql_of(owner, email)
    told = DealFacts(amount=amount, currency=currency, **facts)
    return convert_lead(lead.pk, told, actor=owner, at=at).deal


def one_more(deal: Opportunity, owner: User, *, at: datetime = AT, **facts: Any) -> Opportunity:
    """Another deal of the same lead."""
    return add_opportunity(deal.lead_id, DealFacts(**facts), actor=owner, at=at)


def deal_facts(lead: Lead) -> list[dict[str, Any]]:
    """Everything that a refused act must leave as it was."""
    return list(Opportunity.objects.filter(lead=lead).order_by("id").values())
