"""What a goal asks of every stage, of Marketing and of the reps. Pure: no ORM, no now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from leads.enums import LifecycleStage
from sla.goal_math import (
    OPENED_BY_SALES,
    STAGES,
    Load,
    Need,
    Rise,
    Worth,
    customers_for,
    load,
    needs,
    rises,
    sensitivity,
)
from sla.goals import Assumptions, Figure, Goal


@dataclass(frozen=True)
class StageRow:
    """One stage: what must enter it, from when to when, and how it goes on from there.

    `now` are its entries a period as they are; `share` and `lag` lead to the next stage that
    counts and are None for customers. `worth` is one point more of `share`, in entries into the
    first stage; `rise` what it would have to be with the entries there are.
    """

    need: Need
    now: Figure | None
    first_on: date
    last_on: date
    share: Figure | None = None
    lag: Figure | None = None
    worth: Worth | None = None
    rise: Rise | None = None

    @property
    def gap(self) -> Fraction | None:
        """What is missing; below 0 when there is more than needed. None where one is unknown."""
        if self.need.total is None or self.now is None:
            return None
        return self.need.total - self.now.value


@dataclass(frozen=True)
class Outlook:
    """The answer. `customers` are exact; `load` is None when no lead can be reckoned for them."""

    goal: Goal
    assumptions: Assumptions
    customers: Fraction
    rows: tuple[StageRow, ...]
    load: Load | None
    worked: LifecycleStage

    @property
    def best(self) -> StageRow | None:
        """The stage at which one point more saves the most; None where none saves any."""
        telling = [row for row in self.rows if row.worth and row.worth.saved > 0]
        return max(telling, key=lambda row: row.worth.saved if row.worth else 0, default=None)


def customers_of(goal: Goal, assumptions: Assumptions) -> Fraction | None:
    """Return the customers that a goal asks for; None for money while no deal is known."""
    if goal.customers is not None:
        return goal.customers
    if goal.revenue is None or assumptions.deal is None:
        return None
    return customers_for(goal.revenue, assumptions.deal.value)


def outlook(
    goal: Goal, assumptions: Assumptions, first_on: date, last_on: date, days: int
) -> Outlook | None:
    """Return what the goal asks for in the period, which has `days` working days.

    None while the customers cannot be told: see `customers_of`.
    """
    customers = customers_of(goal, assumptions)
    if customers is None:
        return None
    funnel = assumptions.funnel(goal.pairs)
    first = goal.stages[0]
    of_entries = customers * (goal.marketing if _is_early(first) else 1)
    here = assumptions.entries.get(first)
    worths = {worth.link.stage: worth for worth in sensitivity(of_entries, funnel)}
    risen = rises(of_entries, funnel, first, here.value) if here else []
    rise_of = {rise.link.stage: rise for rise in risen}
    rows = tuple(
        StageRow(
            need=need,
            now=assumptions.entries.get(need.stage),
            first_on=_before(first_on, need.lead_days),
            last_on=_before(last_on, need.lead_days),
            share=assumptions.shares.get(need.stage),
            lag=assumptions.lags.get(need.stage),
            worth=worths.get(need.stage),
            rise=rise_of.get(need.stage),
        )
        for need in needs(customers, funnel, goal.marketing)
    )
    worked = worked_stage(goal)
    total = next(row.need.total for row in rows if row.need.stage == worked)
    work = None if total is None else load(total, assumptions.desk(days))
    return Outlook(goal, assumptions, customers, rows, work, worked)


def worked_stage(goal: Goal) -> LifecycleStage:
    """Return the stage at which reps begin to work: the first from SAL on that counts."""
    later = [stage for stage in goal.stages if not _is_early(stage)]
    return later[0] if later else goal.stages[-1]


def _is_early(stage: LifecycleStage) -> bool:
    return STAGES.index(stage) < STAGES.index(OPENED_BY_SALES)


def _before(day: date, days: Fraction) -> date:
    return day - timedelta(days=round(days))
