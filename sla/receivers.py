"""Clocks hear of what happens to leads, inside the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from accounts.signals import calendars_changed
from jobs.doorbell import ring
from leads.enums import AssignmentCause, Decision, Disposition, LifecycleStage
from leads.models import Activity, Assignment, Feedback, Lead, StageTransition, UndoableAction
from leads.signals import (
    activities_logged,
    activities_withdrawn,
    feedback_changed,
    leads_assigned,
    moves_taken_back,
    mqls_handed_over,
    stages_changed,
)
from sla.clock_rules import Answer, Answered, Assigned, Entered, Event
from sla.models import Clock, Recalculation
from sla.services.attempts import follow_attempts
from sla.services.clocks import apply_events
from sla.services.taking_back import take_back

RECALCULATIONS = "sla.recalculate_now"
GIVEN = {Decision.REJECTED: Answer.REJECTED, Decision.RETURNED: Answer.RETURNED}


def on_stages_changed(
    *,
    transitions: Sequence[StageTransition],
    history: bool,
    at: datetime,
    assignments: Sequence[Assignment] = (),
    feedback: Sequence[Feedback] = (),
    **_signal: Any,
) -> None:
    """A whole passage at once: stage changes first, then who got the leads, then what was said."""
    if history:
        return
    events: list[tuple[Lead, Event]] = [
        (row.lead, _entered(row)) for row in transitions if not row.inferred
    ]
    events += [(row.lead, _assigned(row)) for row in assignments]
    events += _given(feedback)
    apply_events(events, at=at)


def on_leads_assigned(
    *, assignments: Sequence[Assignment], at: datetime, told: bool = False, **_signal: Any
) -> None:
    """Leads changed hands without changing their stage."""
    if not told:
        apply_events([(row.lead, _assigned(row)) for row in assignments], at=at)


def on_mqls_handed_over(*, assignments: Sequence[Assignment], at: datetime, **_signal: Any) -> None:
    """MQLs of a file go to Sales now: what counts from the entry of the stage counts from here."""
    rows = [(row.lead, replace(_assigned(row), is_handover=True)) for row in assignments]
    apply_events(rows, at=at)


def on_feedback_changed(
    *, feedback: Sequence[Feedback], what: str, at: datetime, told: bool = False, **_signal: Any
) -> None:
    """Sales said something, or Marketing answered it."""
    if told:
        return
    if what == "given":
        apply_events(_given(feedback), at=at)
    elif what == "acknowledged":
        apply_events(_answered(feedback, Answer.ACKNOWLEDGED, at), at=at)
    elif what == "fixed":
        apply_events(_answered(feedback, Answer.FIXED, at), at=at)


def on_activities(*, activities: Sequence[Activity], at: datetime, **_signal: Any) -> None:
    """Somebody tried to reach a person, or took an entry of it back."""
    follow_attempts({row.lead.pk: row.lead for row in activities}.values(), at=at)


def on_moves_taken_back(
    *,
    leads: Sequence[Lead],
    at: datetime,
    transitions: Sequence[StageTransition] = (),
    action: UndoableAction | None = None,
    **_signal: Any,
) -> None:
    """An undo takes the clocks back with the rows that moved them; a ruling does not."""
    if action is not None:
        take_back(leads, action, at=at)


def on_calendars_changed(*, calendar_ids: Collection[int], at: datetime, **_signal: Any) -> None:
    """Ask for the clocks of these calendars to be counted anew, where any is open."""
    counted = Clock.objects.filter(calendar__in=calendar_ids, outcome__isnull=True, due_at__gte=at)
    asked = [
        Recalculation(calendar_id=pk, asked_at=at)
        for pk in counted.values_list("calendar", flat=True).distinct().order_by("calendar")
    ]
    if asked:
        Recalculation.objects.bulk_create(asked)
        ring(RECALCULATIONS)


def connect() -> None:
    """Listen to leads; doing it again changes nothing."""
    stages_changed.connect(on_stages_changed, dispatch_uid="sla.stages_changed")
    leads_assigned.connect(on_leads_assigned, dispatch_uid="sla.leads_assigned")
    mqls_handed_over.connect(on_mqls_handed_over, dispatch_uid="sla.mqls_handed_over")
    feedback_changed.connect(on_feedback_changed, dispatch_uid="sla.feedback_changed")
    activities_logged.connect(on_activities, dispatch_uid="sla.activities_logged")
    activities_withdrawn.connect(on_activities, dispatch_uid="sla.activities_withdrawn")
    moves_taken_back.connect(on_moves_taken_back, dispatch_uid="sla.moves_taken_back")
    calendars_changed.connect(on_calendars_changed, dispatch_uid="sla.calendars_changed")


def _entered(row: StageTransition) -> Entered:
    return Entered(
        told_id=row.pk,
        at=row.effective_at or row.recorded_at,
        stage=LifecycleStage(row.to_stage),
        disposition=Disposition(row.to_disposition),
        is_entry=row.from_stage != row.to_stage,
    )


def _assigned(row: Assignment) -> Assigned:
    return Assigned(
        told_id=row.pk,
        at=row.assigned_at,
        stage=LifecycleStage(row.lead.stage),
        owner_id=row.owner_id,
        cause=AssignmentCause(row.cause),
        is_returned=row.lead.returned_at is not None,
    )


def _given(feedback: Iterable[Feedback]) -> list[tuple[Lead, Event]]:
    return [
        (row.lead, Answered(row.pk, row.decided_at, GIVEN[Decision(row.decision)]))
        for row in feedback
        if Decision(row.decision) in GIVEN
    ]


def _answered(
    feedback: Iterable[Feedback], answer: Answer, at: datetime
) -> list[tuple[Lead, Event]]:
    return [(row.lead, Answered(row.pk, at, answer)) for row in feedback]
