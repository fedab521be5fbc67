"""Recycled leads come back: on their date, at a hot touch, or when the contact is captured again.

A closed row never reopens: waking begins the contact's next cycle, a row at LEAD that points back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from leads.enums import HOT_TOUCHES, Cause, Disposition, LifecycleStage, Origin
from leads.models import Contact, Lead, Touch
from leads.moving import Step
from leads.selectors.canonical import leads_of_people, united_ids
from leads.selectors.house import funnel_settings
from leads.services.house import House
from leads.services.moves import begin_leads
from leads.services.scoring import score_new

BATCH = 500
WAKE = "leads.wake_due_leads"
BEGIN = Step(to_stage=LifecycleStage.LEAD, cause=Cause.RULE)


def wake_leads(lead_ids: Iterable[int], *, at: datetime) -> list[Lead]:
    """Begin the next cycle of recycled leads now, whatever their date; return the new rows.

    Product line, source, campaign, persona and the organisation's own fields go along; the score
    counts engagement from the recycling on. What was woken before is left alone, so twice or in
    parallel begins one row each. A contact that has an open lead of the product line by now needs
    none. The number of statements does not grow with the list.
    """
    waiting = Lead.objects.filter(pk__in=set(lead_ids))
    return _wake(waiting.select_for_update(of=("self",)), at)


def wake_due(at: datetime, *, most: int = BATCH) -> int:
    """Wake up to `most` leads whose nurturing is over; return how many rows were dealt with.

    The instant itself is over. Rows that another worker holds are left to it.
    """
    due = Lead.objects.filter(nurture_until__lte=at).order_by("nurture_until")
    with transaction.atomic():
        ids = list(
            due.filter(
                disposition=Disposition.RECYCLED,
                woken_at__isnull=True,
                contact__no_marketing_since__isnull=True,
            )
            .select_for_update(of=("self",), skip_locked=True)
            .values_list("pk", flat=True)[:most]
        )
        wake_leads(ids, at=at)
    return len(ids)


def wake_by_touches(sender: Any, touches: Sequence[Touch], at: datetime, **_: Any) -> None:
    """Let hot touches end nurturing where the setting says so; hears `touches_recorded`."""
    hot: dict[int, datetime] = {}
    for touch in touches:
        if touch.kind in HOT_TOUCHES:
            known = hot.get(touch.contact_id, touch.occurred_at)
            hot[touch.contact_id] = max(known, touch.occurred_at)
    if not hot or not funnel_settings().hot_touch_wakes:
        return
    resting = Lead.objects.filter(disposition=Disposition.RECYCLED, woken_at__isnull=True)
    people = united_ids(hot)
    latest: dict[int, datetime] = {}
    for touched, ids_of_person in people.items():
        for pk in ids_of_person:
            latest[pk] = max(latest.get(pk, hot[touched]), hot[touched])
    rows = resting.filter(contact__in=latest).values_list("pk", "contact_id", "closed_at")
    # What happened before the recycling, told only now, is no reason to come back.
    ids = [pk for pk, contact_id, closed_at in rows if closed_at and latest[contact_id] > closed_at]
    if ids:
        wake_leads(ids, at=at)


def mark_woken(leads: Iterable[Lead], *, at: datetime) -> None:
    """Note on recycled rows that their contact's next cycle has begun; one statement."""
    ids = [lead.pk for lead in leads]
    if ids:
        Lead.objects.filter(pk__in=ids).update(woken_at=at, version=F("version") + 1)


@transaction.atomic
def _wake(rows: Any, at: datetime) -> list[Lead]:
    resting = rows.filter(disposition=Disposition.RECYCLED, woken_at__isnull=True)
    leads = list(resting.select_related("contact").defer("contact__search").order_by("id"))
    return begin_next_cycles(leads, at=at)


def begin_next_cycles(leads: Sequence[Lead], *, at: datetime) -> list[Lead]:
    """Begin the next cycle of closed `leads`, and note on them that it has; return the new rows.

    The leads are locked by the caller, in whose transaction this is, and come with their contacts
    in id order. Contacts with an open lead of the product line need none.
    """
    if not leads:
        return []
    people = _locked_people(leads)
    taken = _open_lines(leads)
    begun = []
    for lead in reversed(leads):  # of two of one contact and line the later one goes on
        line = (people[lead.pk], lead.product_line_id)
        if line not in taken:
            taken.add(line)
            begun.append(_next_cycle(lead, people[lead.pk]))
    house = House()
    scores = score_new(begun, at=at, house=house, proposable=begun)
    begin_leads([(lead, (BEGIN,)) for lead in begun], at=at, house=house)
    mark_woken(leads, at=at)
    made = {lead.pk: lead for lead in scores.settle(at=at)}
    return [made.get(lead.pk, lead) for lead in begun]


def _locked_people(leads: Sequence[Lead]) -> dict[int, int]:
    """Lock the contacts in id order, as captures do; return each lead's person."""
    people = {lead.pk: lead.contact.merged_into_id or lead.contact_id for lead in leads}
    locked = Contact.objects.select_for_update(of=("self",), no_key=True)
    rows = locked.filter(pk__in=set(people.values()))
    list(rows.order_by("id").values_list("pk"))
    return people


def _open_lines(leads: Iterable[Lead]) -> set[tuple[int, int | None]]:
    """Return for which product lines the people of `leads` have open ones, merged rows included."""
    rows = leads_of_people(lead.contact for lead in leads).filter(disposition=Disposition.OPEN)
    return set(rows.values_list("person_id", "product_line_id"))


def _next_cycle(lead: Lead, contact_id: int) -> Lead:
    """Return the row that goes on where `lead` was recycled, unwritten."""
    return Lead(
        contact_id=contact_id,
        product_line_id=lead.product_line_id,
        source_id=lead.source_id,
        campaign_id=lead.campaign_id,
        persona_id=lead.persona_id,
        attributes=lead.attributes,
        origin=Origin.MARKETING,
        recycled_from=lead,
        engagement_from=lead.closed_at,
    )
