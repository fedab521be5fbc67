"""Feedback for tests, as the decisions of Sales leave it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from leads.enums import Decision, Disposition, LifecycleStage
from leads.models import Feedback, Lead
from tests.conftest import AT
from tests.leads.records import lead_at

S, D = LifecycleStage, Disposition


def feedback_on(
    lead: Lead,
    decision: Decision = Decision.REJECTED,
    *,
    by: User | None = None,
    at: datetime = AT,
    **fields: Any,
) -> Feedback:
    """One decision on `lead`; a no has the reason "wrong fit" unless another is given."""
    counts = None if decision == Decision.RETURNED else decision
    reason = "" if decision == Decision.ACCEPTED else "wrong_fit"
    values = {"counts_as": counts, "reason": reason, "given_by": by, "decided_at": at, **fields}
    return Feedback.objects.create(lead=lead, decision=decision, **values)


def rejected(
    by: User | None = None, *, email: str = "anna@acme.example", at: datetime = AT, **fields: Any
) -> Feedback:
    """A rejection of a lead that was disqualified for it."""
    names = ("campaign_id", "source_id", "persona_id", "given_name", "family_name", "company")
    of_lead = {name: fields.pop(name) for name in names if name in fields}
    persona = of_lead.pop("persona_id", None)
    lead = lead_at(S.MQL, D.DISQUALIFIED, email=email, at=at, **of_lead)
    if persona:
        Lead.objects.filter(pk=lead.pk).update(persona=persona)
    return feedback_on(lead, by=by, at=at, **fields)


def accepted(
    by: User | None = None, *, email: str = "bea@acme.example", at: datetime = AT, **fields: Any
) -> Feedback:
    """An acceptance of a lead that Sales works now."""
    names = ("campaign_id", "source_id", "given_name", "family_name", "company")
    of_lead = {name: fields.pop(name) for name in names if name in fields}
    lead = lead_at(S.SAL, email=email, at=at, **of_lead)
    return feedback_on(lead, Decision.ACCEPTED, by=by, at=at, **fields)
