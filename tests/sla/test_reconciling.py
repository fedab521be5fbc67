"""What the record asks for and is not there is made good; what is there stays as it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from leads.enums import LifecycleStage
from leads.models import Lead
from leads.services.decisions import By, accept_leads
from sla.enums import CommitmentKind, Outcome
from sla.models import Breach, Clock, EscalationNotice
from sla.services.breaching import note_breaches
from sla.services.escalating import escalate
from sla.services.reconciling import forget_untold, send_back_to_ladders, start_missing_clocks
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.sla.promising import SINCE, in_force, promise
from tests.sla.test_clocks import DUE, HOUR, TICK, fresh_mql, only_clock

pytestmark = pytest.mark.django_db
K = CommitmentKind
NOW = AT + HOUR


@pytest.fixture
def lead(rep: User, marketer: User) -> Lead:
    """Bruno's MQL, to be decided within four hours and assigned at once, without its clocks."""
    in_force(promise(), promise(K.TIME_IN_STAGE, stage=LifecycleStage.MQL, minutes=480))
    lead = fresh_mql(marketer, rep)
    Clock.objects.all().delete()
    Lead.objects.update(next_due_at=None, next_risk_at=None)
    return lead


def start(since=SINCE, at=NOW, **most: int) -> int:
    return start_missing_clocks(since=since, at=at, **most)


def test_missing_clocks_start_at_the_instant_of_the_entry(lead: Lead) -> None:
    assert [start(), start()] == [2, 0]
    clock = Clock.objects.get(commitment__kind=K.TIME_TO_DECIDE)
    assert (clock.started_at, clock.due_at, clock.owner_id) == (AT, DUE, lead.owner_id)
    lead.refresh_from_db()
    assert (lead.next_due_at, lead.next_risk_at) == (DUE, AT + 3 * HOUR)


def test_only_the_one_that_is_missing_starts(rep: User, marketer: User) -> None:
    in_force(promise(), promise(K.TIME_IN_STAGE, stage=LifecycleStage.MQL, minutes=480))
    fresh_mql(marketer, rep)
    kept = Clock.objects.get(commitment__kind=K.TIME_TO_DECIDE)
    Clock.objects.exclude(pk=kept.pk).delete()
    before = Clock.objects.filter(pk=kept.pk).values().get()
    assert start() == 1
    assert Clock.objects.filter(pk=kept.pk).values().get() == before


def test_one_that_starts_late_is_breached_at_its_due_instant(lead: Lead) -> None:
    assert start(at=DUE + HOUR) == 2
    assert note_breaches(at=DUE + HOUR) == 1
    assert Breach.objects.get().at == DUE


@pytest.mark.parametrize(("since", "started"), [(AT, 2), (AT + TICK, 0)])
def test_it_looks_back_as_far_as_told(lead: Lead, since, started) -> None:
    assert start(since=since) == started


def test_small_batches_find_the_same(rep: User, marketer: User) -> None:
    in_force(promise(), promise(K.TIME_IN_STAGE, stage=LifecycleStage.MQL, minutes=480))
    for n in range(3):
        fresh_mql(marketer, rep, f"{n}@acme.example")
    Clock.objects.all().delete()
    assert start(most=1) == 6
    assert Clock.objects.values("lead", "commitment").distinct().count() == 6


def test_history_and_what_came_before_the_agreement_start_nothing(
    rep: User, marketer: User
) -> None:
    fresh_mql(marketer, rep)
    in_force(promise(), since=AT + TICK)
    lead_at(LifecycleStage.MQL, email="b@acme.example", owner=rep, at=AT + 2 * HOUR)
    assert start(at=AT + 3 * HOUR) == 0
    assert Clock.objects.count() == 0


def test_what_is_about_other_leads_starts_nothing(rep: User, marketer: User) -> None:
    in_force(promise(country="Spain"))
    fresh_mql(marketer, rep, country="Italy")
    assert start() == 0


def test_what_ended_or_went_on_is_left_alone(rep: User, marketer: User) -> None:
    in_force(promise())
    lead = fresh_mql(marketer, rep)
    accept_leads([lead.pk], by=By(actor=rep), at=AT + HOUR)
    assert start(at=AT + 2 * HOUR) == 0
    assert only_clock(lead).outcome == Outcome.MET


def test_a_ladder_that_was_lost_is_climbed_again(rep: User, marketer: User) -> None:
    in_force(promise(levels=[("0.75", {}), ("1.5", {})]))
    clock = only_clock(fresh_mql(marketer, rep))
    risk = AT + 3 * HOUR
    Clock.objects.update(escalate_at=None)
    assert [send_back_to_ladders(at=NOW), send_back_to_ladders(at=NOW)] == [1, 0]
    assert escalate(at=NOW) == 1
    clock.refresh_from_db()
    assert (clock.escalate_at, EscalationNotice.objects.count()) == (risk, 0)
    escalate(at=risk + TICK)
    assert EscalationNotice.objects.get().reached_at == risk
    # The highest level was told: nothing is left, so nothing is looked at again.
    escalate(at=risk + timedelta(days=3))
    assert send_back_to_ladders(at=risk + timedelta(days=3)) == 0


def test_what_was_never_told_of_ended_clocks_is_forgotten(rep: User, marketer: User) -> None:
    in_force(promise(levels=[("0.75", {})]))
    lead = fresh_mql(marketer, rep)
    escalate(at=DUE)
    accept_leads([lead.pk], by=By(actor=rep), at=DUE)
    assert [forget_untold(at=DUE + HOUR), forget_untold(at=DUE + HOUR + TICK)] == [0, 1]


def test_finding_nothing_costs_two_statements_more_than_the_promises(
    rep: User, marketer: User, django_assert_num_queries: Any
) -> None:
    in_force(promise())
    for number in (1, 3):
        for n in range(number):
            fresh_mql(marketer, rep, f"{number}{n}@acme.example")
        with django_assert_num_queries(7):
            assert start() == 0
