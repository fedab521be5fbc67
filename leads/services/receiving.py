"""Who gets a new MQL: an owner or a queue, never nobody. Part of the gate."""

from __future__ import annotations

from datetime import datetime

from leads.enums import AssignmentCause, Disposition, LifecycleStage
from leads.lifecycle import RANK
from leads.models import Assignment, Lead, StageTransition
from leads.moving import Step
from leads.selectors.avoiding import reps_to_avoid
from leads.services.gate import Passage
from leads.services.placing import place_new_mqls


def place_entered(passage: Passage) -> None:
    """Place every lead of the passage that entered MQL now and that nobody has taken since."""
    if passage.is_history:
        return
    entered = {id(row.lead): row for row in passage.transitions if _enters_mql(row)}
    waiting = [row for row in entered.values() if _waits(row.lead)]
    if not waiting:
        return
    leads = [row.lead for row in waiting]
    actor = waiting[0].actor
    avoid = reps_to_avoid(leads, settings=passage.house.rules.settings, at=passage.at)
    for assignment in place_new_mqls(leads, actor=actor, at=passage.at, avoid=avoid):
        passage.assign(assignment)


def given_at_birth(lead: Lead, step: Step, at: datetime) -> Assignment | None:
    """Return the assignment of a row that begins with an owner; history changes no hands."""
    if step.is_history or lead.owner_id is None:
        return None
    own = step.actor is not None and step.actor.pk == lead.owner_id
    return Assignment(
        lead=lead,
        owner_id=lead.owner_id,
        cause=AssignmentCause.TAKEN if own else AssignmentCause.GIVEN,
        actor=step.actor,
        assigned_at=at,
    )


def _enters_mql(row: StageTransition) -> bool:
    return row.to_stage == LifecycleStage.MQL and row.from_stage != LifecycleStage.MQL


def _waits(lead: Lead) -> bool:
    """An open MQL waits to be placed; one that was brought further waits if nobody has it."""
    if lead.disposition != Disposition.OPEN:
        return False
    beyond = RANK[LifecycleStage(lead.stage)] > RANK[LifecycleStage.MQL]
    return not beyond or (lead.owner_id is None and lead.queue_id is None)
