"""What both teams would promise so that a goal is reached. Pure: no ORM, no now."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from leads.enums import LifecycleStage
from shell.formats import WIDE
from sla.commitment_facts import CommitmentFacts
from sla.enums import CommitmentKind, Metric, Side
from sla.goal_math import whole
from sla.outlook import Outlook, StageRow

RATE_PLACES = Decimal("0.0001")
CENTS = 100
OF_MARKETING = (LifecycleStage.LEAD, LifecycleStage.MQL)
FROM_GOAL = _("So that the shared goal is reached, by the goal calculator.")


def promises_of(found: Outlook) -> list[CommitmentFacts]:
    """Return the commitments that the goal asks for, those of both teams first.

    The revenue of both (in cents), where money is the goal; what enters each stage up to MQL, of
    Marketing, and what enters CUSTOMER, of Sales, rounded up; each share of the funnel, of the
    team that decides it; calls a day of reps, where they can be told.
    """
    goal = found.goal
    said = []
    if goal.revenue is not None:
        cents = Decimal(whole(goal.revenue * CENTS) or 0)
        said.append(_promise(found, Side.BOTH, CommitmentKind.REVENUE, cents))
    said += [_volume(found, row) for row in found.rows if _is_promised(row)]
    said += [_rate(found, row) for row in found.rows if row.share is not None]
    calls = found.load.calls_a_day if found.load else None
    if calls is not None:
        target, metric = _decimal(calls), Metric.ATTEMPTS_PER_DAY
        said.append(_promise(found, Side.SALES, CommitmentKind.EFFORT, target, metric=metric))
    return said


def _is_promised(row: StageRow) -> bool:
    promised = (*OF_MARKETING, LifecycleStage.CUSTOMER)
    return row.need.total is not None and row.need.stage in promised


def _volume(found: Outlook, row: StageRow) -> CommitmentFacts:
    stage = row.need.stage
    side = Side.MARKETING if stage in OF_MARKETING else Side.SALES
    target = Decimal(whole(row.need.total) or 0)
    return _promise(found, side, CommitmentKind.VOLUME, target, stage=stage)


def _rate(found: Outlook, row: StageRow) -> CommitmentFacts:
    assert row.share is not None  # noqa: S101  # asked by the caller
    stage = row.need.stage
    pairs = dict(found.goal.pairs)
    return _promise(
        found,
        Side.MARKETING if stage is LifecycleStage.LEAD else Side.SALES,
        CommitmentKind.RATE,
        _decimal(row.share.value),
        metric=Metric.CONVERSION,
        stage=stage,
        to_stage=pairs[stage],
    )


def _promise(
    found: Outlook,
    side: Side,
    kind: CommitmentKind,
    target: Decimal,
    *,
    metric: Metric | None = None,
    stage: LifecycleStage | None = None,
    to_stage: LifecycleStage | None = None,
) -> CommitmentFacts:
    return CommitmentFacts(
        side=side,
        kind=kind,
        target=target,
        period=found.goal.period,
        metric=metric,
        stage=stage,
        to_stage=to_stage,
        why=str(FROM_GOAL),
    )


def _decimal(value: Fraction) -> Decimal:
    exact = WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    return exact.quantize(RATE_PLACES, rounding=ROUND_HALF_UP, context=WIDE)
