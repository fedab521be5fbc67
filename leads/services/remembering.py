"""What an action changed, kept so that its person can take it back within the undo window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models

from accounts.models import User
from leads.models import Assignment, Feedback, Lead, StageTransition, UndoableAction


def remember(
    before: Mapping[int, Mapping[str, Any]],
    leads: Iterable[Lead],
    *,
    actor: User,
    at: datetime,
    transitions: Iterable[StageTransition] = (),
    assignments: Iterable[Assignment] = (),
    feedback: Iterable[Feedback] = (),
) -> UndoableAction:
    """Keep how `leads` were, by id in `before`, and which rows the action made; one statement.

    Call it inside the action's transaction once everything is written: `leads` are as the action
    left them, versions included. `before` holds at least the columns that it changed, by attname.
    """
    return UndoableAction.objects.create(
        actor=actor,
        done_at=at,
        before={
            str(lead.pk): {"was": _changed(before[lead.pk], lead), "version": lead.version}
            for lead in leads
        },
        made={
            "transitions": _ids(transitions),
            "assignments": _ids(assignments),
            "feedback": _ids(feedback),
        },
    )


def _changed(before: Mapping[str, Any], lead: Lead) -> dict[str, Any]:
    return {
        name: was.isoformat() if isinstance(was, datetime) else was
        for name, was in before.items()
        if name != "version" and was != getattr(lead, name)
    }


def _ids(rows: Iterable[models.Model]) -> list[int]:
    return [row.pk for row in rows]
