"""The escalation pass and the teller: each level reaches each person once, in working hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Notice, NoticeDelivery, Team, User
from leads.enums import AssignmentCause
from leads.services.assigning import Target, assign_leads
from leads.services.decisions import By, accept_leads
from sla.models import Clock, EscalationNotice
from sla.services.breaching import note_breaches
from sla.services.escalating import escalate
from sla.services.pausing import pause_clock
from sla.services.telling import DIGEST, DUE_SOON, LATE, tell
from tests.conftest import AT
from tests.factories import member
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import DUE, HOUR, TICK, fresh_mql, only_clock

pytestmark = pytest.mark.django_db
# A level at three quarters, one at due, one at half as much again: Wednesday 09:00 would be 17:00
# on Tuesday, which is closing time, and the half is reached at 16:00 UTC.
RISK = AT + 3 * HOUR
OVER = DUE + 2 * HOUR
LADDER = [
    ("0.75", {}),
    ("1.0", {"tell_manager": True}),
    ("1.5", {"tell_owner": False, "tell_head": True}),
]


@pytest.fixture
def clock(rep: User, marketer: User, manager_sales: User) -> Clock:
    """Bruno's MQL under a ladder of three levels; Dario heads Sales."""
    in_force(promise(levels=LADDER))
    return only_clock(fresh_mql(marketer, rep))


def rows() -> list[tuple[str, str | None, datetime, bool]]:
    """Share, recipient, instant and whether told, of each level reached."""
    found = EscalationNotice.objects.order_by("level__share", "recipient__name")
    return [
        (str(one.level.share), one.recipient and one.recipient.name, one.reached_at,
         one.sent_at is not None)
        for one in found.select_related("level", "recipient")
    ]  # fmt: skip


def told(person: User) -> list[tuple[str, dict[str, Any]]]:
    """Kind and words of what a person was told of clocks."""
    kinds = (DUE_SOON, LATE, DIGEST)
    found = Notice.objects.filter(recipient=person, kind__in=kinds).order_by("id")
    return list(found.values_list("kind", "params"))


def words(name: str) -> dict[str, str]:
    return {"name": name, "promise": "Time to decide"}


@pytest.mark.parametrize(("at", "found"), [(RISK - TICK, 0), (RISK, 0), (RISK + TICK, 1)])
def test_a_level_is_reached_strictly_after_its_instant(clock: Clock, at: datetime, found: int):
    assert escalate(at=at) == found
    assert rows() == [("0.75", "Bruno Conti", RISK, False)] * found
    clock.refresh_from_db()
    assert clock.escalate_at == (DUE if found else RISK)


def test_each_level_tells_its_people_once(clock: Clock, rep: User, manager_sales: User):
    for at in (RISK + TICK, DUE + TICK, OVER - TICK):
        assert (escalate(at=at), escalate(at=at)) in {(1, 0), (0, 0)}
        tell(at=at)
        assert tell(at=at) == 0
    assert rows() == [
        ("0.75", "Bruno Conti", RISK, True),
        ("1.00", "Bruno Conti", DUE, True),
        ("1.00", "Dario Greco", DUE, True),
    ]
    name = clock.lead.contact.name
    assert told(rep) == [(DUE_SOON, words(name)), (LATE, words(name))]
    assert told(manager_sales) == [(LATE, words(name))]
    clock.refresh_from_db()
    assert clock.escalate_at == OVER


def test_levels_passed_together_collapse_to_the_highest(clock: Clock):
    assert escalate(at=OVER + TICK) == 1
    assert rows() == [("1.50", "Dario Greco", OVER, False)]
    clock.refresh_from_db()
    assert clock.escalate_at is None
    assert escalate(at=OVER + HOUR) == 0


def test_notices_wait_for_the_recipients_working_hours(clock: Clock, manager_sales: User):
    escalate(at=OVER + TICK)
    # Tuesday 17:00 in Rome has closed; Wednesday opens at 09:00.
    opening = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    assert [tell(at=OVER + TICK), tell(at=opening - TICK), tell(at=opening)] == [0, 0, 1]
    assert told(manager_sales) == [(LATE, words(clock.lead.contact.name))]
    assert Notice.objects.get(kind=LATE).created_at == opening


def test_what_ended_meanwhile_is_told_to_nobody(clock: Clock, rep: User):
    escalate(at=RISK + TICK)
    accept_leads([clock.lead_id], by=By(actor=rep), at=DUE)
    assert tell(at=DUE) == 0
    assert told(rep) == []
    assert escalate(at=OVER + TICK) == 0


def test_a_level_that_was_told_is_not_told_again_when_due_moves(clock: Clock, rep: User):
    escalate(at=RISK + TICK)
    until = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    pause_clock(clock.pk, reason="Fair", until=until, actor=rep, at=RISK + HOUR)
    clock.refresh_from_db()
    assert clock.escalate_at == clock.due_at
    # Even where it was counted anew from the first level on.
    Clock.objects.update(escalate_at=RISK, paused_at=None, paused_until=None)
    assert escalate(at=clock.due_at) == 1
    assert rows() == [("0.75", "Bruno Conti", RISK, False)]
    clock.refresh_from_db()
    assert clock.escalate_at == clock.due_at


