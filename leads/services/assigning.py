"""Who owns a lead changes here: taken, given, shared out, put back. Beside the gate, the only way.

Rows are locked in id order, every lead is checked, and all is written by sets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from leads.assigning import Seen, Target
from leads.enums import AssignmentCause, QueueKind
from leads.models import Assignment, Lead, UndoableAction
from leads.moving import NOT_FOUND, MovesRefused, Refusal
from leads.routing import Question
from leads.services.assigning_checks import (
    Asking,
    Check,
    name_what_happened,
    refuse_giving,
    refuse_taking,
    refused,
)
from leads.services.gate import lock_leads
from leads.services.placing import place
from leads.services.queues import queue_of
from leads.services.remembering import remember
from leads.services.routing import share_out
from leads.services.storing import update_leads
from leads.signals import leads_assigned

CHANGED = ("owner_id", "queue_id")
NOTHING_SEEN: Mapping[int, Seen] = {}


@dataclass(frozen=True)
class Assigned:
    """What came of it: leads as they now are, the rows that tell it, what was refused.

    `action` is what `leads.services.undoing.undo` takes back; None when nothing was done.
    """

    leads: tuple[Lead, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    action: UndoableAction | None = None


def take_leads(
    lead_ids: Sequence[int],
    *,
    by: User,
    at: datetime,
    seen: Mapping[int, Seen] = NOTHING_SEEN,
    apply_rest: bool = False,
) -> Assigned:
    """Let `by` take leads that wait for his side and that nobody owns, all or none.

    Raises MovesRefused, having changed nothing, when one is refused: `taken_meanwhile` names who
    has it now. With `apply_rest` the others are taken all the same.
    """
    asking = Asking(by=by, target=Target(person=by), seen=seen)
    return _assign(lead_ids, asking, refuse_taking, at=at, apply_rest=apply_rest)


def assign_leads(
    lead_ids: Sequence[int],
    target: Target,
    *,
    by: User,
    at: datetime,
    note: str = "",
    seen: Mapping[int, Seen] = NOTHING_SEEN,
    apply_rest: bool = False,
) -> Assigned:
    """Let `by` give leads to a person, to the people of a pool by turns, or back to their queue.

    All or none; raises MovesRefused, having changed nothing, when one is refused. With `seen` a
    lead that another has given away meanwhile is refused, and who did it is named. `apply_rest`
    gives the others all the same. The number of statements does not grow with the leads.
    """
    asking = Asking(by=by, target=target, seen=seen, note=note.strip())
    return _assign(lead_ids, asking, refuse_giving, at=at, apply_rest=apply_rest)


def _assign(
    lead_ids: Sequence[int], asking: Asking, refuse: Check, *, at: datetime, apply_rest: bool
) -> Assigned:
    with transaction.atomic():
        locked = lock_leads(lead_ids)
        before = {
            pk: {name: getattr(lead, name) for name in CHANGED} for pk, lead in locked.items()
        }
        given, refusals = [], []
        for index, lead_id in enumerate(dict.fromkeys(lead_ids)):
            lead = locked.get(lead_id)
            refusal = refuse(lead, asking) if lead else refused(lead_id, "not_found", NOT_FOUND)
            if refusal is not None:
                refusals.append(replace(refusal, index=index))
            elif lead is not None:
                given.append(lead)
        name_what_happened(refusals)
        if refusals and not apply_rest:
            raise MovesRefused(refusals, len(lead_ids))
        rows = _hand_over(given, asking, at)
        action = _write(given, rows, before, asking.by, at) if rows else None
    return Assigned(tuple(given), tuple(rows), tuple(refusals), action)


def _hand_over(leads: Sequence[Lead], asking: Asking, at: datetime) -> list[Assignment]:
    """Put the leads, unwritten, where they are to go, and return the rows that tell it."""
    if asking.target.pool_id is not None:
        rows = _by_turns(leads, asking.target.pool_id, at)
    else:
        rows = [_directly(lead, asking, at) for lead in leads]
    for row in rows:
        row.actor, row.note = asking.by, asking.note
    return rows


def _directly(lead: Lead, asking: Asking, at: datetime) -> Assignment:
    person = asking.target.person
    row = Assignment(
        lead=lead,
        from_owner_id=lead.owner_id,
        owner=person,
        queue_id=None if person else asking.queue_id_for(lead),
        cause=asking.cause_for(lead),
        assigned_at=at,
    )
    lead.owner, lead.queue_id = person, row.queue_id
    return row


def _by_turns(leads: Sequence[Lead], pool_id: int, at: datetime) -> list[Assignment]:
    """Share the leads out among the pool; whom nobody may take waits in the fallback queue.

    Who has a lead now does not get it again.
    """
    questions = [
        Question(
            contact_id=lead.contact_id,
            avoid=frozenset({lead.owner_id}) if lead.owner_id else frozenset(),
        )
        for lead in leads
    ]
    answers = share_out(questions, pool_id, at=at)
    queue_id = queue_of(QueueKind.FALLBACK).pk if any(not a.owner_id for a in answers) else None
    rows = [
        place(lead, answer, queue_id=queue_id, actor=None, at=at)
        for lead, answer in zip(leads, answers, strict=True)
    ]
    for row in rows:
        if row.owner_id is not None:
            row.cause = AssignmentCause.REASSIGNED
    return rows


def _write(
    leads: Sequence[Lead],
    rows: Sequence[Assignment],
    before: Mapping[int, Mapping[str, Any]],
    by: User,
    at: datetime,
) -> UndoableAction:
    for lead in leads:
        lead.version += 1
    update_leads(leads)
    Assignment.objects.bulk_create(rows)
    action = remember(before, leads, actor=by, at=at, assignments=rows)
    leads_assigned.send(sender=Lead, assignments=list(rows), at=at)
    return action
