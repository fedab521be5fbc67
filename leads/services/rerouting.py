"""Leads are given to somebody else because what was promised of them is late; nobody asked by hand.

Beside the gate and `leads.services.assigning` the only way by which an owner changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leads.enums import AssignmentCause, Disposition
from leads.models import Assignment, Lead
from leads.selectors.avoiding import reps_to_avoid
from leads.selectors.desk import HANDED_OVER, questions_of
from leads.selectors.house import funnel_settings
from leads.services.gate import lock_leads
from leads.services.placing import place
from leads.services.routing import route
from leads.services.storing import update_leads
from leads.signals import leads_assigned


def reroute_leads(wanted: Mapping[int, int | None], *, at: datetime) -> list[Assignment]:
    """Route leads again, each away from who has it, and return what was assigned.

    `wanted` names by lead who is to lose it (None: the queue). Left where they are: leads that he
    no longer has, that are closed, worked as a deal or with Marketing to be fixed, and those for
    whom nobody else is free; one that was taken from a person this way never comes back to him
    this way. Eligibility, turns and working hours are those of routing. A constant number of
    statements, however many leads.
    """
    with transaction.atomic():
        locked = lock_leads(wanted)
        leads = [lead for lead in locked.values() if _is_to_go(lead, wanted[lead.pk])]
        if not leads:
            return []
        questions = questions_of(leads, at=at, avoid=_avoided(leads, at), as_new=True)
        answers = route(questions, at=at)
        rows = [
            place(lead, answer, queue_id=None, actor=None, at=at)
            for lead, answer in zip(leads, answers, strict=True)
            if answer.owner_id is not None
        ]
        _write(rows, at)
    return rows


def _is_to_go(lead: Lead, owner_id: int | None) -> bool:
    return (
        lead.owner_id == owner_id
        and lead.disposition == Disposition.OPEN
        and lead.stage in HANDED_OVER
        and lead.returned_at is None
    )


def _avoided(leads: Sequence[Lead], at: datetime) -> dict[int, frozenset[int]]:
    """Return by contact who has a lead of it now, from whom one was taken this way before, and who
    gave one back lately."""
    found: dict[int, set[int]] = defaultdict(set)
    for contact_id, people in reps_to_avoid(leads, settings=funnel_settings(), at=at).items():
        found[contact_id] |= people
    for lead in leads:
        if lead.owner_id is not None:
            found[lead.contact_id].add(lead.owner_id)
    taken = Assignment.objects.filter(
        lead__in=[lead.pk for lead in leads],
        cause=AssignmentCause.REASSIGNED,
        actor__isnull=True,
        from_owner__isnull=False,
        voided_at__isnull=True,
    )
    for contact_id, person_id in taken.values_list("lead__contact", "from_owner"):
        found[contact_id].add(person_id)
    return {contact_id: frozenset(people) for contact_id, people in found.items()}


def _write(rows: list[Assignment], at: datetime) -> None:
    if not rows:
        return
    for row in rows:
        row.cause = AssignmentCause.REASSIGNED
        row.lead.version += 1
    update_leads([row.lead for row in rows])
    Assignment.objects.bulk_create(rows)
    leads_assigned.send(sender=Lead, assignments=rows, at=at)
