"""How every commitment stands in the period that runs, and how it went in the five before.

A period is judged by the version that was in force when it began; while none was, by the first one
since. Closed periods keep what was frozen; what came in later shows as a correction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db.models import Count, Q

from leads.enums import LifecycleStage
from leads.models import Lead
from sla.enums import Pace, PeriodKind
from sla.models import Commitment, PeriodResult
from sla.pace import Verdict, WorkingDays
from sla.periods import Period, last_periods
from sla.selectors.book import book, promised
from sla.selectors.figures import (
    COUNTS,
    actual_of,
    come_to,
    reps_of,
    tally_of,
    verdict_on,
)
from sla.selectors.house import House, house
from sla.selectors.measuring import Key, Tally, measure

SHOWN = 6


@dataclass(frozen=True)
class InPeriod:
    """One commitment in one period.

    `actual` is in the commitment's unit. `correction` is what facts that came after the close
    added; None while the period runs and when nothing changed.
    """

    period: Period
    target: Decimal
    tally: Tally
    actual: Fraction | None
    verdict: Verdict | None
    is_closed: bool = False
    correction: Fraction | None = None


@dataclass(frozen=True)
class Standing:
    """One commitment: the period that was asked for, and the six that end with it."""

    commitment: Commitment
    days: WorkingDays
    now: InPeriod
    trend: tuple[InPeriod, ...]
    people: Mapping[int | None, Tally]
    reps: int = 1

    @property
    def is_count(self) -> bool:
        """Tell whether it counts towards a target; else it is a rate."""
        return self.commitment.kind in COUNTS


def standings(
    *,
    at: datetime,
    first_on: date | None = None,
    only: Iterable[UUID] | None = None,
    home: House | None = None,
) -> list[Standing]:
    """Return how the commitments stand at `at`, Marketing's, shared and Sales' in their order.

    `first_on` asks for the month and the quarter in which that day lies instead of the present;
    `only` for some lineages. At most eleven statements, however many commitments there are.
    """
    home, whole = home or house(), book()
    day = first_on or home.day(at)
    wanted = None if only is None else set(only)
    asked: dict[int, tuple[Commitment, Sequence[Period]]] = {}
    for kind in PeriodKind:
        period = home.period_of_day(kind, day)
        for row in whole.in_period(period, at):
            if wanted is None or row.lineage in wanted:
                asked[row.pk] = (row, last_periods(period, SHOWN))
    rows = [row for row, _periods in asked.values()]
    read = _Read(
        home, at, measure(asked, at=at), _frozen(asked), reps_of(rows),
        {one: home.working_days(one, at) for one in _periods(asked.values())},
    )  # fmt: skip
    return [read.standing(row, periods) for row, periods in asked.values()]


def pending_decisions() -> int:
    """Count the open MQLs that wait for a decision now: shown beside the acceptance rate."""
    waiting = Q(stage=LifecycleStage.MQL, returned_at__isnull=True)
    return Lead.objects.open().filter(waiting).aggregate(n=Count("pk"))["n"] or 0


@dataclass(frozen=True)
class _Read:
    """Everything that was read for the standings."""

    home: House
    at: datetime
    tallies: Mapping[Key, Tally]
    frozen: Mapping[tuple[UUID, date], PeriodResult]
    reps: Mapping[int, int]
    days: Mapping[Period, WorkingDays]

    def standing(self, row: Commitment, periods: Sequence[Period]) -> Standing:
        """Return how one commitment stands in the last of `periods`, and its trend."""
        trend = tuple(self.in_period(row, period) for period in periods)
        people = tally_of(self.tallies, row, periods[-1])
        return Standing(
            row, self.days[periods[-1]], trend[-1], trend, people, self.reps.get(row.pk, 1)
        )

    def in_period(self, row: Commitment, period: Period) -> InPeriod:
        """Return one commitment in one period: as it was frozen, else as it is counted now."""
        days = self.days[period]
        counted = sum(tally_of(self.tallies, row, period).values(), start=Tally())
        tally = come_to(row, counted, days, self.reps.get(row.pk, 1), self.home.week)
        result = self.frozen.get((row.lineage, period.first_on))
        if result is not None:
            return _as_frozen(result, period, tally, actual_of(row, tally))
        target = promised(row)
        verdict = verdict_on(row, tally, target, days, is_over=self.at >= period.end)
        return InPeriod(period, target, tally, actual_of(row, tally), verdict)


def _as_frozen(
    result: PeriodResult, period: Period, counted: Tally, actual: Fraction | None
) -> InPeriod:
    kept = None if result.actual is None else Fraction(result.actual)
    told = Tally(result.numerator or Decimal(0), result.denominator or Decimal(0), counted.apart)
    reached = kept / Fraction(result.target) if kept is not None and result.target else None
    return InPeriod(
        period, result.target, told, kept, Verdict(Pace(result.status), reached=reached),
        is_closed=True, correction=_correction(kept, actual),
    )  # fmt: skip


def _periods(asked: Iterable[tuple[Commitment, Sequence[Period]]]) -> set[Period]:
    return {period for _row, periods in asked for period in periods}


def _correction(kept: Fraction | None, actual: Fraction | None) -> Fraction | None:
    """What is kept has four places: only what differs by more is a correction."""
    if actual is None or kept is None:
        return None
    difference = actual - kept
    return difference if abs(difference) > Fraction(1, 10_000) else None


def _frozen(
    asked: Mapping[int, tuple[Commitment, Sequence[Period]]],
) -> dict[tuple[UUID, date], PeriodResult]:
    lineages = {row.lineage for row, _periods in asked.values()}
    days = {period.first_on for _row, periods in asked.values() for period in periods}
    rows = PeriodResult.objects.filter(
        commitment__lineage__in=lineages, first_on__in=days, user__isnull=True
    ).select_related("commitment")
    return {(row.commitment.lineage, row.first_on): row for row in rows}
