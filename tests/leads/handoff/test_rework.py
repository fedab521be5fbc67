"""A fixed lead goes back to who returned it; to whom routing finds when he cannot work on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import Absence, Membership, Notice, User
from leads.enums import AssignmentCause, Disposition, LifecycleStage, QueueKind
from leads.models import Lead, Queue
from leads.services.decisions import By, Rejection, finish_rework, reject_leads
from tests.conftest import AT
from tests.factories import member
from tests.leads.records import lead_at
from tests.leads.routing.pools import pool_of, rule_for

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
DAY = timedelta(days=1)


@pytest.fixture
def greta(sales) -> User:
    return member("greta@acme.test", Role.REP, team=sales, name="Greta Villa")


def returned(
    owner: User | None, by: User, email: str = "anna@acme.example", note: str = ""
) -> Lead:
    """An MQL of `owner` that `by` has sent back."""
    lead = lead_at(S.MQL, owner=owner, email=email)
    reject_leads([lead.pk], Rejection(reason="bad_data"), by=By(actor=by, note=note), at=AT)
    return lead


def handed_back(lead: Lead, actor: User, at=AT + DAY) -> tuple[User | None, str]:
    """Hand the lead back; return its new owner and why he has it."""
    (made,) = finish_rework([lead.pk], actor=actor, at=at).leads
    made.refresh_from_db()
    assert made.returned_at is None
    assert (made.owner_id is None) is not (made.queue_id is None)
    return made.owner, made.assignments.latest("pk").cause


def rest(user: User, first: int, last: int) -> None:
    """Away from the day `first` to the day `last`, counted from the day of handing back."""
    day = (AT + DAY).date()
    Absence.objects.create(
        user=user, first_on=day + timedelta(first), last_on=day + timedelta(last)
    )


def leave(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False, deactivated_at=AT)


def change_sides(user: User) -> None:
    Membership.objects.filter(user=user).update(role=Role.FACILITATOR, team=None)


def go_away(user: User) -> None:
    rest(user, 0, 0)


@pytest.mark.parametrize("hindered", [leave, change_sides, go_away])
def test_who_cannot_work_on_it_does_not_get_it_back(hindered, rep, greta, marketer):
    rule_for(pool_of(rep, greta))
    lead = returned(rep, rep)
    hindered(rep)
    assert handed_back(lead, marketer) == (greta, AssignmentCause.RULE)


@pytest.mark.parametrize(
    ("first", "last", "gets_it"),
    [(-2, -1, True), (-2, 0, False), (0, 0, False), (0, 2, False), (1, 2, True)],
)
def test_away_is_who_is_away_on_that_day(first, last, gets_it, rep, marketer):
    lead = returned(rep, rep)
    rest(rep, first, last)
    assert handed_back(lead, marketer)[0] == (rep if gets_it else None)


def test_nobody_free_is_the_fallback_queue_and_managers_hear_of_it(rep, marketer, manager_sales):
    lead = returned(rep, rep)
    leave(rep)
    assert handed_back(lead, marketer) == (None, AssignmentCause.FALLBACK)
    lead.refresh_from_db()
    assert lead.queue == Queue.objects.get(kind=QueueKind.FALLBACK)
    (notice,) = Notice.objects.filter(kind="leads_unplaced")
    assert notice.recipient == manager_sales


def test_a_full_rep_gets_back_what_was_his(rep, greta, marketer):
    rule_for(pool_of(rep, greta, capacity=1))
    lead = returned(rep, rep)
    lead_at(S.SAL, owner=rep, email="other@globex.example")
    assert handed_back(lead, marketer) == (rep, AssignmentCause.RETURNED)


def test_the_owner_gets_it_back_whoever_returned_it(rep, manager_sales, marketer):
    lead = returned(rep, manager_sales, note="The number is dead")
    assert handed_back(lead, marketer)[0] == rep


def test_what_nobody_had_goes_to_the_rep_who_returned_it_and_from_a_manager_to_routing(
    rep, greta, manager_sales, marketer
):
    rule_for(pool_of(greta))
    assert handed_back(returned(None, rep), marketer) == (rep, AssignmentCause.RETURNED)
    lead = returned(None, manager_sales, "berta@acme.example", note="No number at all")
    assert handed_back(lead, marketer) == (greta, AssignmentCause.RULE)


def let_go(by: User) -> None:
    """An earlier cycle of the same contact, rejected within the cooldown."""
    earlier = lead_at(S.MQL, owner=by)
    reject_leads([earlier.pk], Rejection(reason="wrong_fit"), by=By(actor=by), at=AT)


def test_the_cooldown_never_keeps_it_from_who_returned_it(rep, marketer):
    let_go(rep)
    assert handed_back(returned(rep, rep), marketer) == (rep, AssignmentCause.RETURNED)


def test_routing_gives_it_to_a_manager_who_returned_it_not_to_who_rejected_an_earlier_one(
    rep, manager_sales, marketer
):
    rule_for(pool_of(rep, manager_sales))
    let_go(rep)
    earlier = lead_at(S.MQL, owner=manager_sales)
    by = By(actor=manager_sales, note="Not one of ours")
    reject_leads([earlier.pk], Rejection(reason="wrong_fit"), by=by, at=AT)
    lead = returned(None, manager_sales, note="No number at all")
    assert handed_back(lead, marketer) == (manager_sales, AssignmentCause.RULE)


@pytest.mark.parametrize("many", [1, 3])
def test_handing_back_costs_the_same_for_one_and_for_three(
    many, rep, greta, marketer, django_assert_num_queries
):
    rule_for(pool_of(rep))
    there = [returned(None, rep, f"p{n}@acme.example") for n in range(many)]
    gone = [returned(greta, greta, f"q{n}@acme.example") for n in range(many)]
    leave(greta)
    ids = [lead.pk for lead in (*there, *gone)]
    # lock, who had them, how these stand, whom to avoid, routing, what is written, who is told
    with django_assert_num_queries(36):
        finish_rework(ids, actor=marketer, at=AT + DAY)
