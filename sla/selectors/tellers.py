"""Who made the row of the record that started or stopped a clock."""

from __future__ import annotations

from django.db.models import Model

from leads.models import Activity, Assignment, Feedback, StageTransition
from sla.enums import Told
from sla.models import CommitmentEnding

# Which rows each word means, and the column that names who made one.
ROWS: dict[Told, tuple[type[Model], str]] = {
    Told.TRANSITION: (StageTransition, "actor__name"),
    Told.ASSIGNMENT: (Assignment, "actor__name"),
    Told.ACTIVITY: (Activity, "actor__name"),
    Told.FEEDBACK: (Feedback, "given_by__name"),
    Told.ENDING: (CommitmentEnding, "head__name"),
}


def teller_of(told: Told, pk: int | None) -> str:
    """Return the name of who made the row, empty where nobody of ours did; one statement."""
    if pk is None:
        return ""
    model, name = ROWS[told]
    found = model._default_manager.filter(pk=pk).values_list(name, flat=True).first()
    return found or ""
