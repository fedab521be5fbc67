"""How a step changes a lead in memory, and the rows that tell it. Part of the gate.

Nothing is written here; `leads.services.gate` stores what this leaves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.enums import Role
from accounts.rules import holds
from leads.enums import AssignmentCause, Disposition, LifecycleStage, QueueKind
from leads.lifecycle import RANK, Position, passed_stages, position, stage_at_field
from leads.models import Assignment, Lead, StageTransition
from leads.moving import Step
from leads.services.checks import target_of
from leads.services.house import House


def apply_step(
    lead: Lead, step: Step, at: datetime, *, opening: bool = False
) -> list[StageTransition]:
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
    stand(lead, step, at, opening=opening)
    return rows


def stand(lead: Lead, step: Step, at: datetime, *, opening: bool = False) -> None:
    """Put `lead` where `step` leads; a row begins when its first step took effect."""
    from_stage = None if opening else LifecycleStage(lead.stage)
    there, effective_at = target_of(lead, step), _effective(lead, step, at)
    if opening:
        lead.lead_at, lead.created_at = effective_at, at
    _write(lead, from_stage, there, effective_at)
    _write_particulars(lead, step)


def hand_on(
    lead: Lead, step: Step, was: Position | None, at: datetime, house: House
) -> Assignment | None:
    """Give `lead` to whom `step` brings it, and return the assignment; None when nobody changes.

    A rep who takes an unowned lead forward owns it; a recycled lead is Marketing's to nurture. What
    history tells changes no hands.
    """
    if step.is_history or was is None:
        return None
    if lead.disposition == Disposition.RECYCLED:
        return _to_nurturing(lead, step, at, house)
    if lead.owner_id is None and _takes(lead, step, was):
        row = _assignment(lead, step, AssignmentCause.TAKEN, at)
        lead.owner, lead.queue_id = step.actor, None
        row.owner = step.actor
        return row
    return None


def _takes(lead: Lead, step: Step, was: Position) -> bool:
    forward = RANK[LifecycleStage(lead.stage)] > max(RANK[was.stage], RANK[LifecycleStage.MQL])
    return forward and step.actor is not None and holds(step.actor, Role.REP)


def _to_nurturing(lead: Lead, step: Step, at: datetime, house: House) -> Assignment:
    queue_id = house.queue_id(QueueKind.MARKETING)
    usual = timedelta(days=house.rules.settings.nurture_days)
    # Who wants no marketing is not nurtured: the row rests until the person comes back himself.
    objects = lead.contact.no_marketing_since is not None
    lead.nurture_until = None if objects else step.recycle_until or at + usual
    row = _assignment(lead, step, AssignmentCause.RECYCLED, at)
    lead.owner, lead.queue_id, row.queue_id = None, queue_id, queue_id
    return row


def _assignment(lead: Lead, step: Step, cause: AssignmentCause, at: datetime) -> Assignment:
    return Assignment(
        lead=lead, from_owner_id=lead.owner_id, cause=cause, actor=step.actor, assigned_at=at
    )


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
    lead: Lead, from_stage: LifecycleStage | None, there: Position, effective_at: datetime | None
) -> None:
    lead.stage, lead.disposition = there.stage, there.disposition
    if there.stage is not from_stage:
        if there.stage is not LifecycleStage.LEAD:
            setattr(lead, stage_at_field(there.stage), effective_at)
        lead.stage_at = effective_at
    if not there.is_open:
        lead.closed_at = effective_at
    if there.stage is not LifecycleStage.MQL or not there.is_open:
        lead.returned_at = None


def _write_particulars(lead: Lead, step: Step) -> None:
    """Keep what the step tells beside where it leads."""
    if step.disposition is Disposition.LOST and step.competitor_id is not None:
        lead.competitor_id = step.competitor_id
    if step.disposition is Disposition.MERGED:
        lead.merged_into_id = step.merged_into_id
    if step.sql_type_id is not None and step.to_stage is LifecycleStage.SQL:
        lead.sql_type_id = step.sql_type_id
