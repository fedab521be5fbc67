"""Every new MQL gets an owner or a queue, in the transaction that makes it one: never nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.models import User
from leads.enums import QueueKind
from leads.models import Assignment, Lead
from leads.routing import Answer
from leads.selectors.desk import questions_of
from leads.services.queues import queue_of
from leads.services.routing import route


def place_new_mqls(
    leads: Sequence[Lead],
    *,
    actor: User | None,
    at: datetime,
    avoid: Mapping[int, frozenset[int]] | None = None,
) -> list[Assignment]:
    """Set owner or queue on each of `leads` and return the assignments, unsaved, in that order.

    Called by the gate inside its transaction for every lead that enters MQL other than by history,
    before it writes the rows; the leads may be unsaved. `avoid` maps a contact's id to people who
    must not get it now (`leads.selectors.avoiding`). A constant number of statements, however many
    leads.
    """
    if not leads:
        return []
    answers = route(questions_of(leads, at=at, avoid=avoid), at=at)
    queue_id = None
    if any(answer.owner_id is None for answer in answers):
        queue_id = queue_of(QueueKind.FALLBACK).pk
    return [
        place(lead, answer, queue_id=queue_id, actor=actor, at=at)
        for lead, answer in zip(leads, answers, strict=True)
    ]


def place(
    lead: Lead, answer: Answer, *, queue_id: int | None, actor: User | None, at: datetime
) -> Assignment:
    """Put `lead`, unwritten, where `answer` says, and return the row that tells why, unsaved."""
    row = Assignment(
        lead=lead,
        from_owner_id=lead.owner_id,
        owner_id=answer.owner_id,
        queue_id=None if answer.owner_id else queue_id,
        cause=answer.cause,
        rule_id=answer.rule.id if answer.rule else None,
        pool_id=answer.pool.id if answer.pool else None,
        why=answer.to_json(),
        actor=actor,
        assigned_at=at,
    )
    lead.owner_id, lead.queue_id = row.owner_id, row.queue_id
    return row
