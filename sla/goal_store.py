"""Goals and measurements as they are kept: exact fractions written as text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from leads.enums import LifecycleStage
from sla.enums import PeriodKind
from sla.goals import Goal, Measured, Measurements

FRACTIONS = (
    "revenue", "customers", "average_deal", "marketing", "entries", "attempts", "minutes", "hours",
)  # fmt: skip


def goal_to_json(goal: Goal) -> dict[str, Any]:
    """Return a goal as it is kept; what was not typed is left out."""
    told = {name: getattr(goal, name) for name in FRACTIONS}
    return {
        **{name: str(value) for name, value in told.items() if value is not None},
        "period": goal.period.value,
        "stages": [stage.value for stage in goal.stages],
        "shares": {stage.value: str(share) for stage, share in goal.shares.items()},
        "lags": {stage.value: str(days) for stage, days in goal.lags.items()},
        "window": goal.window,
        **({} if goal.reps is None else {"reps": goal.reps}),
    }


def goal_from_json(told: Mapping[str, Any]) -> Goal:
    """Return the goal that was kept as `told`."""
    return Goal(
        **{name: Fraction(told[name]) for name in FRACTIONS if name in told},
        period=PeriodKind(told["period"]),
        stages=tuple(LifecycleStage(stage) for stage in told["stages"]),
        shares=_by_stage(told["shares"]),
        lags=_by_stage(told["lags"]),
        window=told["window"],
        reps=told.get("reps"),
    )


def measurements_to_json(found: Measurements) -> dict[str, Any]:
    """Return measurements as they are kept."""
    return {
        "links": [
            [*(stage.value for stage in pair), _kept(share), _kept(found.lags.get(pair))]
            for pair, share in found.shares.items()
        ],
        "entries": {stage.value: str(count) for stage, count in found.entries.items()},
        "deal": _kept(found.deal),
        "deals_without_rate": found.deals_without_rate,
        "attempts": _kept(found.attempts),
        "reps": found.reps,
    }


def measurements_from_json(told: Mapping[str, Any]) -> Measurements:
    """Return the measurements that were kept as `told`."""
    links = {
        (LifecycleStage(a), LifecycleStage(b)): (_measured(share), _measured(lag))
        for a, b, share, lag in told["links"]
    }
    return Measurements(
        shares={pair: share for pair, (share, _lag) in links.items()},
        lags={pair: lag for pair, (_share, lag) in links.items()},
        entries=_by_stage(told["entries"]),
        deal=_measured(told["deal"]),
        deals_without_rate=told["deals_without_rate"],
        attempts=_measured(told["attempts"]),
        reps=told["reps"],
    )


def _by_stage(told: Mapping[str, str]) -> dict[LifecycleStage, Fraction]:
    return {LifecycleStage(stage): Fraction(value) for stage, value in told.items()}


def _kept(one: Measured | None) -> list[Any]:
    known = one or Measured()
    return [None if known.value is None else str(known.value), known.n]


def _measured(told: list[Any]) -> Measured:
    value, n = told
    return Measured(None if value is None else Fraction(value), n)
