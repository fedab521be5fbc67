"""Whose the leads of a file are: those that change hands, and MQLs that go to Sales at once.

History changes no hands. What does is a file that names the owner of a known lead, and the wish to
hand open MQLs over now: then they are routed, told and clocked as if they had just become MQLs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leads.enums import AssignmentCause, LifecycleStage
from leads.models import Assignment, Lead
from leads.services.importing.arrivals import Arrival
from leads.services.importing.session import ImportSession
from leads.services.placing import place_new_mqls
from leads.services.storing import update_leads
from leads.signals import leads_assigned, mqls_handed_over


def hand_over(arrivals: Sequence[Arrival], session: ImportSession, at: datetime) -> None:
    """Assign known leads whose owner the file names, and the open MQLs that go to Sales now; tell
    the world. No statement where there is neither, else a number that does not grow with them."""
    mqls = [one for one in arrivals if _goes_now(one)] if session.mapping.hand_over else []
    given = [one for one in arrivals if one.fields.get("owner_id")]
    if not mqls and not given:
        return
    ids = {one.travel.lead_id for one in (*mqls, *given)}
    leads = Lead.objects.select_related("contact").defer("contact__search").in_bulk(ids)
    handed = [leads[one.travel.lead_id] for one in mqls]
    waiting = [lead for lead in handed if lead.owner_id is None and lead.queue_id is None]
    owned: dict[int, int | None] = {lead.pk: None for lead in handed if lead not in waiting}
    owned |= {one.travel.lead_id: one.was_owner for one in given}
    going = {lead.pk for lead in handed}
    rows = [_given(leads[pk], was, session, at, goes_now=pk in going) for pk, was in owned.items()]
    rows += place_new_mqls(waiting, actor=session.actor, at=at)
    update_leads(waiting)
    Assignment.objects.bulk_create(rows)
    leads_assigned.send(sender=Lead, assignments=rows, at=at)
    if handed:
        over = [row for row in rows if row.lead_id in going]
        mqls_handed_over.send(sender=Lead, assignments=over, at=at)


def _goes_now(one: Arrival) -> bool:
    """An open MQL that the file brought there."""
    way = one.travel.way
    return bool(way) and way[-1].there.is_open and way[-1].there.stage is LifecycleStage.MQL


def _given(
    lead: Lead, was_owner: int | None, session: ImportSession, at: datetime, *, goes_now: bool
) -> Assignment:
    changes = was_owner is not None and was_owner != lead.owner_id
    cause = AssignmentCause.REASSIGNED if changes else AssignmentCause.GIVEN
    return Assignment(
        lead=lead,
        from_owner_id=was_owner,
        owner_id=lead.owner_id,
        queue_id=lead.queue_id,
        cause=AssignmentCause.HANDED_OVER if goes_now else cause,
        actor=session.actor,
        assigned_at=at,
    )
