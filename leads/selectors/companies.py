"""What the pages of companies show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from accounts.rules import standing
from leads.enums import Disposition
from leads.models import Company, Contact, Lead, Opportunity
from leads.models.opportunities import DealState
from leads.rules import sees_leads
from leads.selectors.contacts import attributes_of
from smarketing.errors import NotFound

MOST_CONTACTS = 50
MOST_LEADS = 50


def listed_companies(user: Any) -> QuerySet[Company]:
    """Return the companies that `user` may see, with what a row shows, unordered."""
    rows = Company.objects.select_related("owner").defer("owner__password")
    return rows if sees_leads(standing(user)) else rows.none()


@dataclass(frozen=True)
class Tally:
    """How many people of a company are known, and how many leads are open."""

    contacts: int = 0
    open_leads: int = 0


def tallies_of(user: Any, companies: Iterable[Company]) -> dict[int, Tally]:
    """Count people and open leads of each company; two statements."""
    ids = [company.pk for company in companies]
    people = Contact.objects.canonical().visible_to(user, standing(user))
    known = people.filter(company_id__in=ids).order_by().values_list("company_id")
    leads = Lead.objects.visible_to(user, standing(user)).open()
    is_open = leads.filter(contact__company_id__in=ids).order_by()
    contacts = dict(known.annotate(n=Count("id")))
    running = dict(is_open.values_list("contact__company_id").annotate(n=Count("id")))
    return {pk: Tally(contacts.get(pk, 0), running.get(pk, 0)) for pk in ids}


@dataclass(frozen=True)
class Won:
    """What deals with a company brought in one currency."""

    currency: str
    amount: Decimal
    deals: int


@dataclass(frozen=True)
class CompanyPage:
    """Everything of a company that its page shows; a constant number of statements."""

    company: Company
    contacts: Sequence[Contact]
    leads: Sequence[Lead]
    tally: Tally
    customers: int
    won: Sequence[Won]
    attributes: Sequence[tuple[Any, Any]]

    @property
    def more_contacts(self) -> int:
        """How many people are not shown."""
        return max(self.tally.contacts - len(self.contacts), 0)


def visible_company(user: Any, pk: int) -> Company:
    """Return a company with its owner; raise NotFound when `user` does not see it."""
    found = listed_companies(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("no such company")
    return found


def company_page(user: Any, company: Company) -> CompanyPage:
    """Return what the page of `company` shows to `user`."""
    people = Contact.objects.canonical().visible_to(user, standing(user)).filter(company=company)
    leads = Lead.objects.visible_to(user, standing(user)).filter(contact__company=company)
    shown = leads.open().select_related("contact", "owner", "product_line")
    return CompanyPage(
        company=company,
        contacts=list(people.defer("search").order_by("sort_key", "id")[:MOST_CONTACTS]),
        leads=list(shown.defer("contact__search").order_by("-score", "-id")[:MOST_LEADS]),
        tally=tallies_of(user, [company])[company.pk],
        customers=_customers(leads),
        won=won_amounts(leads),
        attributes=attributes_of(company, "COMPANY"),
    )


def _customers(leads: QuerySet[Lead]) -> int:
    """Count the people of the company who became customers."""
    won = Count("contact_id", filter=Q(disposition=Disposition.WON), distinct=True)
    return int(leads.order_by().aggregate(n=won)["n"])


def won_amounts(leads: QuerySet[Lead]) -> list[Won]:
    """Return what the won deals of `leads` brought, by currency: nothing is converted here."""
    rows = Opportunity.objects.filter(lead__in=leads.order_by().values("id"), state=DealState.WON)
    sums = rows.order_by("currency").values_list("currency").annotate(Sum("amount"), Count("id"))
    return [Won(currency, amount or Decimal(0), n) for currency, amount, n in sums]
