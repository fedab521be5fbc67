"""Give: managers, owners to a colleague, marketers what Marketing holds; pools by turns."""

from __future__ import annotations

import pytest

from accounts.enums import Role, TeamKind
from accounts.models import User
from leads.assigning import Seen, Target
from leads.enums import AssignmentCause, Disposition, LifecycleStage, QueueKind
from leads.models import Assignment, Lead
from leads.moving import MovesRefused
from leads.services.assigning import assign_leads
from leads.services.queues import queue_of
from leads.signals import leads_assigned
from tests.conftest import AT
from tests.factories import TeamFactory, member
from tests.leads.records import facts, lead_at
from tests.leads.routing.pools import pool_of, reps

pytestmark = pytest.mark.django_db
S, C = LifecycleStage, AssignmentCause


@pytest.fixture
def greta(sales):
    return member("greta@acme.test", Role.REP, team=sales, name="Greta")


@pytest.fixture
def anna(marketing):
    """Another marketer."""
    return member("anna@acme.test", Role.MARKETER, team=marketing, name="Anna")


def give(lead, to, by, **kwargs):
    target = Target(person=to) if isinstance(to, User) else to
    return assign_leads([lead.pk], target, by=by, at=AT, **kwargs)


def refusal_of(lead, to, by, **kwargs):
    """Why the lead is not given; nothing must have changed."""
    before = facts(lead), Assignment.objects.count()
    with pytest.raises(MovesRefused) as caught:
        give(lead, to, by, **kwargs)
    assert (facts(lead), Assignment.objects.count()) == before
    (refusal,) = caught.value.refusals
    return refusal.code, str(refusal)


def test_a_manager_gives_a_lead_to_a_rep(rep, greta, manager_sales):
    lead = lead_at(S.SAL, owner=rep)
    give(lead, greta, manager_sales, note="  Bruno is full. ")
    lead.refresh_from_db()
    assert (lead.owner, lead.queue, lead.stage, lead.version) == (greta, None, S.SAL, 2)
    (row,) = lead.assignments.all()
    assert (row.owner, row.from_owner, row.actor) == (greta, rep, manager_sales)
    assert (row.cause, row.note, row.assigned_at) == (C.REASSIGNED, "Bruno is full.", AT)


def test_what_nobody_owned_was_given_rather_than_changed_hands(rep, manager_sales):
    lead = lead_at(S.MQL)
    give(lead, rep, manager_sales)
    assert lead.assignments.get().cause == C.GIVEN


# who gives, stage, who owns it now ("" nobody, "self" he), to whom, with a note; "" is allowed
RIGHTS = [
    ("manager_sales", S.MQL, "", "greta", False, ""),
    ("manager_sales", S.OPPORTUNITY, "rep", "greta", False, ""),
    ("manager_sales", S.LEAD, "", "anna", False, "note_needed"),
    ("manager_sales", S.LEAD, "", "anna", True, ""),
    ("manager_marketing", S.LEAD, "marketer", "anna", False, ""),
    ("manager_marketing", S.SQL, "rep", "greta", False, "note_needed"),
    ("manager_marketing", S.SQL, "rep", "greta", True, ""),
    ("rep", S.SAL, "self", "greta", False, "note_needed"),
    ("rep", S.SAL, "self", "greta", True, ""),
    ("rep", S.SAL, "greta", "manager_sales", True, "not_owner"),
    ("rep", S.MQL, "", "greta", True, "not_owner"),
    ("marketer", S.LEAD, "", "anna", False, ""),
    ("marketer", S.LEAD, "anna", "marketer", True, "not_owner"),
    ("marketer", S.LEAD, "self", "anna", True, ""),
    ("marketer", S.MQL, "", "rep", True, "wrong_side"),
    ("facilitator", S.SAL, "rep", "greta", True, "wrong_side"),
    ("administrator", S.SAL, "rep", "greta", False, "note_needed"),
    ("administrator", S.SAL, "rep", "greta", True, ""),
    ("newcomer", S.SAL, "rep", "greta", True, "wrong_side"),
]


@pytest.mark.parametrize(("who", "stage", "owner", "to", "noted", "refused"), RIGHTS)
def test_who_may_give_what(  # noqa: PLR0917  # a table
    who, stage, owner, to, noted, refused, request, rep, greta, anna
):
    by, target = request.getfixturevalue(who), request.getfixturevalue(to)
    held = by if owner == "self" else owner and request.getfixturevalue(owner)
    lead = lead_at(stage, owner=held or None)
    note = "They know each other." if noted else ""
    if refused:
        assert refusal_of(lead, target, by, note=note)[0] == refused
    else:
        give(lead, target, by, note=note)
        assert Lead.objects.get(pk=lead.pk).owner == target


def test_an_owner_hands_over_only_within_his_team(rep, sales):
    north = TeamFactory(name="Sales North", kind=TeamKind.SALES, parent=sales)
    hugo = member("hugo@acme.test", Role.REP, team=north, name="Hugo")
    lead = lead_at(S.SAL, owner=rep)
    assert refusal_of(lead, hugo, rep, note="His region.")[0] == "not_owner"


@pytest.mark.parametrize(
    ("stage", "to", "told"),
    [
        (S.SAL, "marketer", "Alice Rossi has no role in Sales, who works this lead."),
        (S.LEAD, "rep", "Bruno Conti has no role in Marketing, who works this lead."),
        (S.SAL, "newcomer", "Gaia Longo has no role in Sales, who works this lead."),
    ],
)
def test_the_new_owner_works_for_the_side_that_has_it(stage, to, told, request, manager_sales):
    lead, target = lead_at(stage), request.getfixturevalue(to)
    assert refusal_of(lead, target, manager_sales, note="Why not?") == ("cannot_own", told)


