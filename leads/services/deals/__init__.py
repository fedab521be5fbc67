"""Deals that leads bring: rows of their own, beside the lifecycle."""

from leads.services.deals.changing import add_opportunity, change_opportunity, step_opportunity
from leads.services.deals.closing import DealOutcome, Loss, Win, lose_opportunity, win_opportunity
from leads.services.deals.converting import convert_lead
from leads.services.deals.customers import AfterSale, record_customer_event
from leads.services.deals.facts import DealFacts
from leads.services.deals.settling import Deal, settle_deals
from leads.services.deals.trying_again import bring_back_lost

__all__ = [
    "AfterSale",
    "Deal",
    "DealFacts",
    "DealOutcome",
    "Loss",
    "Win",
    "add_opportunity",
    "bring_back_lost",
    "change_opportunity",
    "convert_lead",
    "lose_opportunity",
    "record_customer_event",
    "settle_deals",
    "step_opportunity",
    "win_opportunity",
]
