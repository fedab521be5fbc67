"""Decisions of Sales on the leads that somebody looks at: counted by span, and why by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Value

from leads.enums import Disposition, LifecycleStage
from leads.models import Feedback
from leads.querysets import LeadFactQuerySet
from leads.selectors.feedback_figures import COUNTS, GROUPS, SAYS_WHY, Tally
from leads.selectors.figures.cut import Span


def decisions(facts: LeadFactQuerySet, span: Span) -> QuerySet[Feedback]:
    """Return the decisions of `span` on the leads of `facts`; what was undone is left out."""
    known = Exists(facts.filter(pk=OuterRef("lead_id")))
    return Feedback.objects.filter(span.holds("decided_at"), known, voided_at=None).order_by()


def tallies_of(facts: LeadFactQuerySet, spans: Sequence[Span]) -> list[Tally]:
    """Return what was decided in each of `spans` (flow), which may overlap; one statement."""
    found = {place: Tally(None, "") for place in range(len(spans))}
    first, *others = [
        decisions(facts, span)
        .annotate(place=Value(place, output_field=IntegerField()))
        .values("place")
        .annotate(**COUNTS)
        .values("place", *COUNTS)
        for place, span in enumerate(spans)
    ]
    rows: Any = first.union(*others, all=True) if others else first
    for row in rows:
        place = row.pop("place")
        found[place] = Tally(None, "", **row)
    return list(found.values())


def waiting(facts: LeadFactQuerySet) -> LeadFactQuerySet:
    """Return those of `facts` that wait for a decision now: open MQLs that were not sent back."""
    return facts.filter(
        disposition=Disposition.OPEN, stage=LifecycleStage.MQL, lead__returned_at__isnull=True
    )


@dataclass
class Reasons:
    """How often each reason was said of the leads of one group; `key` None is "none"."""

    key: int | None
    name: str
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """All reasons together."""
        return sum(self.counts.values())


def reasons_by(rows: QuerySet[Feedback], by: str) -> list[Reasons]:
    """Return why leads came back for each group (`by` is a key of GROUPS), the most first; one
    statement."""
    key, name = GROUPS[by]
    found: dict[int | None, Reasons] = {}
    said = rows.filter(SAYS_WHY).values_list(key, name, "reason").annotate(n=Count("pk"))
    for pk, named, reason, n in said:
        found.setdefault(pk, Reasons(pk, named or "")).counts[reason] = n
    return sorted(found.values(), key=lambda one: (-one.n, one.name))


def most_said(groups: Sequence[Reasons]) -> Mapping[str, int]:
    """Return each reason with how often it was said in all `groups`, the most frequent first."""
    total: dict[str, int] = {}
    for group in groups:
        for reason, n in group.counts.items():
            total[reason] = total.get(reason, 0) + n
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))