def test_a_held_clock_climbs_nothing(clock: Clock, rep: User):
    until = AT + timedelta(days=1)
    pause_clock(clock.pk, reason="Fair", until=until, actor=rep, at=RISK + HOUR / 2)
    Clock.objects.update(escalate_at=RISK)
    assert [escalate(at=until - TICK), escalate(at=until)] == [0, 1]


def test_whoever_holds_the_lead_now_is_told(
    clock: Clock, rep: User, manager_sales: User, sales: Team
):
    greta = member("greta@acme.test", sales.memberships.first().role, team=sales, name="Greta Neri")
    assign_leads([clock.lead_id], Target(person=greta), by=manager_sales, at=AT + HOUR)
    escalate(at=RISK + TICK)
    assert rows() == [("0.75", "Greta Neri", RISK, False)]


def test_a_clock_without_an_owner_escalates_to_the_head(
    clock: Clock, rep: User, manager_sales: User
):
    assign_leads([clock.lead_id], Target(), by=manager_sales, at=AT + HOUR, note="On leave")
    assert clock.lead.assignments.latest("id").cause == AssignmentCause.REASSIGNED
    escalate(at=RISK + TICK)
    assert rows() == [("0.75", "Dario Greco", RISK, False)]


@pytest.mark.parametrize(("number", "kinds"), [(3, [DUE_SOON] * 3), (4, [DIGEST])])
def test_more_than_three_at_once_are_one_digest(
    rep: User, marketer: User, number: int, kinds: list[str]
):
    in_force(promise(levels=LADDER))
    for n in range(number):
        fresh_mql(marketer, rep, f"{n}@acme.example")
    assert (escalate(at=RISK + TICK), tell(at=RISK + TICK)) == (number, 1)
    assert [kind for kind, _params in told(rep)] == kinds
    assert EscalationNotice.objects.filter(sent_at=RISK + TICK).count() == number
    if number == 4:
        names = "0@acme.example, 1@acme.example, 2@acme.example"
        assert told(rep) == [(DIGEST, {"late": 0, "soon": 4, "names": names})]
    assert NoticeDelivery.objects.filter(notice__kind__in=kinds).count() == len(kinds)


def test_the_teller_waits_until_the_pass_has_caught_up(rep: User, marketer: User):
    in_force(promise(levels=LADDER))
    for n in range(4):
        fresh_mql(marketer, rep, f"{n}@acme.example")
    assert (escalate(at=RISK + TICK, most=2), tell(at=RISK + TICK)) == (2, 0)
    assert (escalate(at=RISK + TICK, most=2), tell(at=RISK + TICK)) == (2, 1)
    assert [kind for kind, _params in told(rep)] == [DIGEST]


def test_who_has_left_is_not_told_but_his_manager_is(clock: Clock, rep: User, manager_sales: User):
    User.objects.filter(pk=rep.pk).update(is_active=False, deactivated_at=AT)
    escalate(at=RISK + TICK)
    assert rows() == [("0.75", "Dario Greco", RISK, False)]


def test_a_row_that_cannot_be_written_loses_its_ladder_alone(rep: User, marketer: User):
    in_force(promise(levels=LADDER))
    poisoned = only_clock(fresh_mql(marketer, rep, "a@acme.example"))
    other = only_clock(fresh_mql(marketer, rep, "b@acme.example"))
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE sla_escalationnotice ADD CONSTRAINT poison CHECK (clock_id <> %s)",
            [poisoned.pk],
        )
    assert [escalate(at=RISK + TICK), escalate(at=RISK + TICK)] == [2, 0]
    assert list(EscalationNotice.objects.values_list("clock", flat=True)) == [other.pk]
    poisoned.refresh_from_db()
    assert (poisoned.escalate_at, poisoned.parked_at) == (None, None)
    assert "poison" in poisoned.trouble
    assert note_breaches(at=DUE + TICK) == 2


def test_a_batch_costs_the_same_for_one_and_for_three(
    rep: User, marketer: User, django_assert_num_queries: Any
):
    in_force(promise(levels=LADDER))
    for n in range(6):
        fresh_mql(marketer, rep, f"{n}@acme.example")
    escalate(at=RISK + TICK, most=1)
    for number in (1, 3):
        with django_assert_num_queries(6):  # savepoint and release around four
            assert escalate(at=RISK + TICK, most=number) == number
    with django_assert_num_queries(3):
        assert escalate(at=RISK) == 0


def test_telling_one_and_three_costs_the_same(
    rep: User, marketer: User, django_assert_num_queries: Any
):
    in_force(promise(levels=LADDER))
    for number, batch in ((1, "a"), (3, "b")):
        for n in range(number):
            fresh_mql(marketer, rep, f"{batch}{n}@acme.example")
        escalate(at=RISK + TICK)
        with django_assert_num_queries(17):
            tell(at=RISK + TICK)
