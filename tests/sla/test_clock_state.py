"""The state of a clock: one rule, in Python and in SQL, to the tick."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, DateTimeField, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla.clock_state import (
    Standing,
    credited_at,
    is_met,
    is_missed,
    outcome_of_end,
    outcome_of_stop,
    state_of,
)
from sla.enums import ClockState, Outcome
from sla.querysets import stands
from tests.conftest import AT

TICK, HOUR = timedelta(microseconds=1), timedelta(hours=1)
DUE, RISK = AT + 4 * HOUR, AT + 3 * HOUR
PAUSED = {"paused_at": AT + HOUR, "paused_until": AT + 2 * HOUR}


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (AT, ClockState.RUNNING),
        (RISK - TICK, ClockState.RUNNING),
        (RISK, ClockState.AT_RISK),
        (DUE - TICK, ClockState.AT_RISK),
        (DUE, ClockState.AT_RISK),
        (DUE + TICK, ClockState.BREACHED),
    ],
)
def test_an_open_clock_around_its_instants(now, state):
    assert state_of(Standing(due_at=DUE, risk_at=RISK), now) is state


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (AT + HOUR - TICK, ClockState.RUNNING),
        (AT + HOUR, ClockState.PAUSED),
        (AT + 2 * HOUR - TICK, ClockState.PAUSED),
        (AT + 2 * HOUR, ClockState.RUNNING),
    ],
)
def test_a_pause_holds_until_its_end(now, state):
    assert state_of(Standing(due_at=DUE, risk_at=RISK, **PAUSED), now) is state


def test_a_pause_after_the_breach_heals_nothing():
    late = Standing(due_at=DUE, risk_at=RISK, paused_at=DUE + HOUR, paused_until=DUE + 2 * HOUR)
    assert state_of(late, DUE + HOUR + TICK) is ClockState.BREACHED


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_ended_clock_is_how_it_ended_for_ever(outcome):
    ended = Standing(due_at=DUE, risk_at=RISK, stopped_at=AT, outcome=outcome)
    assert state_of(ended, DUE + 1000 * HOUR) is ClockState(outcome)


def test_missed_is_late_and_open_met_late_or_handed_on_late():
    def ended(outcome, stopped_at):
        return Standing(due_at=DUE, risk_at=RISK, stopped_at=stopped_at, outcome=outcome)

    judged = [
        (Standing(due_at=DUE, risk_at=RISK), True),
        (ended(Outcome.MET_LATE, DUE + TICK), True),
        (ended(Outcome.TRANSFERRED, DUE + TICK), True),
        (ended(Outcome.TRANSFERRED, DUE), False),
        (ended(Outcome.CANCELLED, DUE), False),
        (ended(Outcome.MET, DUE), False),
    ]
    assert [is_missed(clock, DUE + HOUR) for clock, _ in judged] == [missed for _, missed in judged]
    assert [is_met(clock) for clock, _ in judged] == [False] * 5 + [True]


def test_nothing_ends_a_late_clock_well():
    assert outcome_of_stop(DUE, DUE) is Outcome.MET
    assert outcome_of_stop(DUE, DUE + TICK) is Outcome.MET_LATE
    assert outcome_of_end(DUE, DUE, Outcome.CANCELLED) is Outcome.CANCELLED
    assert outcome_of_end(DUE, DUE + TICK, Outcome.CANCELLED) is Outcome.MET_LATE
    assert outcome_of_end(DUE, DUE + TICK, Outcome.TRANSFERRED) is Outcome.TRANSFERRED


@pytest.mark.parametrize(
    ("target", "longest"), [(8 * HOUR, 2 * HOUR), (100 * HOUR, 2 * HOUR), (HOUR, HOUR / 4)]
)
def test_what_is_told_late_counts_when_it_happened_up_to_a_limit(target, longest):
    happened = AT + target / 2

    def told_after(wait):
        return credited_at(happened, happened + wait, target=target)

    assert told_after(longest) == happened
    assert told_after(longest + TICK) == happened + longest + TICK


INSTANTS = st.sampled_from([AT + n * HOUR + d for n in range(6) for d in (-TICK, TICK * 0, TICK)])


@pytest.mark.django_db
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    due_at=INSTANTS,
    risk_at=INSTANTS,
    pause=st.one_of(st.none(), st.tuples(INSTANTS, INSTANTS)),
    outcome=st.one_of(st.none(), st.sampled_from(Outcome)),
    now=INSTANTS,
)
def test_the_database_and_python_judge_alike(due_at, risk_at, pause, outcome, now):
    paused_at, paused_until = sorted(pause) if pause else (None, None)
    clock = Standing(
        due_at=due_at,
        risk_at=risk_at,
        paused_at=paused_at,
        paused_until=paused_until,
        outcome=outcome,
    )
    asked = {
        "due_at": Value(due_at, output_field=DateTimeField()),
        "risk_at": Value(risk_at, output_field=DateTimeField()),
        "paused_at": Value(paused_at, output_field=DateTimeField()),
        "paused_until": Value(paused_until, output_field=DateTimeField()),
        "outcome": Value(outcome and str(outcome), output_field=CharField()),
    }
    some = ContentType.objects.annotate(**asked)
    found = [state for state in ClockState if some.filter(stands(state, now)).exists()]
    assert found == [state_of(clock, now)]
