"""Kinds of clocks and whose time they count; what is no attempt, and what holds no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Organisation, Team, User
from leads.enums import ActivityKind, Direction, LifecycleStage
from leads.models import Lead
from leads.services.activities import NewActivity, log_activities
from leads.services.assigning import Target, assign_leads
from leads.services.decisions import By, accept_leads, qualify_leads
from leads.services.snoozes import snooze_leads
from sla.enums import CommitmentKind, Outcome, Side
from sla.models import Breach, Clock
from tests.conftest import AT
from tests.factories import BusinessCalendarFactory
from tests.leads.records import lead_at
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import DUE, HOUR, TICK, fresh_mql, mql, only_clock

__all__ = ["mql"]  # a fixture

pytestmark = pytest.mark.django_db
K, S = CommitmentKind, LifecycleStage
AROUND_DUE = [(DUE - TICK, Outcome.MET), (DUE, Outcome.MET), (DUE + TICK, Outcome.MET_LATE)]


@pytest.mark.parametrize(("left_at", "outcome"), AROUND_DUE)
def test_time_in_a_stage_runs_from_its_entry_until_it_is_left(
    rep: User, marketer: User, left_at: datetime, outcome: Outcome
) -> None:
    in_force(promise(K.TIME_IN_STAGE, stage=S.MQL), promise(K.TIME_IN_STAGE, stage=S.SQL))
    lead = fresh_mql(marketer, rep)
    clock = only_clock(lead)
    assert (clock.started_at, clock.due_at, clock.outcome) == (AT, DUE, None)
    accept_leads([lead.pk], by=By(actor=rep), at=left_at)
    clock = only_clock(lead)
    assert (clock.outcome, clock.stopped_at) == (outcome, left_at)
    assert Breach.objects.count() == (outcome is Outcome.MET_LATE)


@pytest.mark.parametrize(("given_at", "outcome"), AROUND_DUE)
def test_who_waits_in_a_queue_is_to_be_assigned_in_time(
    marketer: User, rep: User, manager_sales: User, given_at: datetime, outcome: Outcome
) -> None:
    in_force(promise(K.TIME_TO_ASSIGN))
    lead = lead_at(S.LEAD)
    qualify_leads([lead.pk], by=By(actor=marketer), at=AT)
    lead.refresh_from_db()
    assert lead.owner_id is None
    clock = only_clock(lead)
    assert (clock.started_at, clock.due_at, clock.outcome) == (AT, DUE, None)
    assign_leads([lead.pk], Target(person=rep), by=manager_sales, at=given_at)
    clock = only_clock(lead)
    assert (clock.outcome, clock.stopped_at) == (outcome, given_at)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": ActivityKind.EMAIL, "is_automatic": True},
        {"kind": ActivityKind.EMAIL, "direction": Direction.INBOUND},
        {"kind": ActivityKind.CALL, "direction": Direction.INBOUND},
        {"kind": ActivityKind.NOTE, "text": "Looks good"},
    ],
)
@pytest.mark.parametrize("kind", [K.TIME_TO_FIRST_ATTEMPT, K.ATTEMPTS])
def test_only_what_a_person_of_ours_sends_or_says_is_an_attempt(
    mql: Lead, rep: User, kind: CommitmentKind, said: dict[str, Any]
) -> None:
    in_force(promise(kind, attempts=1))
    accept_leads([mql.pk], by=By(actor=rep), at=AT)
    log_activities([NewActivity(lead_id=mql.pk, **said)], actor=rep, at=AT + HOUR)
    assert only_clock(mql).outcome is None
    mail = NewActivity(lead_id=mql.pk, kind=ActivityKind.EMAIL)
    log_activities([mail], actor=rep, at=AT + 2 * HOUR)
    clock = only_clock(mql)
    assert (clock.outcome, clock.stopped_at) == (Outcome.MET, AT + 2 * HOUR)


def test_who_hides_a_row_from_himself_holds_no_clock(rep: User, marketer: User) -> None:
    in_force(promise())
    lead = fresh_mql(marketer, rep)
    before = Clock.objects.values().get()
    snooze_leads([lead], DUE + HOUR, actor=rep, at=AT + HOUR, reason="On the road")
    assert Clock.objects.values().get() == before
    lead.refresh_from_db()
    assert lead.next_due_at == DUE


@pytest.mark.parametrize(
    ("own", "due_at"),
    [
        ("person team", datetime(2026, 3, 3, 12, 30, tzinfo=UTC)),
        ("team", datetime(2026, 3, 3, 14, 30, tzinfo=UTC)),
        ("", AT + HOUR),
    ],
)
def test_the_persons_time_counts_else_the_teams_else_the_organisations(
    rep: User, marketer: User, sales: Team, own: str, due_at: datetime
) -> None:
    afternoon = BusinessCalendarFactory(name="From 12:30", weekly=every_day("12:30", "18:00"))
    late = BusinessCalendarFactory(name="From 14:30", weekly=every_day("14:30", "18:00"))
    used = Organisation.objects.get().calendar_id
    if "team" in own:
        Team.objects.filter(pk=sales.pk).update(calendar=late)
        used = late.pk
    if "person" in own:
        User.objects.filter(pk=rep.pk).update(calendar=afternoon)
        used = afternoon.pk
    in_force(promise(minutes=60))
    clock = only_clock(fresh_mql(marketer, rep))
    assert (clock.due_at, clock.calendar_id) == (due_at, used)


@pytest.mark.parametrize("stage_side", [Side.MARKETING, Side.SALES])
def test_either_side_may_promise_a_time_in_a_stage(
    rep: User, marketer: User, stage_side: Side
) -> None:
    in_force(promise(K.TIME_IN_STAGE, side=stage_side, stage=S.MQL))
    clock = only_clock(fresh_mql(marketer, rep))
    assert (clock.due_at, clock.target) == (DUE, timedelta(hours=4))


def every_day(opens: str, closes: str) -> dict[str, list[list[str]]]:
    """A week that is open at the same hours from Monday to Friday."""
    return {str(day): [[opens, closes]] for day in range(1, 6)}
