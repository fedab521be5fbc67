"""How leads ended."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q

from leads.enums import Disposition
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import Span

ENDS = (Disposition.WON, Disposition.LOST, Disposition.DISQUALIFIED, Disposition.RECYCLED)


def closes(facts: LeadFactQuerySet, spans: Sequence[Span]) -> list[dict[Disposition, int]]:
    """Return how many leads ended in each way in each of `spans` (flow); one statement."""
    counts = {
        f"n{place}_{end}": Count("pk", filter=span.holds("closed_at") & Q(disposition=end))
        for place, span in enumerate(spans)
        for end in ENDS
    }
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    found = facts.filter(whole.holds("closed_at")).aggregate(**counts)
    return [{end: found[f"n{place}_{end}"] for end in ENDS} for place in range(len(spans))]
