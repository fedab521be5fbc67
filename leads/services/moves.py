"""The gate: the only writer of stages, dispositions and lifecycle instants.

Form, board, bulk action, API, import, sync and jobs all enter here; a single move is a list of one.
Rows are locked in id order, every step is checked (table, instants, role, reason), and leads,
transitions and contacts are written by sets: the number of statements does not grow with the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from accounts.enums import Role
from accounts.rules import holds
from leads import moving
from leads.enums import HISTORY_CAUSES, Disposition, LifecycleStage
from leads.lifecycle import RANK, Position, passed_stages, position, stage_at_field
from leads.models import Lead, StageTransition
from leads.moving import Move, MovesRefused, Refusal, Step
from leads.services.checks import refuse_opening, refuse_step, target_of
from leads.services.storing import keep_first_mql, name_who, update_leads
from leads.signals import stages_changed

MOST_ROWS = 10_000


@dataclass(frozen=True)
class Outcome:
    """What a list of moves did: leads as they now are, rows written, moves refused."""

    leads: tuple[Lead, ...]
    transitions: tuple[StageTransition, ...]
    refusals: tuple[Refusal, ...] = ()


@dataclass
class _Work:
    """What is to be written once every step has been checked."""

    at: datetime
    leads: dict[int, Lead] = field(default_factory=dict)
    transitions: list[StageTransition] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def move_leads(moves: Sequence[Move], *, at: datetime, apply_rest: bool = False) -> Outcome:
    """Make `moves` in order, all or none.

    Raises MovesRefused, having changed nothing, when any is refused; with `apply_rest` the allowed
    ones are made and the refused ones come back in the outcome, each with its reason.
    """
    _hold_one_kind(moves)
    with transaction.atomic():
        locked = _lock(move.lead_id for move in moves)
        work = _Work(at)
        for index, move in enumerate(moves):
            _try(work, locked.get(move.lead_id), move, index)
        name_who(work.refusals)
        if work.refusals and not apply_rest:
            raise MovesRefused(work.refusals, len(moves))
        update_leads(work.leads.values())
        _finish(work)
    return Outcome(tuple(work.leads.values()), tuple(work.transitions), tuple(work.refusals))


def begin_leads(rows: Sequence[tuple[Lead, Sequence[Step]]], *, at: datetime) -> Outcome:
    """Insert new `rows`, each beginning with its first step and going on with the others.

    Raises MovesRefused, having changed nothing, when any step of any row is refused; the refusal's
    index is that of the row. Contacts must be locked by the caller (`leads.services.opening`).
    """
    _hold_one_kind([step for _row, steps in rows for step in steps])
    work = _Work(at)
    for index, (lead, steps) in enumerate(rows):
        refusal, transitions = _begin(lead, steps, at)
        if refusal is not None:
            work.refusals.append(replace(refusal, index=index))
        work.transitions += transitions
    if work.refusals:
        raise MovesRefused(work.refusals, len(rows))
    begun = [lead for lead, _steps in rows]
    with transaction.atomic():
        Lead.objects.bulk_create(begun)
        _finish(work)
    return Outcome(tuple(begun), tuple(work.transitions))


def rehearse(lead: Lead, steps: Sequence[Step], *, at: datetime) -> Refusal | None:
    """Return why a row would be refused that began like `lead` (a throw-away) and went `steps`."""
    refusal = refuse_opening(lead, steps[0], at=at)
    if refusal is not None:
        return refusal
    _stand(lead, steps[0], at, opening=True)
    return _rehearse_rest(lead, steps[1:], at)


def rehearse_on(lead: Lead, steps: Sequence[Step], *, at: datetime) -> Refusal | None:
    """Return why `steps` would be refused from where `lead` stands; the lead itself stays there."""
    return _rehearse_rest(copy(lead), steps, at)


def _rehearse_rest(lead: Lead, steps: Sequence[Step], at: datetime) -> Refusal | None:
    for step in steps:
        refusal = refuse_step(lead, step, at=at)
        if refusal is not None:
            return refusal
        _stand(lead, step, at)
    return None


def _hold_one_kind(steps: Sequence[Step]) -> None:
    if len({step.is_history for step in steps}) > 1:
        raise ValueError("history and moves made now come in lists of their own")


def _lock(lead_ids: Iterable[int]) -> dict[int, Lead]:
    """Lock the rows in id order, so that two lists never wait for each other."""
    rows = (
        Lead.objects.select_for_update(of=("self",))
        .select_related("owner", "contact")
        .filter(id__in=set(lead_ids))
        .order_by("id")
    )
    return {lead.pk: lead for lead in rows}


def _try(work: _Work, lead: Lead | None, move: Move, index: int) -> None:
    if lead is None:
        gone = Refusal(
            lead_id=move.lead_id, code="not_found", message=moving.NOT_FOUND, index=index
        )
        work.refusals.append(gone)
        return
    refusal = refuse_step(lead, move, at=work.at)
    if refusal is not None:
        work.refusals.append(replace(refusal, index=index))
        return
    work.transitions += _apply(lead, move, work.at)
    work.leads[lead.pk] = lead


def _begin(
    lead: Lead, steps: Sequence[Step], at: datetime
) -> tuple[Refusal | None, list[StageTransition]]:
    """Walk a new row through its steps; on a refusal its transitions are not to be written."""
    first, *others = steps
    refusal = refuse_opening(lead, first, at=at)
    if refusal is not None:
        return refusal, []
    transitions = _apply(lead, first, at, opening=True)
    for step in others:
        refusal = refuse_step(lead, step, at=at)
        if refusal is not None:
            return refusal, []
        transitions += _apply(lead, step, at)
    return None, transitions


def _apply(lead: Lead, step: Step, at: datetime, *, opening: bool = False) -> list[StageTransition]:
    """Put `lead` where `step` leads and return the rows that tell it, passed stages included."""
    here = None if opening else lead.position
    there = target_of(lead, step)
    effective_at = _effective(lead, step, at)
    stops = [
        position(passed) for passed in passed_stages(here.stage if here else None, there.stage)
    ]
    rows = [
        _row(lead, step, start=start, stop=stop, effective_at=effective_at, recorded_at=at)
        for start, stop in zip([here, *stops], [*stops, there], strict=True)
    ]
    for row in rows[:-1]:
        row.inferred = True
    _stand(lead, step, at, opening=opening)
    return rows


def _stand(lead: Lead, step: Step, at: datetime, *, opening: bool = False) -> None:
    """Put `lead` where `step` leads; a row begins when its first step took effect."""
    from_stage = None if opening else LifecycleStage(lead.stage)
    there, effective_at = target_of(lead, step), _effective(lead, step, at)
    if opening:
        lead.lead_at, lead.created_at = effective_at, at
    _write(lead, from_stage, there.stage, there.disposition, effective_at)
    _take_ownership(lead, step, from_stage)


def _row(
    lead: Lead,
    step: Step,
    *,
    start: Position | None,
    stop: Position,
    effective_at: datetime | None,
    recorded_at: datetime,
) -> StageTransition:
    return StageTransition(
        lead=lead,
        from_stage=start.stage if start else None,
        to_stage=stop.stage,
        from_disposition=start.disposition if start else None,
        to_disposition=stop.disposition,
        cause=step.cause,
        actor=step.actor,
        reason=step.reason,
        note=step.note,
        effective_at=effective_at,
        recorded_at=recorded_at,
    )


def _effective(lead: Lead, step: Step, at: datetime) -> datetime | None:
    """Return when the step took effect; waiting for a lock never dates it before the last one."""
    instant = step.instant(at)
    if step.is_history or instant is None or lead.stage_at is None:
        return instant
    return max(instant, lead.stage_at)


def _write(
    lead: Lead,
    from_stage: LifecycleStage | None,
    stage: LifecycleStage,
    disposition: Disposition,
    effective_at: datetime | None,
) -> None:
    lead.stage, lead.disposition = stage, disposition
    if stage is not from_stage:
        if stage is not LifecycleStage.LEAD:
            setattr(lead, stage_at_field(stage), effective_at)
        lead.stage_at = effective_at
    if disposition is not Disposition.OPEN:
        lead.closed_at = effective_at


def _take_ownership(lead: Lead, step: Step, from_stage: LifecycleStage | None) -> None:
    """A rep who takes a handed-over lead forward that nobody owns becomes its owner."""
    if lead.owner_id is not None or step.actor is None or step.is_history or from_stage is None:
        return
    forward = RANK[LifecycleStage(lead.stage)] > RANK[LifecycleStage.MQL]
    if forward and lead.stage != from_stage and holds(step.actor, Role.REP):
        lead.owner = step.actor


def _finish(work: _Work) -> None:
    """Write the history, keep each contact's first MQL, tell the world."""
    if not work.transitions:
        return
    StageTransition.objects.bulk_create(work.transitions, batch_size=MOST_ROWS)
    keep_first_mql(work.transitions)
    history = any(row.cause in HISTORY_CAUSES for row in work.transitions)
    stages_changed.send(sender=Lead, transitions=work.transitions, history=history, at=work.at)
