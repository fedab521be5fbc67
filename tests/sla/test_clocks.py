"""Clocks start, stop, end and change hands with the record, in the transaction of the change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import Team, User
from leads.enums import ActivityKind, Disposition, LifecycleStage
from leads.models import Lead
from leads.moving import Move
from leads.services.activities import NewActivity, log_activities, withdraw_activity
from leads.services.assigning import Target, assign_leads
from leads.services.decisions import (
    By,
    Rejection,
    accept_leads,
    finish_rework,
    overturn_rejection,
    qualify_leads,
    reject_leads,
)
from leads.services.feedback import acknowledge
from leads.services.moves import move_leads
from leads.services.undoing import undo
from sla.enums import ClockScope, CommitmentKind, Outcome, Side, Told
from sla.models import Breach, Clock
from tests.conftest import AT
from tests.factories import member
from tests.leads.records import lead_at
from tests.sla.promising import in_force, promise

pytestmark = pytest.mark.django_db
K, S = CommitmentKind, LifecycleStage
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
# Four business hours from Tuesday 11:00 in Rome.
DUE = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)


def clocks(lead: Lead) -> list[tuple[str, str | None]]:
    """Kind and outcome of each clock of a lead, in the order in which they began."""
    rows = Clock.objects.filter(lead=lead).order_by("id")
    return list(rows.values_list("commitment__kind", "outcome"))


def only_clock(lead: Lead) -> Clock:
    return Clock.objects.get(lead=lead)


@pytest.fixture
def mql(rep: User, marketer: User) -> Lead:
    """A lead at MQL that Bruno owns, qualified as history, so that no clock runs yet."""
    return lead_at(S.MQL, owner=rep)


def fresh_mql(marketer: User, owner: User, email: str = "anna@acme.example", **fields: Any) -> Lead:
    """A lead that Marketing qualifies now, already owned."""
    lead = lead_at(S.LEAD, email=email, owner=owner, **fields)
    qualify_leads([lead.pk], by=By(actor=marketer), at=AT)
    lead.refresh_from_db()
    return lead


def test_without_an_agreement_nothing_runs(rep: User, marketer: User) -> None:
    lead = fresh_mql(marketer, rep)
    assert clocks(lead) == []
    assert (lead.next_due_at, lead.next_risk_at) == (None, None)


def test_an_mql_is_to_be_decided_by_the_promised_hour(rep: User, marketer: User) -> None:
    in_force(promise())
    lead = fresh_mql(marketer, rep)
    clock = only_clock(lead)
    assert (clock.started_at, clock.due_at, clock.owner) == (AT, DUE, rep)
    assert clock.risk_at == AT + 3 * HOUR
    assert (lead.next_due_at, lead.next_risk_at) == (DUE, AT + 3 * HOUR)


@pytest.mark.parametrize(
    ("decided_at", "outcome", "breaches"),
    [(DUE - TICK, Outcome.MET, 0), (DUE, Outcome.MET, 0), (DUE + TICK, Outcome.MET_LATE, 1)],
)
def test_a_decision_a_tick_before_at_and_after_due(
    rep: User, marketer: User, decided_at: datetime, outcome: Outcome, breaches: int
) -> None:
    in_force(promise())
    lead = fresh_mql(marketer, rep)
    accept_leads([lead.pk], by=By(actor=rep), at=decided_at)
    clock = only_clock(lead)
    assert (clock.outcome, clock.stopped_at) == (outcome, decided_at)
    assert clock.lateness == max(decided_at - DUE, timedelta(0))
    assert list(Breach.objects.values_list("clock", "at")) == [(clock.pk, DUE)] * breaches
    lead.refresh_from_db()
    assert lead.next_due_at is None


def test_lateness_counts_in_business_time(rep: User, marketer: User) -> None:
    in_force(promise())
    lead = fresh_mql(marketer, rep)
    accept_leads([lead.pk], by=By(actor=rep), at=datetime(2026, 3, 4, 8, 30, tzinfo=UTC))
    # Two hours of Tuesday afternoon and half an hour of Wednesday morning.
    assert only_clock(lead).lateness == timedelta(hours=2, minutes=30)


def test_history_starts_no_clock(rep: User, marketer: User) -> None:
    in_force(promise(), promise(K.TIME_TO_QUALIFY))
    assert clocks(lead_at(S.SAL, owner=rep)) == []


def test_the_highest_band_that_the_score_reaches_sets_the_target(rep: User, marketer: User) -> None:
    in_force(promise(minutes=480, bands={60: 60, 80: 30}))
    for score, minutes in ((59, 480), (60, 60), (79, 60), (80, 30)):
        lead = lead_at(S.LEAD, email=f"a{score}@acme.example", owner=rep)
        Lead.objects.filter(pk=lead.pk).update(score=score)
        qualify_leads([lead.pk], by=By(actor=marketer), at=AT)
        assert only_clock(lead).target == timedelta(minutes=minutes)


def test_a_promise_about_one_region_leaves_the_others_alone(rep: User, marketer: User) -> None:
    in_force(promise(country="Italy"))
    assert clocks(fresh_mql(marketer, rep, "a@acme.example", country="Spain")) == []
    inside = fresh_mql(marketer, rep, "b@acme.example", country="italy")
    assert clocks(inside) == [(K.TIME_TO_DECIDE, None)]


def test_a_promise_of_one_team_is_about_its_peoples_leads(
    rep: User, marketer: User, sales: Team
) -> None:
    north = Team.objects.create(name="North", kind=sales.kind, parent=sales)
    greta = member("greta@acme.test", Role.REP, team=north, name="Greta Neri")
    in_force(promise(team=north))
    assert clocks(fresh_mql(marketer, rep, "a@acme.example")) == []
    assert clocks(fresh_mql(marketer, greta, "b@acme.example")) == [(K.TIME_TO_DECIDE, None)]


def test_a_clock_of_the_lead_changes_hands_and_runs_on(
    rep: User, marketer: User, manager_sales: User, sales: Team
) -> None:
    in_force(promise())
    greta = member("greta@acme.test", Role.REP, team=sales, name="Greta Neri")
    lead = fresh_mql(marketer, rep)
    assign_leads([lead.pk], Target(person=greta), by=manager_sales, at=AT + HOUR)
    clock = only_clock(lead)
    assert (clock.outcome, clock.owner, clock.due_at) == (None, greta, DUE)


@pytest.mark.parametrize("given_at", [DUE, DUE + TICK])
def test_a_clock_of_the_owner_is_transferred_and_begins_anew(
    rep: User,
    marketer: User,
    manager_sales: User,
    sales: Team,
    given_at: datetime,
) -> None:
    in_force(promise(clock_scope=ClockScope.OWNER))
    greta = member("greta@acme.test", Role.REP, team=sales, name="Greta Neri")
    lead = fresh_mql(marketer, rep)
    assign_leads([lead.pk], Target(person=greta), by=manager_sales, at=given_at)
    old, new = Clock.objects.filter(lead=lead).order_by("id")
    assert (old.owner, old.outcome, old.stopped_at) == (rep, Outcome.TRANSFERRED, given_at)
    assert Breach.objects.filter(clock=old).exists() is (given_at > DUE)
    assert (new.owner, new.outcome, new.started_at) == (greta, None, given_at)
    assert new.started_by == Told.ASSIGNMENT


def test_a_rejection_stops_the_decision_and_asks_marketing_to_acknowledge(
    rep: User, marketer: User, manager_marketing: User
) -> None:
    in_force(promise(), promise(K.TIME_TO_ACKNOWLEDGE_FEEDBACK, side=Side.MARKETING))
    lead = fresh_mql(marketer, rep)
    outcome = reject_leads([lead.pk], Rejection(reason="wrong_fit"), by=By(actor=rep), at=AT + HOUR)
    assert clocks(lead) == [
        (K.TIME_TO_DECIDE, Outcome.MET),
        (K.TIME_TO_ACKNOWLEDGE_FEEDBACK, None),
    ]
    lead.refresh_from_db()
    assert lead.next_due_at is None
    acknowledge([outcome.feedback[0].pk], actor=marketer, at=AT + 2 * HOUR)
    assert clocks(lead)[1] == (K.TIME_TO_ACKNOWLEDGE_FEEDBACK, Outcome.MET)


def test_recycling_cancels_what_was_in_time_and_misses_what_was_late(
    rep: User, marketer: User
) -> None:
    in_force(promise(K.TIME_TO_QUALIFY))
    for email, at, outcome in (
        ("a@acme.example", DUE, Outcome.CANCELLED),
        ("b@acme.example", DUE + TICK, Outcome.MET_LATE),
    ):
        lead = lead_at(S.MQL, email=email, owner=rep)
        accept_leads([lead.pk], by=By(actor=rep), at=AT)
        step = Move(lead_id=lead.pk, disposition=Disposition.RECYCLED, reason="not_now", actor=rep)
        move_leads([step], at=at)
        assert clocks(lead) == [(K.TIME_TO_QUALIFY, outcome)]


def test_a_returned_lead_is_reworked_and_then_decided_anew(rep: User, marketer: User) -> None:
    in_force(promise(), promise(K.TIME_TO_REWORK, side=Side.MARKETING))
    lead = fresh_mql(marketer, rep)
    reject_leads([lead.pk], Rejection(reason="bad_data"), by=By(actor=rep), at=AT + HOUR)
    assert clocks(lead) == [(K.TIME_TO_DECIDE, Outcome.CANCELLED), (K.TIME_TO_REWORK, None)]
    finish_rework([lead.pk], actor=marketer, at=AT + 2 * HOUR)
    assert clocks(lead) == [
        (K.TIME_TO_DECIDE, Outcome.CANCELLED),
        (K.TIME_TO_REWORK, Outcome.MET),
        (K.TIME_TO_DECIDE, None),
    ]


def test_the_first_attempt_stops_and_a_note_does_not(mql: Lead, rep: User) -> None:
    in_force(promise(K.TIME_TO_FIRST_ATTEMPT))
    accept_leads([mql.pk], by=By(actor=rep), at=AT)
    note = NewActivity(lead_id=mql.pk, kind=ActivityKind.NOTE, text="Looks good")
    log_activities([note], actor=rep, at=AT + HOUR)
    assert clocks(mql) == [(K.TIME_TO_FIRST_ATTEMPT, None)]
    call = NewActivity(lead_id=mql.pk, kind=ActivityKind.CALL)
    (logged,) = log_activities([call], actor=rep, at=AT + 2 * HOUR)
    clock = only_clock(mql)
    assert (clock.outcome, clock.stopped_at) == (Outcome.MET, AT + 2 * HOUR)
    withdraw_activity(logged.pk, actor=rep, at=AT + 3 * HOUR)
    assert clocks(mql) == [(K.TIME_TO_FIRST_ATTEMPT, None)]


def test_who_was_called_before_the_acceptance_was_tried_in_time(mql: Lead, rep: User) -> None:
    in_force(promise(K.TIME_TO_FIRST_ATTEMPT))
    call = NewActivity(lead_id=mql.pk, kind=ActivityKind.CALL)
    log_activities([call], actor=rep, at=AT - HOUR)
    accept_leads([mql.pk], by=By(actor=rep), at=AT)
    clock = only_clock(mql)
    assert (clock.outcome, clock.stopped_at) == (Outcome.MET, AT)


@pytest.mark.parametrize(
    ("told_at", "outcome", "stopped_at"),
    [
        # A quarter of four hours may pass until a call is told.
        (DUE + HOUR - TICK, Outcome.MET, DUE - TICK),
        (DUE + HOUR, Outcome.MET_LATE, DUE + HOUR),
    ],
)
def test_a_call_told_late_counts_when_it_was_made_but_not_for_ever(
    mql: Lead, rep: User, told_at: datetime, outcome: Outcome, stopped_at: datetime
) -> None:
    in_force(promise(K.TIME_TO_FIRST_ATTEMPT))
    accept_leads([mql.pk], by=By(actor=rep), at=AT)
    call = NewActivity(lead_id=mql.pk, kind=ActivityKind.CALL, occurred_at=DUE - TICK)
    log_activities([call], actor=rep, at=told_at)
    clock = only_clock(mql)
    assert (clock.outcome, clock.stopped_at) == (outcome, stopped_at)
    assert clock.reported_at == (told_at if stopped_at < told_at else None)


@pytest.mark.parametrize(
    ("told_after", "outcome"),
    [
        (timedelta(minutes=15), Outcome.MET),
        (timedelta(minutes=15) + TICK, Outcome.MET_LATE),
    ],
)
def test_a_night_in_between_gives_no_more_time_to_tell(
    mql: Lead, rep: User, told_after: timedelta, outcome: Outcome
) -> None:
    in_force(promise(K.TIME_TO_FIRST_ATTEMPT, minutes=60))
    began = datetime(2026, 3, 3, 16, 30, tzinfo=UTC)  # half an hour before closing in Rome
    accept_leads([mql.pk], by=By(actor=rep), at=began)
    due_at = only_clock(mql).due_at
    assert due_at - began > timedelta(hours=8)
    call = NewActivity(lead_id=mql.pk, kind=ActivityKind.CALL, occurred_at=due_at)
    log_activities([call], actor=rep, at=due_at + told_after)
    assert only_clock(mql).outcome == outcome


def test_the_earliest_of_calls_told_out_of_order_counts(mql: Lead, rep: User) -> None:
    in_force(promise(K.TIME_TO_FIRST_ATTEMPT))
    accept_leads([mql.pk], by=By(actor=rep), at=AT)
    calls = (DUE + TICK, DUE - TICK)
    for occurred_at in calls:
        call = NewActivity(lead_id=mql.pk, kind=ActivityKind.CALL, occurred_at=occurred_at)
        log_activities([call], actor=rep, at=DUE + TICK)
    clock = only_clock(mql)
    assert (clock.outcome, clock.stopped_at) == (Outcome.MET, DUE - TICK)
    assert Breach.objects.get(clock=clock).withdrawn_at == DUE + TICK


def test_the_third_of_three_attempts_stops(mql: Lead, rep: User) -> None:
    in_force(promise(K.ATTEMPTS, attempts=3))
    accept_leads([mql.pk], by=By(actor=rep), at=AT)
    for n, outcome in ((1, None), (2, None), (3, Outcome.MET)):
        call = NewActivity(lead_id=mql.pk, kind=ActivityKind.CALL)
        log_activities([call], actor=rep, at=AT + n * HOUR)
        assert clocks(mql) == [(K.ATTEMPTS, outcome)]


def test_an_undo_lets_run_again_what_the_action_stopped(rep: User, marketer: User) -> None:
    in_force(promise(), promise(K.TIME_TO_QUALIFY))
    lead = fresh_mql(marketer, rep)
    before = Clock.objects.filter(lead=lead).values().get()
    outcome = accept_leads([lead.pk], by=By(actor=rep), at=AT + HOUR)
    assert clocks(lead) == [(K.TIME_TO_DECIDE, Outcome.MET), (K.TIME_TO_QUALIFY, None)]
    undo(outcome.action.pk, actor=rep, at=AT + HOUR + timedelta(seconds=5))
    decide, qualify = Clock.objects.filter(lead=lead).order_by("id")
    assert Clock.objects.filter(pk=decide.pk).values().get() == before
    assert (qualify.outcome, qualify.voided_at is not None) == (Outcome.CANCELLED, True)
    lead.refresh_from_db()
    assert lead.next_due_at == DUE


def test_an_overturned_rejection_is_decided_anew_and_the_old_decision_stands(
    rep: User, marketer: User, facilitator: User, sales: Team
) -> None:
    in_force(promise())
    lead = fresh_mql(marketer, rep)
    said = reject_leads([lead.pk], Rejection(reason="wrong_fit"), by=By(actor=rep), at=AT + HOUR)
    overturn_rejection(said.feedback[0], actor=facilitator, note="It fits.", at=AT + 2 * HOUR)
    assert clocks(lead) == [(K.TIME_TO_DECIDE, Outcome.MET), (K.TIME_TO_DECIDE, None)]


def test_each_clock_keeps_the_version_in_which_it_started(rep: User, marketer: User) -> None:
    in_force(promise(minutes=240))
    lead = fresh_mql(marketer, rep)
    in_force(promise(minutes=60), since=AT + TICK, number=2)
    assert only_clock(lead).due_at == DUE
    accept_leads([lead.pk], by=By(actor=rep), at=DUE)
    assert clocks(lead) == [(K.TIME_TO_DECIDE, Outcome.MET)]


def test_clocks_of_one_and_of_three_cost_the_same(
    rep: User, marketer: User, django_assert_num_queries: Any
) -> None:
    in_force(promise(), promise(K.TIME_TO_QUALIFY))
    many = [fresh_mql(marketer, rep, f"{n}@acme.example").pk for n in range(4)]
    accept_leads(many[:1], by=By(actor=rep), at=AT + HOUR)
    with django_assert_num_queries(12):
        accept_leads(many[1:], by=By(actor=rep), at=AT + HOUR)
