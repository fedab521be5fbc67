"""A late lead goes to somebody else: capped, with a cooldown, never back to who lost it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Notice, Team, User
from leads.enums import AssignmentCause, LifecycleStage
from leads.models import Assignment, Lead, PoolMember, RoutingPool
from leads.services.decisions import By, accept_leads
from leads.services.rerouting import reroute_leads
from sla.enums import ClockScope, Outcome
from sla.models import Clock, EscalationNotice
from sla.services.escalating import escalate
from sla.services.rerouting import REROUTED, reroute
from tests.conftest import AT
from tests.leads.records import facts, lead_at
from tests.leads.routing.pools import pool_of, reps, rule_for
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import DUE, HOUR, TICK, fresh_mql, only_clock

pytestmark = pytest.mark.django_db
LATE = DUE + TICK
LADDER = [("1.0", {"reroute": True})]


@pytest.fixture
def greta(sales: Team, rep: User) -> User:
    """Greta, who shares the pool with Bruno."""
    (person,) = reps(sales, "greta")
    rule_for(pool_of(rep, person))
    return person


def owner(lead: Lead) -> str | None:
    lead.refresh_from_db()
    return lead.owner.name if lead.owner else None


@pytest.mark.parametrize(("at", "given"), [(DUE, 0), (DUE + TICK, 1)])
def test_a_late_lead_goes_to_somebody_else(rep, marketer, greta, at, given):
    in_force(promise(levels=LADDER))
    lead = fresh_mql(marketer, rep)
    escalate(at=at)
    assert [reroute(at=at), reroute(at=at)] == [given, 0]
    assert owner(lead) == ("Greta" if given else "Bruno Conti")
    clock = only_clock(lead)
    assert (clock.owner, clock.due_at, clock.outcome) == (lead.owner, DUE, None)


def test_it_is_told_why_and_to_whom(rep, marketer, greta):
    in_force(promise(levels=LADDER))
    lead = fresh_mql(marketer, rep)
    version = lead.version
    escalate(at=LATE)
    reroute(at=LATE)
    row = Assignment.objects.filter(lead=lead).latest("id")
    assert (row.cause, row.from_owner, row.owner, row.actor) == (
        AssignmentCause.REASSIGNED,
        rep,
        greta,
        None,
    )
    told = Notice.objects.get(recipient=rep, kind=REROUTED)
    assert told.params == {"name": lead.contact.name, "owner": "Greta"}
    assert Notice.objects.filter(recipient=greta, kind="lead_assigned").count() == 1
    assert EscalationNotice.objects.get(recipient=None).sent_at == LATE
    lead.refresh_from_db()
    assert lead.version == version + 1


def test_where_nobody_else_is_free_the_lead_stays(rep, marketer):
    in_force(promise(levels=LADDER))
    rule_for(pool_of(rep))
    lead = fresh_mql(marketer, rep)
    before = facts(lead)
    escalate(at=LATE)
    assert reroute(at=LATE) == 0
    assert facts(lead) == before
    assert not EscalationNotice.objects.filter(recipient=None).exists()


def test_the_cap_of_a_lead_counts_over_all_its_clocks(rep, marketer, greta):
    in_force(promise(levels=LADDER, clock_scope=ClockScope.OWNER))
    lead = fresh_mql(marketer, rep)
    escalate(at=LATE)
    assert reroute(at=LATE) == 1
    old, new = Clock.objects.filter(lead=lead).order_by("id")
    assert (old.outcome, new.owner) == (Outcome.TRANSFERRED, greta)
    later = new.due_at + TICK
    assert escalate(at=later) == 1
    assert reroute(at=later) == 0
    assert owner(lead) == "Greta"
    assert EscalationNotice.objects.filter(recipient=None).count() == 1


def test_two_reroutes_keep_the_cooldown_and_never_lead_back(rep, marketer, greta):
    in_force(
        promise(
            levels=LADDER,
            clock_scope=ClockScope.OWNER,
            minutes=60,
            most_reroutes=2,
            reroute_cooldown_minutes=120,
        )
    )
    lead = fresh_mql(marketer, rep)
    first = AT + HOUR + TICK
    escalate(at=first)
    assert reroute(at=first) == 1
    second = first + 2 * HOUR
    escalate(at=second)
    assert reroute(at=second - TICK) == 0
    assert EscalationNotice.objects.filter(recipient=None, sent_at=None).count() == 1
    # Now only Bruno is left in the pool, from whom it was taken.
    assert reroute(at=second) == 0
    assert owner(lead) == "Greta"


def test_the_cooldown_counts_in_business_time_and_then_it_goes_on(rep, marketer, greta, sales):
    (hugo,) = reps(sales, "hugo")
    PoolMember.objects.create(pool=RoutingPool.objects.get(), user=hugo, weight=1)
    in_force(
        promise(
            levels=LADDER,
            clock_scope=ClockScope.OWNER,
            minutes=60,
            most_reroutes=2,
            reroute_cooldown_minutes=480,
        )
    )
    lead = fresh_mql(marketer, rep)
    first = AT + HOUR  # 12:00 in Rome; eight business hours later is Wednesday 12:00
    escalate(at=first + TICK)
    assert reroute(at=first + TICK) == 1
    ready = datetime(2026, 3, 4, 11, 0, tzinfo=UTC) + TICK
    escalate(at=ready)
    assert [reroute(at=ready - TICK), reroute(at=ready)] == [0, 1]
    taken = Assignment.objects.filter(lead=lead, cause=AssignmentCause.REASSIGNED).order_by("id")
    assert list(taken.values_list("from_owner__name", "owner__name")) == [
        ("Bruno Conti", "Greta"),
        ("Greta", "Hugo"),
    ]


def test_who_decided_meanwhile_keeps_the_lead(rep, marketer, greta):
    in_force(promise(levels=LADDER))
    lead = fresh_mql(marketer, rep)
    escalate(at=LATE)
    accept_leads([lead.pk], by=By(actor=rep), at=LATE)
    assert reroute(at=LATE + TICK) == 0
    assert owner(lead) == "Bruno Conti"


def test_a_level_passed_over_still_gives_the_lead_away(rep, marketer, greta, manager_sales):
    in_force(promise(levels=[*LADDER, ("1.5", {"tell_owner": False, "tell_head": True})]))
    lead = fresh_mql(marketer, rep)
    over = DUE + timedelta(days=2)
    escalate(at=over)
    assert reroute(at=over) == 1
    assert owner(lead) == "Greta"


def test_only_leads_that_are_still_his_go(rep, greta):
    mine = lead_at(LifecycleStage.MQL, owner=rep)
    deal = lead_at(LifecycleStage.OPPORTUNITY, email="b@acme.example", owner=rep)
    before = [facts(mine), facts(deal)]
    assert reroute_leads({mine.pk: greta.pk, deal.pk: rep.pk}, at=AT) == []
    assert [facts(mine), facts(deal)] == before


def test_one_and_three_cost_the_same(rep, marketer, greta, django_assert_num_queries: Any):
    in_force(promise(levels=LADDER))
    for number, batch in ((1, "a"), (1, "b"), (3, "c")):
        for n in range(number):
            fresh_mql(marketer, rep, f"{batch}{n}@acme.example")
        escalate(at=LATE)
        if batch == "a":  # what a process reads once is read now
            reroute(at=LATE)
            continue
        with django_assert_num_queries(44):
            assert reroute(at=LATE) == number
