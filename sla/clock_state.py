"""How a clock stands at an instant: one rule for row, filter, dashboard, export and mail.

Pure. `state_of` judges a clock in memory and `sla.querysets.stands` a row of `sla_clock`; a
property test holds them equal. Verdicts compare instants: a stop at the due instant is in time, any
later one is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.enums import ClockState, Outcome

LONGEST_BACKDATING = timedelta(hours=2)
BACKDATING_SHARE = 4  # a quarter of the target


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the state of a clock follows from."""

    due_at: datetime
    risk_at: datetime
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    stopped_at: datetime | None = None
    outcome: Outcome | None = None


def state_of(clock: Standing, now: datetime) -> ClockState:
    """Return how the clock stands at `now`.

    A pause holds a clock that was in time when it began; who is late already stays late.
    """
    if clock.outcome is not None:
        return ClockState(clock.outcome)
    if now > clock.due_at:
        return ClockState.BREACHED
    if _is_held(clock, now):
        return ClockState.PAUSED
    return ClockState.AT_RISK if now >= clock.risk_at else ClockState.RUNNING


def _is_held(clock: Standing, now: datetime) -> bool:
    if clock.paused_at is None or clock.paused_until is None:
        return False
    return clock.paused_at <= now < clock.paused_until


MISSED = frozenset({ClockState.BREACHED, ClockState.MET_LATE})


def is_missed(clock: Standing, now: datetime) -> bool:
    """Tell whether the promise was broken: late and open, met late, or handed on late."""
    if clock.outcome is Outcome.TRANSFERRED:
        return clock.stopped_at is not None and clock.stopped_at > clock.due_at
    return state_of(clock, now) in MISSED


def is_met(clock: Standing) -> bool:
    """Tell whether the promise was kept."""
    return clock.outcome is Outcome.MET


def outcome_of_stop(due_at: datetime, stopped_at: datetime) -> Outcome:
    """Return how a clock ends that is stopped by what was promised."""
    return Outcome.MET if stopped_at <= due_at else Outcome.MET_LATE


def outcome_of_end(due_at: datetime, ended_at: datetime, wanted: Outcome) -> Outcome:
    """Return how a clock ends that no longer matters: `wanted`, unless it was late by then.

    Nothing heals a broken promise: closing a lead or recycling it after the due instant leaves the
    clock missed. A late transfer says so by its instants.
    """
    if wanted is Outcome.CANCELLED and ended_at > due_at:
        return Outcome.MET_LATE
    return wanted


def credited_at(occurred_at: datetime, logged_at: datetime, *, target: timedelta) -> datetime:
    """Return the instant at which an action counts. `target` is the time promised.

    What is told late counts when it happened, as long as it is told within two hours or a quarter
    of the time promised, whichever is shorter; told later than that, it counts when it was told.
    Nights and pauses between start and due give no more time to tell it.
    """
    longest = min(LONGEST_BACKDATING, target / BACKDATING_SHARE)
    return occurred_at if logged_at - occurred_at <= longest else logged_at
