"""How the funnel has been: the measured side of the goal calculator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Sum,
)

from accounts.enums import Role
from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead, Opportunity
from leads.models.opportunities import DealState
from sla.goal_math import STAGES
from sla.goals import Measured, Measurements, Pair

YEAR = timedelta(days=365)
DAY = timedelta(days=1)
MONTHS = 12


class Median(Aggregate):
    """The middle of an expression's values, between two when their number is even."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Median"


def measure(pairs: Sequence[Pair], *, window: int, at: datetime) -> Measurements:
    """Return how the links `pairs` have been, and deals, attempts and reps; three statements.

    Shares are cohorts: of those that entered the first stage in a year, how many reached the other
    (or one beyond) within `window` days. The year ends `window` days before `at`, so that everyone
    counted has had that time. Lags are medians in days of those that did. Merged rows do not count.
    Entries are those of the last year, a month. Deals are first wins of the last year, in the
    organisation's currency; those without a rate are counted apart.
    """
    told = _of_leads(pairs, window, at)
    deal, without_rate = _deals(at)
    return Measurements(
        shares={pair: _share(told, pair) for pair in pairs},
        lags={pair: _lag(told, pair) for pair in pairs},
        entries={stage: Fraction(told[f"entered_{stage}"], MONTHS) for stage in STAGES},
        deal=deal,
        deals_without_rate=without_rate,
        attempts=_attempts(told),
        reps=User.objects.filter(is_active=True, memberships__role=Role.REP).distinct().count(),
    )


def _of_leads(pairs: Sequence[Pair], window: int, at: datetime) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for stage in STAGES:
        figures[f"entered_{stage}"] = Count("pk", filter=_within(_at(stage), at - YEAR, at))
    for pair in pairs:
        figures |= _cohort(pair, timedelta(days=window), at)
    worked = _within("sal_at", at - YEAR, at) & Q(attempts__gt=0)
    figures["worked"] = Count("pk", filter=worked)
    figures["attempts_made"] = Sum("attempts", filter=worked)
    return Lead.objects.exclude(disposition=Disposition.MERGED).aggregate(**figures)


def _cohort(pair: Pair, span: timedelta, at: datetime) -> dict[str, Any]:
    start, end = pair
    began = _at(start)
    entered = _within(began, at - span - YEAR, at - span)
    direct = entered & _came(_at(end), began, span)
    came = Q()
    for stage in STAGES[STAGES.index(end) :]:  # who is beyond `end` has passed it
        came |= _came(_at(stage), began, span)
    took = ExpressionWrapper(F(_at(end)) - F(began), output_field=DurationField())
    return {
        f"n_{start}": Count("pk", filter=entered),
        f"reached_{start}": Count("pk", filter=entered & came),
        f"dated_{start}": Count("pk", filter=direct),
        f"lag_{start}": Median(took, filter=direct),
    }


def _came(ended: str, began: str, span: timedelta) -> Q:
    return Q(**{f"{ended}__gte": F(began), f"{ended}__lte": F(began) + span})


def _within(column: str, since: datetime, until: datetime) -> Q:
    return Q(**{f"{column}__gte": since, f"{column}__lt": until})


def _at(stage: LifecycleStage) -> str:
    return f"{stage.lower()}_at"


def _share(told: dict[str, Any], pair: Pair) -> Measured:
    n = told[f"n_{pair[0]}"]
    return Measured(Fraction(told[f"reached_{pair[0]}"], n), n) if n else Measured()


def _lag(told: dict[str, Any], pair: Pair) -> Measured:
    took: timedelta | None = told[f"lag_{pair[0]}"]
    if took is None:
        return Measured()
    days = Fraction(round(took / DAY * 10), 10)  # a tenth of a day is finer than anyone plans
    return Measured(days, told[f"dated_{pair[0]}"])


def _attempts(told: dict[str, Any]) -> Measured:
    n = told["worked"]
    return Measured(Fraction(told["attempts_made"], n), n) if n else Measured()


def _deals(at: datetime) -> tuple[Measured, int]:
    """First wins: a later win of the same lead is an expansion."""
    won = Q(state=DealState.WON, closed_at__isnull=False)
    earlier = Opportunity.objects.filter(
        won,
        Q(closed_at__lt=OuterRef("closed_at"))
        | Q(closed_at=OuterRef("closed_at"), pk__lt=OuterRef("pk")),
        lead=OuterRef("lead"),
    )
    rows = Opportunity.objects.filter(won, ~Exists(earlier), _within("closed_at", at - YEAR, at))
    whole = Q(amount__isnull=False, rate__isnull=False)
    told = rows.aggregate(
        n=Count("pk", filter=whole),
        worth=Sum(F("amount") * F("rate"), filter=whole, output_field=DecimalField()),
        without=Count("pk", filter=Q(amount__isnull=False, rate__isnull=True)),
    )
    if not told["n"]:
        return Measured(), told["without"]
    return Measured(Fraction(told["worth"]) / told["n"], told["n"]), told["without"]
