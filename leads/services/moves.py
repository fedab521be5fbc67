"""The gate: the only writer of stages, dispositions and lifecycle instants.

Form, board, bulk action, API, import, sync and jobs all enter here; a single move is a list of one.
Rows are locked in id order, every step is checked (table, instants, role, reason, criteria), every
new MQL is placed with a person or a queue, and everything is written by sets: the number of
statements does not grow with the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from leads import moving
from leads.lifecycle import Position
from leads.models import Lead
from leads.moving import Move, MovesRefused, Refusal, Step
from leads.services.applying import apply_step, hand_on, stand
from leads.services.checks import refuse_opening, refuse_step
from leads.services.deciding import feedback_of
from leads.services.gate import Outcome, Passage
from leads.services.house import House
from leads.services.proving import Proofs, refuse_unproven
from leads.services.receiving import given_at_birth, place_entered
from leads.services.storing import name_who

__all__ = ["Outcome", "begin_leads", "move_leads", "rehearse", "rehearse_on"]


def move_leads(
    moves: Sequence[Move],
    *,
    at: datetime,
    apply_rest: bool = False,
    house: House | None = None,
) -> Outcome:
    """Make `moves` in order, all or none; `house` holds the rules where the caller has read them.

    Raises MovesRefused, having changed nothing, when any is refused; with `apply_rest` the allowed
    ones are made and the refused ones come back in the outcome, each with its reason. What one
    person did by hand can be undone for a while: the outcome's `action`.
    """
    _hold_one_kind(moves)
    with transaction.atomic():
        passage = Passage(at, house=house or House())
        locked = passage.lock(move.lead_id for move in moves)
        known = [(locked[m.lead_id], m, False) for m in moves if m.lead_id in locked]
        proofs = Proofs(known, at=at, house=passage.house)
        for index, move in enumerate(moves):
            _try(passage, proofs, locked.get(move.lead_id), move, index)
        name_who(passage.refusals)
        if passage.refusals and not apply_rest:
            raise MovesRefused(passage.refusals, len(moves))
        place_entered(passage)
        action = passage.write()
    return passage.outcome(passage.leads.values(), action)


def begin_leads(
    rows: Sequence[tuple[Lead, Sequence[Step]]],
    *,
    at: datetime,
    apply_rest: bool = False,
    house: House | None = None,
) -> Outcome:
    """Insert new `rows`, each beginning with its first step and going on with the others.

    Raises MovesRefused, having changed nothing, when any step of any row is refused; the refusal's
    index is that of the row. With `apply_rest` the other rows begin all the same. Contacts must be
    locked by the caller (`leads.services.opening`).
    """
    _hold_one_kind([step for _row, steps in rows for step in steps])
    passage = Passage(at, house=house or House())
    asked = [(lead, step, n == 0) for lead, steps in rows for n, step in enumerate(steps)]
    proofs = Proofs(asked, at=at, house=passage.house)
    begun = []
    for index, (lead, steps) in enumerate(rows):
        refusal = _begin(passage, proofs, lead, steps)
        if refusal is None:
            begun.append(lead)
        else:
            passage.refusals.append(replace(refusal, index=index))
    if passage.refusals and not apply_rest:
        raise MovesRefused(passage.refusals, len(rows))
    with transaction.atomic():
        place_entered(passage)
        Lead.objects.bulk_create(begun)
        passage.tell()
    return passage.outcome(begun, None)


def rehearse(lead: Lead, steps: Sequence[Step], *, at: datetime) -> Refusal | None:
    """Return why a row would be refused that began like `lead` (a throw-away) and went `steps`.

    Criteria are not asked: what they ask of is not known before the contact is.
    """
    house = House()
    refusal = refuse_opening(lead, steps[0], at=at, house=house)
    if refusal is not None:
        return refusal
    stand(lead, steps[0], at, opening=True)
    return _rehearse_rest(lead, steps[1:], at, house)


def rehearse_on(lead: Lead, steps: Sequence[Step], *, at: datetime) -> Refusal | None:
    """Return why `steps` would be refused from where `lead` stands; the lead itself stays there."""
    return _rehearse_rest(copy(lead), steps, at, House())


def _rehearse_rest(lead: Lead, steps: Sequence[Step], at: datetime, house: House) -> Refusal | None:
    for step in steps:
        refusal = refuse_step(lead, step, at=at, house=house)
        if refusal is not None:
            return refusal
        stand(lead, step, at)
    return None


def _hold_one_kind(steps: Sequence[Step]) -> None:
    if len({step.is_history for step in steps}) > 1:
        raise ValueError("history and moves made now come in lists of their own")


def _try(passage: Passage, proofs: Proofs, lead: Lead | None, move: Move, index: int) -> None:
    if lead is None:
        gone = Refusal(
            lead_id=move.lead_id, code="not_found", message=moving.NOT_FOUND, index=index
        )
        passage.refusals.append(gone)
        return
    refusal = refuse_step(lead, move, at=passage.at, house=passage.house)
    evidence = proofs.of(lead, move) if refusal is None else None
    if evidence is not None:
        refusal = refuse_unproven(lead, move, evidence)
    if refusal is not None:
        passage.refusals.append(replace(refusal, index=index))
        return
    _make(passage, proofs, lead, move, lead.position)
    passage.leads[lead.pk] = lead


def _begin(passage: Passage, proofs: Proofs, lead: Lead, steps: Sequence[Step]) -> Refusal | None:
    """Walk a new row through its steps; a refused one leaves nothing in the passage."""
    own = Passage(passage.at, house=passage.house)
    for n, step in enumerate(steps):
        opening = n == 0
        check = refuse_opening if opening else refuse_step
        refusal = check(lead, step, at=passage.at, house=passage.house)
        if refusal is None:
            refusal = refuse_unproven(lead, step, proofs.of(lead, step, opening=opening))
        if refusal is not None:
            return refusal
        _make(own, proofs, lead, step, None if opening else lead.position)
    own.assign(given_at_birth(lead, steps[0], passage.at))
    passage.transitions += own.transitions
    passage.assignments += own.assignments
    passage.feedback += own.feedback
    return None


def _make(passage: Passage, proofs: Proofs, lead: Lead, step: Step, was: Position | None) -> None:
    """Make one step that nothing speaks against, in memory."""
    evidence = proofs.of(lead, step, opening=was is None)
    rows = apply_step(lead, step, passage.at, opening=was is None)
    rows[-1].evidence = evidence.stored
    passage.transitions += rows
    passage.assign(hand_on(lead, step, was, passage.at, passage.house))
    given = feedback_of(lead, step, was, rows, passage.at)
    if given is not None:
        passage.feedback.append(given)
    passage.actors.add(step.actor if not step.is_history else None)
