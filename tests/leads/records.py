"""Leads for tests that walk the lifecycle through the gate, so none is in an impossible state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from leads.enums import Cause, Disposition, LifecycleStage
from leads.lifecycle import RANK, STAGES, Position
from leads.models import Lead
from leads.moving import Step, When
from leads.services.contacts import ContactFacts
from leads.services.opening import Capture, open_leads
from tests.conftest import AT

HOUR = timedelta(hours=1)


def history(stage: LifecycleStage | None, at: datetime | When = When.NOW, **fields: Any) -> Step:
    """A step told afterwards."""
    return Step(to_stage=stage, cause=Cause.IMPORT, effective_at=at, **fields)


def walk_to(position: Position, since: datetime = AT - 100 * HOUR) -> list[Step]:
    """One step an hour from LEAD to `position`, the close included."""
    stages = STAGES[: RANK[position.stage] + 1]
    steps = [history(stage, since + n * HOUR) for n, stage in enumerate(stages)]
    if position.disposition not in (Disposition.OPEN, Disposition.WON):
        steps.append(history(None, since + len(stages) * HOUR, disposition=position.disposition))
    return steps


def lead_at(
    stage: LifecycleStage = LifecycleStage.LEAD,
    disposition: Disposition = Disposition.OPEN,
    *,
    email: str = "anna@acme.example",
    owner: User | None = None,
    at: datetime = AT,
    **fields: Any,
) -> Lead:
    """A lead that has come to where it is asked to be."""
    names = ("given_name", "family_name", "company", "phone", "job_title", "country", "city")
    contact = {name: fields.pop(name) for name in names if name in fields}
    capture = Capture(
        contact=ContactFacts(captured_through="test", email=email, **contact),
        steps=walk_to(Position(stage, disposition), at - 100 * HOUR),
        owner_id=owner.pk if owner else None,
        **fields,
    )
    (lead,) = open_leads([capture], actor=None, at=at).leads
    assert lead is not None
    return Lead.objects.select_related("contact__company", "owner").get(pk=lead.pk)


def facts(lead: Lead) -> dict[str, Any]:
    """Everything that a refused move must leave as it was: the row, its contact, its history."""
    row = Lead.objects.filter(pk=lead.pk).values().get()
    contact = type(lead.contact).objects.filter(pk=lead.contact_id).values().get()
    return {
        "lead": row,
        "contact": contact,
        "transitions": list(lead.transitions.order_by("id").values()),
    }
