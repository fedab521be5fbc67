"""Next steps and snoozing: who may, what is refused, what stays untouched."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads.enums import LifecycleStage, NextStepKind
from leads.models import Lead, NextStep, Snooze
from leads.services.next_steps import (
    add_next_step,
    drop_next_step,
    finish_next_step,
    move_next_step,
)
from leads.services.snoozes import LONGEST, snooze_leads, unsnooze_leads
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused
from tests.conftest import AT
from tests.leads.records import HOUR, facts, lead_at

pytestmark = pytest.mark.django_db
S, N = LifecycleStage, NextStepKind
TICK = timedelta(microseconds=1)


@pytest.fixture
def lead(rep):
    return lead_at(S.SAL, owner=rep)


@pytest.fixture
def step(lead, rep):
    return add_next_step(lead, N.CALL, AT + HOUR, actor=rep, at=AT, text=" Call back ")


def state(step) -> tuple:
    row = NextStep.objects.get(pk=step.pk)
    return row.due_at, row.done_at, row.dropped_at


def test_a_step_is_added_once(lead, rep, step):
    again = add_next_step(lead, N.CALL, AT + HOUR, actor=rep, at=AT, text="Call back")
    assert (again.pk, NextStep.objects.count()) == (step.pk, 1)
    assert (step.owner, step.created_by, step.text) == (rep, rep, "Call back")


@pytest.mark.parametrize("due_at", [AT, AT - TICK, AT.replace(year=2201)])
def test_a_step_lies_ahead(lead, rep, due_at):
    with pytest.raises(BadInput):
        add_next_step(lead, N.CALL, due_at, actor=rep, at=AT)
    assert NextStep.objects.count() == 0
    assert add_next_step(lead, N.CALL, AT + TICK, actor=rep, at=AT).due_at == AT + TICK


def test_doing_and_dropping_happen_once(step, rep):
    finish_next_step(step.pk, actor=rep, at=AT + HOUR)
    finish_next_step(step.pk, actor=rep, at=AT + 2 * HOUR)
    assert state(step) == (AT + HOUR, AT + HOUR, None)
    for refused in (
        lambda: drop_next_step(step.pk, actor=rep, at=AT),
        lambda: move_next_step(step.pk, AT + 9 * HOUR, actor=rep, at=AT),
    ):
        with pytest.raises(Refused):
            refused()
    assert state(step) == (AT + HOUR, AT + HOUR, None)


def test_a_dropped_step_is_not_done(step, rep):
    drop_next_step(step.pk, actor=rep, at=AT + HOUR)
    drop_next_step(step.pk, actor=rep, at=AT + 2 * HOUR)
    with pytest.raises(Refused):
        finish_next_step(step.pk, actor=rep, at=AT)
    assert state(step) == (AT + HOUR, None, AT + HOUR)


def test_moving_needs_a_time_ahead(step, rep):
    with pytest.raises(BadInput):
        move_next_step(step.pk, AT, actor=rep, at=AT)
    move_next_step(step.pk, AT + 5 * HOUR, actor=rep, at=AT)
    assert state(step) == (AT + 5 * HOUR, None, None)


@pytest.mark.parametrize(
    ("role", "may"), [("rep", True), ("manager_sales", True), ("marketer", False)]
)
def test_who_settles_a_step(step, role, may, request):
    actor = request.getfixturevalue(role)
    if may:
        finish_next_step(step.pk, actor=actor, at=AT)
    else:
        with pytest.raises(NotAllowed):
            finish_next_step(step.pk, actor=actor, at=AT)
    assert (state(step)[1] == AT) is may


def test_the_owner_of_the_lead_settles_what_others_meant_to_do(lead, rep, marketer):
    theirs = add_next_step(lead, N.EMAIL, AT + HOUR, actor=marketer, at=AT)
    finish_next_step(theirs.pk, actor=rep, at=AT)
    assert state(theirs)[1] == AT


def test_an_unknown_step_is_not_found(rep, lead):
    with pytest.raises(NotFound):
        finish_next_step(999_999, actor=rep, at=AT)


def test_the_neutral_add_and_snooze_nothing(lead, facilitator):
    with pytest.raises(NotAllowed):
        add_next_step(lead, N.CALL, AT + HOUR, actor=facilitator, at=AT)
    with pytest.raises(NotAllowed):
        snooze_leads([lead], AT + HOUR, actor=facilitator, at=AT, reason="x")
    assert (NextStep.objects.count(), Snooze.objects.count()) == (0, 0)


def test_a_snooze_is_one_readers_and_touches_no_lead(lead, rep, manager_sales):
    Lead.objects.update(next_due_at=AT + HOUR, next_risk_at=AT)
    before = facts(lead)
    snooze_leads([lead], AT + HOUR, actor=rep, at=AT, reason="At the fair")
    snooze_leads([lead], AT + 2 * HOUR, actor=rep, at=AT, reason="Still there")
    (row,) = Snooze.objects.all()
    assert (row.user, row.until, row.reason) == (rep, AT + 2 * HOUR, "Still there")
    assert facts(lead) == before
    assert unsnooze_leads([lead], actor=manager_sales) == 0
    assert unsnooze_leads([lead], actor=rep) == 1
    assert facts(lead) == before


@pytest.mark.parametrize(
    ("until", "reason"),
    [(AT, "x"), (AT + LONGEST + TICK, "x"), (AT + HOUR, " "), (AT + HOUR, "x" * 201)],
)
def test_a_snooze_needs_a_reason_and_an_end(lead, rep, until, reason):
    with pytest.raises(BadInput):
        snooze_leads([lead], until, actor=rep, at=AT, reason=reason)
    assert Snooze.objects.count() == 0
