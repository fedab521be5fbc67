"""What starts, stops and ends the clocks of a lead. Pure: events in, verdicts out.

Each event is one row of the record: a stage change, an assignment, a feedback, an activity. What a
kind of commitment does at it stands here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from leads.enums import AssignmentCause, Disposition, LifecycleStage
from leads.lifecycle import RANK
from sla.enums import ClockScope, CommitmentKind, Told
from sla.promises import Promise

K = CommitmentKind
S = LifecycleStage


class Verdict(Enum):
    """What becomes of an open clock."""

    STOP = "stop"  # what was promised happened
    CANCEL = "cancel"  # it no longer matters
    TRANSFER = "transfer"  # somebody else is to act now


class Answer(Enum):
    """What came of a feedback."""

    REJECTED = "rejected"
    RETURNED = "returned"
    ACKNOWLEDGED = "acknowledged"
    FIXED = "fixed"


@dataclass(frozen=True)
class Entered:
    """A lead came to stand at `stage` with `disposition`."""

    told_id: int
    at: datetime
    stage: LifecycleStage
    disposition: Disposition = Disposition.OPEN
    # Entered for the first time here, not told again by a disposition that changed in place.
    is_entry: bool = True
    told: Told = Told.TRANSITION


@dataclass(frozen=True)
class Assigned:
    """A lead came to a person, or to a queue (`owner_id` empty), while at `stage`."""

    told_id: int
    at: datetime
    stage: LifecycleStage
    owner_id: int | None
    cause: AssignmentCause
    is_returned: bool = False
    # It came as history and goes to Sales now: as if it had just become an MQL.
    is_handover: bool = False
    told: Told = Told.ASSIGNMENT


@dataclass(frozen=True)
class Answered:
    """Sales said something of a lead, or Marketing answered it."""

    told_id: int
    at: datetime
    what: Answer
    told: Told = Told.FEEDBACK


Event = Entered | Assigned | Answered

# The stage at whose entry a clock of the kind starts, where the commitment names none.
USUAL_START = {
    K.TIME_TO_ASSIGN: S.MQL,
    K.TIME_TO_DECIDE: S.MQL,
    K.TIME_TO_FIRST_ATTEMPT: S.SAL,
    K.ATTEMPTS: S.SAL,
    K.TIME_TO_QUALIFY: S.SAL,
}
# Assignments by which an MQL comes (again) before Sales, so that it is to be decided from then on.
COMES_TO_SALES = frozenset(
    {
        AssignmentCause.OPEN_OWNER,
        AssignmentCause.COMPANY_OWNER,
        AssignmentCause.RULE,
        AssignmentCause.FALLBACK,
        AssignmentCause.HANDED_OVER,
        AssignmentCause.OVERTURNED,
        AssignmentCause.RETURNED,
    }
)
# Closings that say nothing about what was promised.
SAYS_NOTHING = frozenset({Disposition.RECYCLED, Disposition.MERGED})


def start_of(promise: Promise) -> LifecycleStage | None:
    """Return the stage at whose entry clocks of `promise` start; None where a feedback does it."""
    if promise.kind is K.TIME_IN_STAGE:
        return promise.stage
    usual = USUAL_START.get(promise.kind)
    if promise.kind in {K.TIME_TO_FIRST_ATTEMPT, K.ATTEMPTS}:
        return promise.stage or usual
    return usual


def starts_on(promise: Promise, event: Event, *, has_owner: bool, is_running: bool) -> bool:
    """Tell whether an event starts a clock of `promise` on its lead."""
    if isinstance(event, Entered):
        return starts_on_entry(promise, event, has_owner=has_owner)
    if isinstance(event, Assigned):
        return starts_on_assignment(promise, event, is_running=is_running)
    if promise.kind is K.TIME_TO_ACKNOWLEDGE_FEEDBACK:
        return event.what in {Answer.REJECTED, Answer.RETURNED}
    return promise.kind is K.TIME_TO_REWORK and event.what is Answer.RETURNED


def verdict_on(promise: Promise, event: Event, *, owner_id: int | None) -> Verdict | None:
    """Return what becomes of an open clock of `owner_id` at an event; None: it runs on."""
    if isinstance(event, Entered):
        return verdict_on_entry(promise, event)
    if isinstance(event, Assigned):
        return verdict_on_assignment(promise, event, owner_id=owner_id)
    answered = {K.TIME_TO_ACKNOWLEDGE_FEEDBACK: Answer.ACKNOWLEDGED, K.TIME_TO_REWORK: Answer.FIXED}
    return Verdict.STOP if answered.get(promise.kind) is event.what else None


def starts_on_entry(promise: Promise, entered: Entered, *, has_owner: bool) -> bool:
    """Tell whether entering a stage starts a clock; one of scope owner needs an owner for it."""
    if entered.disposition is not Disposition.OPEN or not entered.is_entry:
        return False
    if promise.scope is ClockScope.OWNER and not has_owner:
        return False
    return start_of(promise) is entered.stage


def starts_on_assignment(promise: Promise, assigned: Assigned, *, is_running: bool) -> bool:
    """Tell whether an assignment starts a clock.

    Of scope owner each one to a person does, while the lead is where the clock belongs. Of scope
    lead only those by which an MQL comes before Sales; its time in the stage counts from there only
    where it came as history. Never while such a clock runs already, for this owner where it is of
    scope owner.
    """
    if assigned.is_returned or start_of(promise) is None:
        return False
    if is_running:
        return False
    if promise.scope is ClockScope.OWNER:
        return assigned.owner_id is not None and _belongs(promise, assigned.stage)
    return (
        assigned.stage is S.MQL
        and start_of(promise) is S.MQL
        and (promise.kind is not K.TIME_IN_STAGE or assigned.is_handover)
        and assigned.cause in COMES_TO_SALES
        and not (promise.kind is K.TIME_TO_ASSIGN and assigned.owner_id is not None)
    )


def _belongs(promise: Promise, stage: LifecycleStage) -> bool:
    start = start_of(promise)
    if start is None:
        return False
    if promise.kind in {K.TIME_TO_FIRST_ATTEMPT, K.ATTEMPTS}:
        return RANK[stage] >= RANK[start]
    return stage is start


def verdict_on_entry(promise: Promise, entered: Entered) -> Verdict | None:
    """Return what becomes of an open clock when the lead's position changes; None: it runs on."""
    rule = ON_ENTRY.get(promise.kind)
    return rule(promise, entered) if rule else None