@pytest.mark.parametrize("change", ["left", "not_joined"])
def test_nobody_who_is_not_here_gets_a_lead(change, greta, manager_sales):
    facts_of = {
        "left": {"is_active": False, "deactivated_at": AT},
        "not_joined": {"joined_at": None, "invited_at": AT},
    }
    User.objects.filter(pk=greta.pk).update(**facts_of[change])
    greta.refresh_from_db()
    lead = lead_at(S.SAL)
    assert refusal_of(lead, greta, manager_sales) == (
        "not_active",
        "Greta does not work here at the moment.",
    )


@pytest.mark.parametrize(
    ("stage", "kind"), [(S.SQL, QueueKind.FALLBACK), (S.LEAD, QueueKind.QUALIFICATION)]
)
def test_given_back_it_waits_in_the_queue_of_its_side(stage, kind, rep, marketer, manager_sales):
    lead = lead_at(stage, owner=marketer if stage is S.LEAD else rep)
    give(lead, Target(), manager_sales, note="Nobody has time.")
    lead.refresh_from_db()
    assert (lead.owner, lead.queue) == (None, queue_of(kind))
    assert refusal_of(lead, Target(), manager_sales, note="Again.")[0] == "already_there"


def test_who_has_it_already_is_said(rep, manager_sales):
    assert refusal_of(lead_at(S.SAL, owner=rep), rep, manager_sales) == (
        "already_there",
        "Bruno Conti has this lead already.",
    )


def test_a_closed_lead_is_given_to_nobody(rep, manager_sales):
    lead = lead_at(S.SAL, Disposition.RECYCLED)
    assert refusal_of(lead, rep, manager_sales)[0] == "closed"


def test_what_happened_meanwhile_is_told_and_nothing_is_overwritten(rep, greta, manager_sales):
    lead = lead_at(S.SAL)
    seen = {lead.pk: Seen(owner_id=None)}
    give(lead, rep, manager_sales)
    assert refusal_of(Lead.objects.get(), greta, manager_sales, seen=seen) == (
        "taken_meanwhile",
        "Dario Greco gave this lead to Bruno Conti meanwhile.",
    )


def test_put_back_meanwhile_is_told(rep, greta, manager_sales):
    lead = lead_at(S.SAL, owner=rep)
    give(lead, Target(), manager_sales)
    seen = {lead.pk: Seen(owner_id=rep.pk)}
    assert refusal_of(Lead.objects.get(), greta, manager_sales, seen=seen)[1] == (
        "Dario Greco put this lead into the queue “Nobody yet” meanwhile."
    )


def test_a_pool_shares_out_by_turns_and_never_back_to_the_same_person(sales, manager_sales):
    bruno, greta, hugo = reps(sales, "bruno", "greta", "hugo")
    pool = pool_of(bruno, greta, hugo)
    leads = [lead_at(S.SAL, email=f"p{n}@acme.example", owner=bruno) for n in range(4)]
    done = assign_leads(
        [lead.pk for lead in leads], Target(pool_id=pool.pk), by=manager_sales, at=AT, note="Leaver"
    )
    assert [lead.owner for lead in done.leads] == [greta, hugo, greta, hugo]
    row = done.assignments[0]
    assert (row.cause, row.pool, row.actor, row.note) == (
        C.REASSIGNED,
        pool,
        manager_sales,
        "Leaver",
    )
    assert row.why["skipped"][0]["name"] == "Bruno"


def test_a_pool_without_anybody_free_leaves_the_leads_in_the_queue(rep, manager_sales):
    pool = pool_of(rep)
    lead = lead_at(S.SAL, owner=rep)
    (row,) = give(lead, Target(pool_id=pool.pk), manager_sales).assignments
    assert (row.owner, row.queue, row.cause) == (None, queue_of(QueueKind.FALLBACK), C.FALLBACK)


def test_what_marketing_holds_goes_to_no_pool(rep, manager_marketing):
    lead = lead_at(S.LEAD)
    assert refusal_of(lead, Target(pool_id=pool_of(rep).pk), manager_marketing)[0] == "wrong_pool"


def test_the_world_is_told_inside_the_transaction(rep, manager_sales):
    told = []

    def hear(sender, assignments, at, **_):
        told.append((list(assignments), at))

    leads_assigned.connect(hear)
    try:
        done = give(lead_at(S.MQL), rep, manager_sales)
    finally:
        leads_assigned.disconnect(hear)
    assert told == [(list(done.assignments), AT)]
    assert told[0][0][0].lead.owner == rep


def test_a_receiver_that_fails_rolls_everything_back(rep, manager_sales):
    def fail(**_):
        raise RuntimeError("no")

    lead = lead_at(S.MQL)
    before = facts(lead)
    leads_assigned.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            give(lead, rep, manager_sales)
    finally:
        leads_assigned.disconnect(fail)
    assert (facts(lead), Assignment.objects.count()) == (before, 0)


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize(("to", "statements"), [("a person", 20), ("a pool", 24)])
def test_the_cost_does_not_grow_with_the_leads(  # noqa: PLR0917  # a table
    to, statements, n, sales, manager_sales, django_assert_num_queries
):
    people = reps(sales, "bruno", "greta", "hugo")
    pool = pool_of(*people)
    ids = [lead_at(S.SAL, email=f"p{i}@acme.example").pk for i in range(n)]
    target = Target(pool_id=pool.pk) if to == "a pool" else Target(person=people[0])
    by = User.objects.get(pk=manager_sales.pk)
    with django_assert_num_queries(statements):
        assign_leads(ids, target, by=by, at=AT)
