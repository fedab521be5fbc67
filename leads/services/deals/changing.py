"""Open deals: added, edited, moved along the steps. A second writer is told of the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.enums import Disposition, LifecycleStage
from leads.models import DealStep, Lead, Opportunity
from leads.models.opportunities import DealState
from leads.rules import works_on_deal
from leads.services.deals.facts import DealFacts, check_facts, write_facts
from smarketing.errors import NotAllowed, NotFound, Refused

NO_SUCH_DEAL = _("There is no such opportunity.")
NO_SUCH_LEAD = _("There is no such lead.")
CLOSED = _("%(who)s has already closed this opportunity: %(state)s.")
CHANGED = _(
    "%(who)s has changed this opportunity while you were writing. Nothing was overwritten: look at "
    "it as it is now, then save again."
)
NOT_YOURS = _("This opportunity belongs to %(owner)s, who decides on it.")
OF_SALES = _("Opportunities are for Sales to work on.")
NOT_CONVERTED = _("This lead is at %(stage)s: make it an opportunity first.")
LEAD_CLOSED = _("This lead is closed: %(disposition)s. It brings no more opportunities.")
SOMEBODY = _("Somebody")
WRITTEN = ["changed_by", "changed_at", "version"]


@transaction.atomic
def add_opportunity(lead_id: int, facts: DealFacts, *, actor: User, at: datetime) -> Opportunity:
    """Add a deal to a lead that has been converted; after the first win it is an expansion.

    Raises NotFound, NotAllowed, Refused when the lead is not an opportunity or a customer, BadInput
    by field.
    """
    lead = lock_lead(lead_id)
    refuse_stranger(actor, lead.owner_id, str(lead.owner))
    if lead.disposition not in (Disposition.OPEN, Disposition.WON):
        raise Refused(LEAD_CLOSED % {"disposition": lead.get_disposition_display()})
    if lead.stage not in (LifecycleStage.OPPORTUNITY, LifecycleStage.CUSTOMER):
        raise Refused(NOT_CONVERTED % {"stage": lead.get_stage_display()}, code="not_converted")
    check_facts(facts)
    deal = Opportunity(lead=lead, opened_at=at, changed_by=actor, changed_at=at)
    write_facts(deal, with_usual(facts, lead))
    deal.save()
    return deal


def with_usual(facts: DealFacts, lead: Lead) -> DealFacts:
    """Fill what was left open: the lead's owner and product line, the first step in use."""
    first = None if facts.step_id else DealStep.objects.filter(is_active=True).first()
    return replace(
        facts,
        owner_id=facts.owner_id or lead.owner_id,
        product_line_id=facts.product_line_id or lead.product_line_id,
        step_id=facts.step_id or (first.pk if first else None),
    )


@transaction.atomic
def change_opportunity(
    opportunity_id: int, facts: DealFacts, *, version: int | None, actor: User, at: datetime
) -> Opportunity:
    """Edit an open deal that was read at `version` (None: whatever it is now).

    Raises NotFound, NotAllowed, Refused (`closed`, or `changed_meanwhile` naming who), BadInput by
    field; nothing is written then.
    """
    deal = lock_open_deal(opportunity_id, version, actor)
    check_facts(facts, deal)
    changed = write_facts(deal, facts)
    if changed:
        sign(deal, actor, at)
        deal.save(update_fields=[*changed, *WRITTEN])
    return deal


@transaction.atomic
def step_opportunity(
    opportunity_id: int, step_id: int, *, version: int | None, actor: User, at: datetime
) -> Opportunity:
    """Move an open deal to another step in use, forward or back; refused as an edit is."""
    deal = lock_open_deal(opportunity_id, version, actor)
    facts = DealFacts(currency=deal.currency, step_id=step_id)
    check_facts(facts, deal)
    if deal.step_id != step_id:
        deal.step_id = step_id
        sign(deal, actor, at)
        deal.save(update_fields=["step", *WRITTEN])
    return deal


def lock_lead(lead_id: int) -> Lead:
    """Lock the lead of a deal: always before its deals, so that no two wait for each other."""
    rows = Lead.objects.select_for_update(of=("self",)).select_related("owner")
    lead = rows.filter(pk=lead_id).first()
    if lead is None:
        raise NotFound(NO_SUCH_LEAD)
    return lead


def lock_open_deal(opportunity_id: int, version: int | None, actor: User) -> Opportunity:
    """Lock a deal that `actor` may work on, is open and still at `version`, or say why not."""
    deal = _locked(opportunity_id)
    holder = deal.owner or deal.lead.owner
    if deal.lead.owner_id != actor.pk:
        refuse_stranger(actor, holder.pk if holder else None, str(holder))
    who = {"who": deal.changed_by or SOMEBODY}
    if deal.state != DealState.OPEN:
        state = DealState(deal.state).label
        raise Refused(CLOSED % {**who, "state": state}, code="closed")
    if version is not None and version != deal.version:
        raise Refused(CHANGED % who, code="changed_meanwhile")
    return deal


def _locked(opportunity_id: int) -> Opportunity:
    """Lock the row alone, then read it with what belongs to it: who waited for the lock would find
    the joined rows as they were before he waited."""
    rows = Opportunity.objects.filter(pk=opportunity_id)
    if not rows.select_for_update(of=("self",)).values_list("pk", flat=True):
        raise NotFound(NO_SUCH_DEAL)
    related = ("lead__owner", "lead__contact", "owner", "changed_by")
    return rows.select_related(*related).defer("lead__contact__search").get()


def refuse_stranger(actor: User, owner_id: int | None, owner: str) -> None:
    """Raise NotAllowed unless `actor` may work on a deal of this owner."""
    held = standing(actor)
    if works_on_deal(held, is_owner=owner_id == actor.pk, is_owned=owner_id is not None):
        return
    if works_on_deal(held, is_owner=True, is_owned=True):
        raise NotAllowed(NOT_YOURS % {"owner": owner}, code="not_owner")
    raise NotAllowed(OF_SALES, code="wrong_side")


def sign(deal: Opportunity, actor: User | None, at: datetime) -> None:
    """Note who wrote the deal last."""
    deal.changed_by, deal.changed_at, deal.version = actor, at, deal.version + 1
