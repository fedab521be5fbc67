"""The record: companies, contacts, leads, their transitions, campaigns."""

from leads.models.campaigns import Campaign, ProductLine, Source
from leads.models.leads import Lead, StageTransition
from leads.models.opportunities import Opportunity
from leads.models.parties import Company, Contact, ContactExternalId

__all__ = [
    "Campaign",
    "Company",
    "Contact",
    "ContactExternalId",
    "Lead",
    "Opportunity",
    "ProductLine",
    "Source",
    "StageTransition",
]
