"""Rules and touches for the tests of scores, and the promise that each of them keeps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from leads.enums import ScoreCounting, ScoreKind, TouchKind
from leads.models import FunnelSettings, Lead, ScorePart, ScoreRule
from leads.services.touches import TouchFacts, record_touches
from tests.conftest import AT

DAY = timedelta(days=1)


def fit_rule(points: int = 20, field: str = "contact.job_title", **fields: Any) -> ScoreRule:
    """A rule that gives points for a filled field."""
    criterion = fields.pop("criterion", {"kind": "filled", "field": field})
    return ScoreRule.objects.create(
        kind=ScoreKind.FIT, name=f"Fit {points}", criterion=criterion, points=points, **fields
    )


def engagement_rule(
    points: int = 10, touch_kind: TouchKind = TouchKind.WEBINAR, **fields: Any
) -> ScoreRule:
    """A rule that gives points for touches; by default each time, never fading."""
    fields.setdefault("counting", ScoreCounting.EACH)
    return ScoreRule.objects.create(
        kind=ScoreKind.ENGAGEMENT,
        name=f"{touch_kind} {points}",
        touch_kind=touch_kind,
        points=points,
        **fields,
    )


def touch(
    lead: Lead, kind: TouchKind = TouchKind.WEBINAR, days_ago: float = 0, **fields: Any
) -> TouchFacts:
    """One touch of the lead's person."""
    return TouchFacts(
        contact_id=lead.contact_id, kind=kind, occurred_at=AT - days_ago * DAY, **fields
    )


def touched(lead: Lead, *days_ago: float, kind: TouchKind = TouchKind.WEBINAR) -> Lead:
    """The lead after touches so many days before AT."""
    record_touches([touch(lead, kind, days) for days in days_ago], at=AT)
    return Lead.objects.get(pk=lead.pk)


def funnel(**fields: Any) -> FunnelSettings:
    """The settings of the funnel, changed."""
    settings, _made = FunnelSettings.objects.update_or_create(pk=1, defaults=fields)
    return settings


def ledger(lead: Lead) -> dict[str, int]:
    """The points of each part, by the rule's name; "" is what was brought along."""
    rows = ScorePart.objects.filter(lead=lead).select_related("rule")
    return {row.rule.name if row.rule else "": row.points for row in rows}


def assert_sums(leads: Iterable[Lead] | None = None) -> None:
    """The rows of each ledger sum to the score."""
    for lead in Lead.objects.all() if leads is None else leads:
        lead.refresh_from_db(fields=["score"])
        assert sum(ledger(lead).values()) == lead.score, f"lead {lead.pk}"


def score_of(lead: Lead) -> int:
    """The stored score."""
    return Lead.objects.values_list("score", flat=True).get(pk=lead.pk)


def proposed_at(lead: Lead) -> datetime | None:
    """Since when the lead is proposed."""
    return Lead.objects.values_list("proposed_at", flat=True).get(pk=lead.pk)