def _decide(promise: Promise, entered: Entered) -> Verdict | None:
    if entered.disposition is Disposition.MERGED:
        return Verdict.CANCEL
    decided = entered.stage is not S.MQL or entered.disposition is not Disposition.OPEN
    return Verdict.STOP if decided else None


def _assign(promise: Promise, entered: Entered) -> Verdict | None:
    if entered.disposition is not Disposition.OPEN:
        return Verdict.CANCEL
    return Verdict.STOP if RANK[entered.stage] > RANK[S.MQL] else None


def _qualify(promise: Promise, entered: Entered) -> Verdict | None:
    if RANK[entered.stage] >= RANK[S.SQL] and entered.disposition not in SAYS_NOTHING:
        return Verdict.STOP
    return Verdict.CANCEL if entered.disposition is not Disposition.OPEN else None


def _stay(promise: Promise, entered: Entered) -> Verdict | None:
    if entered.disposition in SAYS_NOTHING:
        return Verdict.CANCEL
    left = entered.stage is not promise.stage or entered.disposition is not Disposition.OPEN
    return Verdict.STOP if left else None


def _attempts(promise: Promise, entered: Entered) -> Verdict | None:
    start = start_of(promise)
    gone_on = start is not None and RANK[entered.stage] > RANK[start]
    closed = entered.disposition is not Disposition.OPEN
    return Verdict.CANCEL if closed or gone_on else None


def _while_open(promise: Promise, entered: Entered) -> Verdict | None:
    return Verdict.CANCEL if entered.disposition is not Disposition.OPEN else None


ON_ENTRY: dict[CommitmentKind, Callable[[Promise, Entered], Verdict | None]] = {
    K.TIME_TO_ASSIGN: _assign,
    K.TIME_TO_DECIDE: _decide,
    K.TIME_TO_FIRST_ATTEMPT: _while_open,
    K.ATTEMPTS: _attempts,
    K.TIME_TO_QUALIFY: _qualify,
    K.TIME_IN_STAGE: _stay,
    K.TIME_TO_REWORK: _while_open,
}


def verdict_on_assignment(
    promise: Promise, assigned: Assigned, *, owner_id: int | None
) -> Verdict | None:
    """Return what becomes of an open clock of `owner_id` when the lead is assigned."""
    if promise.kind is K.TIME_TO_ASSIGN and assigned.owner_id is not None:
        return Verdict.STOP
    if assigned.is_returned and promise.kind in {K.TIME_TO_DECIDE, K.TIME_TO_ASSIGN}:
        return Verdict.CANCEL
    if promise.scope is ClockScope.OWNER and assigned.owner_id != owner_id:
        return Verdict.TRANSFER
    return None
