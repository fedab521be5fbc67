"""Lost, but not for ever: on the day that was named, the contact begins a new row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from leads.enums import Cause, Disposition, LifecycleStage
from leads.models import Contact, Lead, Opportunity
from leads.models.opportunities import DealState
from leads.moving import Step
from leads.selectors.organisation import house_day
from leads.services.moves import begin_leads

BATCH = 200
RETURN = Step(to_stage=LifecycleStage.LEAD, cause=Cause.RULE)


@transaction.atomic
def bring_back_lost(*, at: datetime, batch: int = BATCH) -> int:
    """Begin a new row at LEAD for each lost lead whose "try again on" has come.

    What its last deal said counts. A contact whose row for the product line is open again already
    keeps that one. Returns how many lost rows were dealt with; run again until it is 0. Safe beside
    itself: rows in work elsewhere are skipped. Nine statements a batch.
    """
    due = _due(at, batch)
    if not due:
        return 0
    lines = {(lead.contact_id, lead.product_line_id): lead for lead in due}
    for row in Lead.objects.open().filter(contact_id__in={lead.contact_id for lead in due}):
        lines.pop((row.contact_id, row.product_line_id), None)
    begin_leads([(_next(lead), [RETURN]) for lead in lines.values()], at=at)
    Lead.objects.filter(pk__in=[lead.pk for lead in due]).update(
        woken_at=at, version=F("version") + 1
    )
    return len(due)


def _due(at: datetime, batch: int) -> Sequence[Lead]:
    """Lock the lost leads whose day has come, then their contacts, as captures do."""
    deals = Opportunity.objects.filter(lead_id=OuterRef("lead_id"), state=DealState.LOST)
    later = deals.filter(closed_at__gte=OuterRef("closed_at"), id__gt=OuterRef("id"))
    latest = Opportunity.objects.filter(
        ~Exists(later), state=DealState.LOST, try_again_on__lte=house_day(at),
        lead__disposition=Disposition.LOST, lead__woken_at__isnull=True,
    ).order_by("try_again_on", "id")  # fmt: skip
    ids = list(latest.values_list("lead_id", flat=True)[:batch])
    rows = Lead.objects.select_for_update(of=("self",), skip_locked=True)
    due = list(
        rows.filter(pk__in=ids, disposition=Disposition.LOST, woken_at__isnull=True).order_by("id")
    )
    contacts = Contact.objects.select_for_update().filter(pk__in={lead.contact_id for lead in due})
    list(contacts.order_by("id").values_list("id"))
    return due


def _next(lead: Lead) -> Lead:
    """The next cycle of a lost lead, unwritten: the same interest, engagement from the loss on."""
    return Lead(
        contact_id=lead.contact_id,
        product_line_id=lead.product_line_id,
        source_id=lead.source_id,
        campaign_id=lead.campaign_id,
        persona_id=lead.persona_id,
        attributes=lead.attributes,
        score=lead.score,
        engagement_from=lead.closed_at,
        returning=True,
        recycled_from=lead,
    )
