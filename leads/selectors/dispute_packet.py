"""What a facilitator needs to rule: why the lead was handed over, and what was done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leads.criteria import Checked, read_criteria
from leads.criteria_words import Told, tell_checked
from leads.enums import LifecycleStage
from leads.models import Activity, Feedback, Lead, StageTransition, Touch
from leads.selectors.canonical import contact_ids_of
from leads.selectors.disputes import qualifying_rows
from leads.selectors.terms import lexicon

LAST_TOUCHES = 6
LAST_ACTIVITIES = 6


@dataclass(frozen=True)
class DisputePacket:
    """The lead as it was handed over, and what Sales did before it decided."""

    qualified: StageTransition | None
    score: int | None
    persona: str
    criteria: list[Told] = field(default_factory=list)
    touches: Sequence[Touch] = ()
    activities: Sequence[Activity] = ()
    cycles: Sequence[Lead] = ()


def packet_of(feedback: Feedback) -> DisputePacket:
    """Return the packet of the decision: nothing in it is younger than the decision.

    Seven statements at most, however long the story.
    """
    lead, until = feedback.lead, feedback.decided_at
    qualified = qualifying_rows(feedback).select_related("actor").order_by("-pk").first()
    evidence: Mapping[str, Any] = (qualified.evidence if qualified else None) or {}
    person = contact_ids_of(lead.contact_id)
    touches = Touch.objects.select_related("campaign").filter(
        contact__in=person, occurred_at__lte=until
    )
    worked = Activity.objects.select_related("actor").filter(
        lead=lead, occurred_at__lte=until, deleted_at__isnull=True
    )
    cycles = Lead.objects.filter(contact__in=person, created_at__lt=lead.created_at)
    return DisputePacket(
        qualified=qualified,
        score=evidence.get("score"),
        persona=(evidence.get("persona") or {}).get("name", ""),
        criteria=_criteria(evidence),
        touches=list(touches.order_by("-occurred_at", "-pk")[:LAST_TOUCHES]),
        activities=list(worked.order_by("-occurred_at", "-pk")[:LAST_ACTIVITIES]),
        cycles=list(cycles.exclude(pk=lead.pk).order_by("-created_at", "-pk")[:LAST_TOUCHES]),
    )


def _criteria(evidence: Mapping[str, Any]) -> list[Told]:
    """Return what was checked for MQL, in words; one statement where there is anything."""
    stored = [
        one
        for definition in evidence.get("definitions", [])
        if definition.get("stage") == LifecycleStage.MQL
        for one in definition.get("criteria", [])
    ]
    if not stored:
        return []
    words = lexicon()
    criteria = read_criteria([one["criterion"] for one in stored])
    return [
        tell_checked(Checked(criterion, one.get("met"), one.get("value")), words)
        for criterion, one in zip(criteria, stored, strict=True)
    ]
