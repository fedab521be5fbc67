"""What Sales' decisions on MQLs say to Marketing: one feedback each. Part of the gate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.enums import Role
from accounts.rules import holds
from leads.enums import Cause, Decision, Disposition, LifecycleStage
from leads.lifecycle import Position
from leads.models import Feedback, Lead, StageTransition
from leads.moving import Step

BY_HAND = (Cause.USER, Cause.API)


def feedback_of(
    lead: Lead,
    step: Step,
    was: Position | None,
    rows: Sequence[StageTransition],
    at: datetime,
) -> Feedback | None:
    """Return the feedback that a step leaves behind, unsaved; None when it is no decision.

    Every way out of an open MQL by a person's hand is one. A skip tells that the lead was accepted
    but counts in no rate, as its inferred rows do not; nor does a decision after a ruling has
    counted the lead already.
    """
    first = rows[0]
    decides = first.from_stage == LifecycleStage.MQL and step.cause in BY_HAND
    if not decides or step.actor is None or not _is_of_sales(step, was):
        return None
    accepted = lead.stage != LifecycleStage.MQL
    decision = Decision.ACCEPTED if accepted else Decision.REJECTED
    counts = len(rows) == 1 and not getattr(lead, "overturned", False)
    return Feedback(
        lead=lead,
        transition=rows[-1],
        decision=decision,
        counts_as=decision if counts else None,
        reason="" if accepted else step.reason,
        fit_rating=step.fit_rating,
        text=step.note,
        given_by=step.actor,
        decided_at=rows[-1].effective_at or at,
    )


def _is_of_sales(step: Step, was: Position | None) -> bool:
    """Merging is either side's to do; only Sales says by it that the lead is a duplicate. How else
    a returned lead ends is Marketing's word."""
    if step.disposition is Disposition.MERGED:
        return holds(step.actor, Role.REP)
    return was is None or not was.is_returned
