"""How leads move: from stage to stage, in at the start, out at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from leads.enums import Disposition, LifecycleStage
from leads.models import StageTransition
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import Span

NEW, BACK = "NEW", "BACK"
STARTS = (NEW, BACK)
ENDS = (Disposition.RECYCLED, Disposition.DISQUALIFIED, Disposition.LOST)
# Where a move comes from: another stage, nowhere, or a cycle that was recycled before.
CAME_FROM = Case(
    When(from_stage__isnull=False, then=F("from_stage")),
    When(lead__recycled_from__isnull=False, then=Value(BACK)),
    default=Value(NEW),
    output_field=CharField(),
)
WENT_TO = Case(
    When(to_disposition__in=ENDS, then=F("to_disposition")),
    default=F("to_stage"),
    output_field=CharField(),
)


@dataclass(frozen=True)
class Flow:
    """How many moved from `start` to `end` in each span asked for."""

    start: str
    end: str
    counts: tuple[int, ...]


def flows(facts: LeadFactQuerySet, spans: Sequence[Span]) -> list[Flow]:
    """Return the moves of `facts` in each of `spans` (flow), in no order; one statement.

    A start is a stage, `NEW`, or `BACK` for a recycled person who came back; an end is a stage or
    a disposition that is not won. Counted are transitions with a known instant that were neither
    inferred nor taken back. A lead makes each move at most once.
    """
    inside = Q()
    for span in spans:
        inside |= span.holds("effective_at")
    counts = {
        f"n{place}": Count("pk", filter=span.holds("effective_at"))
        for place, span in enumerate(spans)
    }
    rows: Any = moved(inside).filter(Exists(facts.filter(pk=OuterRef("lead_id"))))
    grouped = rows.order_by().values("start", "end").annotate(**counts)
    return [Flow(row["start"], row["end"], tuple(row[key] for key in counts)) for row in grouped]


def moved(which: Q) -> QuerySet[Any]:
    """Return the transitions that count, annotated with `start` and `end`."""
    rows = StageTransition.objects.filter(
        which, inferred=False, voided_by__isnull=True, to_stage__in=LifecycleStage.values
    )
    return rows.annotate(start=CAME_FROM, end=WENT_TO).exclude(start=F("end"))


def that_moved(facts: LeadFactQuerySet, span: Span, start: str, end: str) -> LeadFactQuerySet:
    """Return those of `facts` that moved from `start` to `end` in `span`."""
    rows = moved(span.holds("effective_at")).filter(start=start, end=end)
    return facts.filter(pk__in=rows.values("lead_id"))


def known_ends() -> frozenset[str]:
    """Return every word that may begin or end a move."""
    return frozenset({*STARTS, *LifecycleStage.values, *ENDS})
