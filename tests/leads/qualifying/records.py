"""Definitions, personas and touches for tests, in the words that the screens use."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leads.enums import LifecycleStage, PersonaKind, TouchKind, VersionState
from leads.models import Lead, Persona, PersonaVersion, StageDefinition, Touch
from tests.conftest import AT

FILLED_PHONE = {"kind": "filled", "field": "contact.phone", "required": True}
SCORE_60 = {"kind": "score_at_least", "value": 60, "required": True}
BUDGET = {"kind": "question", "key": "budget", "label": "Is there a budget?", "required": True}


def define(stage: LifecycleStage, *criteria: dict[str, Any], version: int = 7) -> StageDefinition:
    """Put a definition of `stage` in force that asks `criteria`, whatever was before."""
    StageDefinition.objects.filter(stage=stage, state=VersionState.IN_FORCE).update(
        state=VersionState.RETIRED
    )
    return StageDefinition.objects.create(
        stage=stage,
        version=version,
        state=VersionState.IN_FORCE,
        prose="What it means.",
        responsible="SHARED",
        criteria=list(criteria),
        created_at=AT,
        in_force_from=AT,
    )


def persona(name: str = "Plant manager", *criteria: dict[str, Any], **fields: Any) -> Persona:
    """Put a persona in force that asks `criteria`."""
    kind = fields.pop("kind", PersonaKind.BUYER)
    made = Persona.objects.create(name=name, key=name.casefold(), kind=kind)
    PersonaVersion.objects.create(
        persona=made,
        version=1,
        state=VersionState.IN_FORCE,
        criteria=list(criteria),
        created_at=AT,
        in_force_from=AT,
        **fields,
    )
    return made


def touch(lead: Lead, kind: TouchKind, occurred_at: datetime, **fields: Any) -> Touch:
    """Let the contact of `lead` touch us."""
    return Touch.objects.create(
        contact_id=lead.contact_id, kind=kind, occurred_at=occurred_at, recorded_at=AT, **fields
    )


def of_job(title: str) -> dict[str, Any]:
    """The criterion that asks for a job title."""
    return {"kind": "in", "field": "contact.job_title", "value": [title], "required": True}
