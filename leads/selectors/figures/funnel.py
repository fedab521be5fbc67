"""How leads go down the funnel: entries in a span, and what became of those that entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Count, F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Least

from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import STAGES
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import ENTERED, Span, entered_any, reached_after

PAIRS = tuple(pairwise(STAGES))


def entries(facts: LeadFactQuerySet, spans: Sequence[Span]) -> list[dict[LifecycleStage, int]]:
    """Return how many leads entered each stage in each of `spans` (flow); one statement.

    Stages that were passed over were not entered, and an unknown instant lies in no span.
    """
    if not spans:
        return []
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    counts = {
        f"n{place}_{stage}": Count("pk", filter=span.holds(ENTERED[stage]))
        for place, span in enumerate(spans)
        for stage in STAGES
    }
    found = facts.filter(entered_any(whole)).aggregate(**counts)
    return [{stage: found[f"n{place}_{stage}"] for stage in STAGES} for place in range(len(spans))]


@dataclass(frozen=True)
class Cohort:
    """Of the `entered`, how many reached the next stage in time, and how many still may.

    `is_whole` once everyone has had the time; until then the share can only grow.
    """

    entered: int
    reached: int
    still_open: int
    is_whole: bool


def cohorts(
    facts: LeadFactQuerySet, span: Span, *, within: timedelta, at: datetime
) -> dict[LifecycleStage, Cohort]:
    """Return for each stage but the last what became of those that entered it in `span` (cohort).

    Reached is who entered the next stage, or one beyond, within `within` of entering this one.
    Still open is who has not reached it, is open and has time left at `at`. One statement.
    """
    counts: dict[str, Count] = {}
    for stage, _following in PAIRS:
        entered = span.holds(ENTERED[stage])
        counts |= {
            f"n_{stage}": Count("pk", filter=entered),
            f"r_{stage}": Count("pk", filter=entered & _in_time(stage, within)),
            f"o_{stage}": Count("pk", filter=entered & _may_still(stage, within, at)),
        }
    facts = facts.annotate(**{f"passed_{stage}": passed_at(stage) for stage, _next in PAIRS})
    found = facts.filter(entered_any(span)).aggregate(**counts)
    is_whole = span.end + within <= at
    return {
        stage: Cohort(found[f"n_{stage}"], found[f"r_{stage}"], found[f"o_{stage}"], is_whole)
        for stage, _following in PAIRS
    }


def passed_at(stage: LifecycleStage) -> Combinable:
    """Return when a lead passed `stage`: the first instant at which it was beyond (null: never)."""
    beyond = [ENTERED[one] for one in reached_after(stage)[1:]]
    return Least(*beyond) if len(beyond) > 1 else F(beyond[0])


def in_time(facts: LeadFactQuerySet, stage: LifecycleStage, within: timedelta) -> LeadFactQuerySet:
    """Return those of `facts` that passed `stage` within `within` of entering it."""
    return facts.annotate(**{f"passed_{stage}": passed_at(stage)}).filter(_in_time(stage, within))


def may_still(
    facts: LeadFactQuerySet, stage: LifecycleStage, within: timedelta, at: datetime
) -> LeadFactQuerySet:
    """Return those of `facts` that have not passed `stage`, are open and have time left at `at`."""
    annotated = facts.annotate(**{f"passed_{stage}": passed_at(stage)})
    return annotated.filter(_may_still(stage, within, at))


def _in_time(stage: LifecycleStage, within: timedelta) -> Q:
    return Q(**{f"passed_{stage}__lte": F(ENTERED[stage]) + within})


def _may_still(stage: LifecycleStage, within: timedelta, at: datetime) -> Q:
    unpassed, since = f"passed_{stage}__isnull", f"{ENTERED[stage]}__gt"
    return Q(disposition=Disposition.OPEN, **{unpassed: True, since: at - within})
