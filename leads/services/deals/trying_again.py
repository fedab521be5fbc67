"""Lost, but not for ever: on the day that was named, the contact begins a new row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from leads.enums import Disposition
from leads.models import Lead, Opportunity
from leads.models.opportunities import DealState
from leads.selectors.organisation import house_day
from leads.services.recycling import begin_next_cycles

BATCH = 200


@transaction.atomic
def bring_back_lost(*, at: datetime, batch: int = BATCH) -> int:
    """Begin a new row at LEAD for each lost lead whose "try again on" has come.

    What its last deal said counts. It comes back as a recycled lead does; a contact whose row for
    the product line is open again already keeps that one. Returns how many lost rows were dealt
    with: run again until it is 0. Safe beside itself, rows in work elsewhere are skipped. The
    number of statements does not grow with the batch.
    """
    due = _due(at, batch)
    begin_next_cycles(due, at=at)
    return len(due)


def _due(at: datetime, batch: int) -> Sequence[Lead]:
    """Lock the lost leads whose day has come."""
    deals = Opportunity.objects.filter(lead_id=OuterRef("lead_id"), state=DealState.LOST)
    later = deals.filter(closed_at__gte=OuterRef("closed_at"), id__gt=OuterRef("id"))
    latest = Opportunity.objects.filter(
        ~Exists(later | deals.filter(closed_at__gt=OuterRef("closed_at"))),
        state=DealState.LOST, try_again_on__lte=house_day(at),
        lead__disposition=Disposition.LOST, lead__woken_at__isnull=True,
    ).order_by("try_again_on", "id")  # fmt: skip
    ids = list(latest.values_list("lead_id", flat=True)[:batch])
    rows = Lead.objects.select_for_update(of=("self",), skip_locked=True)
    resting = rows.filter(pk__in=ids, disposition=Disposition.LOST, woken_at__isnull=True)
    return list(resting.select_related("contact").defer("contact__search").order_by("id"))
