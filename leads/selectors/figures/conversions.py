"""Of those that entered a stage, or were born in a month: how many came how far, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Least

from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import STAGES
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.balance import Place
from leads.selectors.figures.cut import ENTERED, Span, entered_any, reached_after

STARTS = STAGES[:-1]


@dataclass(frozen=True)
class Reached:
    """Of the `entered`, how many reached each later stage in time, and how many may still move.

    `still_open` has not reached the last stage, is open and has time left. `is_whole` once everyone
    has had the time.
    """

    entered: int
    reached: Mapping[LifecycleStage, int]
    still_open: int
    is_whole: bool


def conversions(
    facts: LeadFactQuerySet, span: Span, *, within: timedelta, at: datetime
) -> dict[LifecycleStage, Reached]:
    """Return for each stage but the last how many of those that entered it in `span` reached each
    later one, or one beyond it, within `within` (cohort); one statement."""
    counts: dict[str, Count] = {}
    for start in STARTS:
        entered = span.holds(ENTERED[start])
        counts[f"n_{start}"] = Count("pk", filter=entered)
        counts[f"o_{start}"] = Count("pk", filter=entered & _may_still(start, within, at))
        for goal in reached_after(start)[1:]:
            came = Q(**{f"got_{goal}__lte": F(ENTERED[start]) + within})
            counts[f"r_{start}_{goal}"] = Count("pk", filter=entered & came)
    found = with_reached(facts).filter(entered_any(span)).aggregate(**counts)
    is_whole = span.end + within <= at
    return {
        start: Reached(
            found[f"n_{start}"],
            {goal: found[f"r_{start}_{goal}"] for goal in reached_after(start)[1:]},
            found[f"o_{start}"],
            is_whole,
        )
        for start in STARTS
    }


def may_become_customers(
    facts: LeadFactQuerySet, stage: LifecycleStage, within: timedelta, at: datetime
) -> LeadFactQuerySet:
    """Return those of `facts` that entered `stage`, are open and have time left at `at`."""
    return facts.filter(_may_still(stage, within, at))


def with_reached(facts: LeadFactQuerySet) -> LeadFactQuerySet:
    """Annotate `got_<stage>`: when each stage, or one beyond, was first reached (null: never)."""
    return facts.annotate(**{f"got_{stage}": reached_at(stage) for stage in STAGES[1:]})


def reached_at(stage: LifecycleStage) -> Combinable:
    """Return when a lead was first at `stage` or beyond (null: never)."""
    columns = [ENTERED[one] for one in reached_after(stage)]
    return Least(*columns) if len(columns) > 1 else F(columns[0])


def _may_still(stage: LifecycleStage, within: timedelta, at: datetime) -> Q:
    since = {f"{ENTERED[stage]}__gt": at - within}
    return Q(disposition=Disposition.OPEN, customer_at=None, **since)


@dataclass(frozen=True)
class Births:
    """Leads born in one month. `reached` counts month by month, the month of birth first, who had
    reached the goal by its end; `so_far` all that did, `still_open` who is open and has not."""

    born: int
    reached: Sequence[int]
    so_far: int
    still_open: int


def births(
    facts: LeadFactQuerySet, borders: Sequence[datetime], goal: LifecycleStage, n: int
) -> list[Births]:
    """Return the leads born in each of the first `n` months between `borders`, which are sorted,
    and when they reached `goal` or beyond (cohort); one statement.

    The counts of a month go on as long as there are borders.
    """
    known = facts.filter(lead_at__gte=borders[0], lead_at__lt=borders[n])
    rows = (
        known.annotate(got=reached_at(goal))
        .annotate(month=Place("lead_at", borders), came=Place("got", borders))
        .values_list("month", "came", "disposition")
        .annotate(n=Count("pk"))
    )
    found = [_Month(n=len(borders) - 1 - place) for place in range(n)]
    for month, came, disposition, count in rows:
        found[month - 1].add(came, month, disposition, count)
    return [one.births() for one in found]


class _Month:
    """Counts of one month of birth while the rows are read."""

    def __init__(self, n: int) -> None:
        self.came, self.born, self.so_far, self.still_open = [0] * n, 0, 0, 0

    def add(self, came: int | None, month: int, disposition: Any, n: int) -> None:
        """Add `n` leads that reached the goal in the month at `came` (None: never)."""
        self.born += n
        if came is None:
            self.still_open += n if disposition == Disposition.OPEN else 0
            return
        self.so_far += n
        after = max(came - month, 0)
        if after < len(self.came):
            self.came[after] += n

    def births(self) -> Births:
        """Return what was counted."""
        return Births(self.born, list(accumulate(self.came)), self.so_far, self.still_open)
