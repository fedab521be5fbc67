"""What the pages and the API read of deals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from accounts.models import User
from accounts.rules import standing
from leads.enums import Disposition, LifecycleStage
from leads.models import Competitor, CustomerEvent, DealStep, Lead, Opportunity
from leads.models.opportunities import CLOSES_ON
from leads.rules import sees_leads, sees_only_own_team, works_on_deal
from smarketing.errors import NotFound

NO_SUCH_DEAL = "no such opportunity"
MOST = 200


def listed_opportunities(user: Any) -> QuerySet[Opportunity]:
    """Return the deals of leads that `user` may see, with all that a row shows, unordered."""
    held = standing(user)
    related = ("lead__contact__company", "lead__owner", "owner", "step", "product_line")
    rows = Opportunity.objects.select_related(*related, "competitor", "changed_by")
    rows = rows.defer("lead__contact__search").annotate(closes_on=CLOSES_ON)
    if not sees_leads(held):
        return rows.none()
    if not sees_only_own_team(held):
        return rows
    leads = Lead.objects.visible_to(user, held)
    return rows.filter(Q(lead__in=leads) | Q(owner=user))


def visible_opportunity(user: Any, pk: int) -> Opportunity:
    """Return the deal; raise NotFound when `user` does not see its lead."""
    found = listed_opportunities(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(NO_SUCH_DEAL)
    return found


def may_work_on(user: User, deal: Opportunity) -> bool:
    """Tell whether `user` may edit, win and lose the deal: its owner, or that of its lead."""
    holder = deal.owner_id or deal.lead.owner_id
    mine = user.pk in (deal.owner_id, deal.lead.owner_id)
    return works_on_deal(standing(user), is_owner=mine, is_owned=holder is not None)


@dataclass(frozen=True)
class CurrencySum:
    """Deals of one currency: how many, how much, and how much weighed by their steps' chances.

    Amounts of different currencies are never added.
    """

    currency: str
    count: int
    total: Decimal | None
    weighted: Decimal | None


def sums_of(rows: QuerySet[Opportunity]) -> list[CurrencySum]:
    """Return the sums of `rows` by currency, the largest number of deals first; one statement."""
    found = (
        rows.order_by()
        .values_list("currency")
        .annotate(n=Count("id"), total=Sum("amount"), weighted=Sum(F("amount") * chance()))
        .order_by("-n", "currency")
    )
    return [CurrencySum(*row) for row in found]


def chance() -> F:
    """The chance of a deal's step, a share from 0 to 1."""
    return F("step__probability")


@dataclass(frozen=True)
class LeadDeals:
    """The deals of a lead and what happened after the sale; two statements."""

    deals: Sequence[Opportunity]
    events: Sequence[CustomerEvent]

    @property
    def has_left(self) -> bool:
        """Tell whether the customer has left."""
        return any(event.kind == "CHURNED" for event in self.events)


def lead_deals(lead: Lead) -> LeadDeals:
    """Return the deals of `lead`, the first first, and its customer events, newest first."""
    deals = lead.opportunities.select_related("owner", "step", "product_line", "competitor")
    events = lead.customer_events.select_related("actor").order_by("-occurred_on", "-id")
    return LeadDeals(list(deals.order_by("id")[:MOST]), list(events[:MOST]))


def may_bring_more(user: User, lead: Lead) -> bool:
    """Tell whether `user` may add a deal to the lead now."""
    is_open = lead.disposition in (Disposition.OPEN, Disposition.WON)
    converted = lead.stage in (LifecycleStage.OPPORTUNITY, LifecycleStage.CUSTOMER)
    return is_open and converted and may_work_on_lead(user, lead)


def may_work_on_lead(user: User, lead: Lead) -> bool:
    """Tell whether `user` may tell of deals and after-sales of the lead."""
    owned, mine = lead.owner_id is not None, lead.owner_id == user.pk
    return works_on_deal(standing(user), is_owner=mine, is_owned=owned)


def steps_in_use() -> list[DealStep]:
    """Return the steps that deals may take, in order; one statement."""
    return list(DealStep.objects.filter(is_active=True))


def deal_steps() -> list[DealStep]:
    """Return every step with how many deals stand there (`open_deals`) or ever did (`deals`)."""
    counted = DealStep.objects.annotate(
        open_deals=Count("opportunities", filter=Q(opportunities__state="OPEN")),
        deals=Count("opportunities"),
    )
    return list(counted.order_by("position", "id"))  # grouping forgets the usual order


def competitors() -> list[Competitor]:
    """Return every competitor with how many deals were lost to it (`lost`)."""
    lost = Opportunity.objects.filter(competitor__isnull=False).values_list("competitor")
    counts = dict(lost.annotate(n=Count("id")).values_list("competitor", "n"))
    rows = list(Competitor.objects.all())
    for row in rows:
        row.lost = counts.get(row.pk, 0)  # type: ignore[attr-defined]  # read by the page
    return rows
