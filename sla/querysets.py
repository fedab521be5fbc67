"""Clocks by how they stand: what a page filters, counts and exports by.

The conditions are those of `sla.clock_state.state_of`, which says it of a clock in memory; a
property test holds both equal. They begin with what the partial indexes of open clocks know.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from sla.enums import ClockState

OPEN_STATES = (ClockState.BREACHED, ClockState.AT_RISK, ClockState.RUNNING, ClockState.PAUSED)
ENDED_STATES = tuple(state for state in ClockState if state not in OPEN_STATES)


def stands(state: ClockState, at: datetime) -> Q:
    """Return the condition of the clocks that stand in `state` at `at`."""
    if state in ENDED_STATES:
        return Q(outcome=state.value)
    is_open = Q(outcome__isnull=True)
    if state is ClockState.BREACHED:
        return is_open & Q(due_at__lt=at)
    in_time = is_open & Q(due_at__gte=at)
    if state is ClockState.PAUSED:
        return in_time & Q(paused_at__lte=at, paused_until__gt=at)
    goes_on = Q(paused_at__isnull=True) | Q(paused_at__gt=at) | Q(paused_until__lte=at)
    warned = Q(risk_at__lte=at) if state is ClockState.AT_RISK else Q(risk_at__gt=at)
    return in_time & goes_on & warned


def stand_in(states: Iterable[ClockState], at: datetime) -> Q:
    """Return the condition of the clocks that stand in one of `states` at `at`."""
    wanted = set(states)
    if wanted == set(OPEN_STATES):
        return Q(outcome__isnull=True)
    if wanted == set(ENDED_STATES):
        return Q(outcome__isnull=False)
    found = Q(pk__in=[])
    for state in wanted:
        found |= stands(state, at)
    return found
