"""Take: a person takes from the queue of his side; the second is told who was first."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from accounts.rules import standing
from leads.assigning import Seen
from leads.enums import AssignmentCause, Disposition, LifecycleStage, QueueKind
from leads.models import Assignment, Lead, Queue
from leads.moving import MovesRefused
from leads.services.assigning import take_leads
from leads.services.queues import queue_of
from tests.conftest import AT
from tests.factories import TeamFactory, member
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
S, C = LifecycleStage, AssignmentCause


def waiting(stage=S.MQL, queue=QueueKind.FALLBACK, n=1, **fields):
    """A lead in a queue."""
    lead = lead_at(stage, email=f"p{n}@acme.example", **fields)
    Lead.objects.filter(pk=lead.pk).update(queue=queue and queue_of(queue))
    return Lead.objects.get(pk=lead.pk)


def refusal_of(lead, by, **kwargs):
    """Why `by` may not take the lead; nothing must have changed."""
    before = facts(lead), Assignment.objects.count()
    with pytest.raises(MovesRefused) as caught:
        take_leads([lead.pk], by=by, at=AT, **kwargs)
    assert (facts(lead), Assignment.objects.count()) == before
    (refusal,) = caught.value.refusals
    return refusal.code, str(refusal)


def test_a_rep_takes_from_the_queue_of_sales(rep):
    lead = waiting()
    done = take_leads([lead.pk], by=rep, at=AT)
    lead.refresh_from_db()
    assert (lead.owner, lead.queue, lead.stage, lead.version) == (rep, None, S.MQL, 2)
    (row,) = lead.assignments.all()
    assert (row.owner, row.queue, row.from_owner, row.cause) == (rep, None, None, C.TAKEN)
    assert (row.actor, row.assigned_at, row.voided_at) == (rep, AT, None)
    assert done.assignments == (row,)
    assert done.action.actor == rep


@pytest.mark.parametrize("stage", [S.MQL, S.SAL, S.SQL, S.OPPORTUNITY])
def test_a_rep_takes_what_nobody_of_sales_owns(stage, rep):
    lead = waiting(stage, queue=None)
    take_leads([lead.pk], by=rep, at=AT)
    assert Lead.objects.get(pk=lead.pk).owner == rep


@pytest.mark.parametrize(
    ("who", "stage", "queue", "refused"),
    [
        ("rep", S.MQL, QueueKind.FALLBACK, ""),
        ("manager_sales", S.MQL, QueueKind.FALLBACK, ""),
        ("marketer", S.LEAD, QueueKind.QUALIFICATION, ""),
        ("marketer", S.LEAD, QueueKind.MARKETING, ""),
        ("marketer", S.MQL, QueueKind.FIX, ""),
        ("marketer", S.LEAD, None, ""),
        ("manager_marketing", S.LEAD, None, ""),
        ("marketer", S.MQL, QueueKind.FALLBACK, "wrong_side"),
        ("manager_marketing", S.MQL, None, "wrong_side"),
        ("rep", S.LEAD, QueueKind.QUALIFICATION, "wrong_side"),
        ("rep", S.LEAD, None, "wrong_side"),
        ("rep", S.MQL, QueueKind.FIX, "wrong_side"),
        ("facilitator", S.MQL, QueueKind.FALLBACK, "wrong_side"),
        ("administrator", S.LEAD, None, "wrong_side"),
        ("newcomer", S.MQL, QueueKind.FALLBACK, "wrong_side"),
    ],
)
def test_each_side_takes_its_own(who, stage, queue, refused, request):
    user, lead = request.getfixturevalue(who), waiting(stage, queue)
    if refused:
        assert refusal_of(lead, user)[0] == refused
    else:
        take_leads([lead.pk], by=user, at=AT)
        assert Lead.objects.get(pk=lead.pk).owner == user


def test_a_queue_of_a_team_is_for_that_team(rep, sales, manager_sales):
    north = TeamFactory(name="Sales North", parent=sales)
    greta = member("greta@acme.test", Role.REP, team=north, name="Greta")
    lead = waiting()
    Lead.objects.update(queue=Queue.objects.create(kind=QueueKind.FALLBACK, team=north))
    lead.refresh_from_db()
    assert refusal_of(lead, rep) == (
        "wrong_team",
        "This lead waits for the team Sales North.",
    )
    take_leads([lead.pk], by=greta, at=AT)
    assert Lead.objects.get().owner == greta


def test_the_second_is_told_who_took_it(rep, sales):
    greta = member("greta@acme.test", Role.REP, team=sales, name="Greta")
    lead = waiting()
    take_leads([lead.pk], by=greta, at=AT)
    assert refusal_of(Lead.objects.get(), rep) == (
        "taken_meanwhile",
        "Greta took this lead meanwhile.",
    )


def test_what_is_mine_already_is_said_so(rep):
    lead = lead_at(S.MQL, owner=rep)
    assert refusal_of(lead, rep) == ("already_there", "This lead is yours already.")


def test_a_closed_lead_is_not_taken(rep):
    lead = lead_at(S.SAL, Disposition.LOST)
    assert refusal_of(lead, rep)[0] == "closed"


def test_a_lead_that_changed_since_it_was_seen_is_not_taken(rep):
    lead = waiting()
    assert refusal_of(lead, rep, seen={lead.pk: Seen(version=7)})[0] == "changed_meanwhile"


def test_an_unknown_lead_is_refused(rep):
    with pytest.raises(MovesRefused, match="There is no such lead"):
        take_leads([10**9], by=rep, at=AT)


def test_of_a_list_the_others_are_taken_when_asked_so(rep, manager_sales):
    free, owned = waiting(n=1), lead_at(S.MQL, email="b@acme.example", owner=manager_sales)
    with pytest.raises(MovesRefused, match="1 of 2 moves was refused"):
        take_leads([free.pk, owned.pk], by=rep, at=AT)
    assert not Assignment.objects.exists()
    done = take_leads([free.pk, owned.pk], by=rep, at=AT, apply_rest=True)
    assert [lead.pk for lead in done.leads] == [free.pk]
    assert [(r.lead_id, r.index, r.code) for r in done.refusals] == [
        (owned.pk, 1, "taken_meanwhile")
    ]


def test_a_rep_who_sees_his_team_only_still_sees_what_he_may_take(rep, sales, organisation):
    organisation.reps_see_own_team_only = True
    organisation.save()
    north = TeamFactory(name="Sales North", parent=sales)
    of_all, of_north, of_marketing = (waiting(n=n) for n in range(3))
    queue = Queue.objects.create(kind=QueueKind.FALLBACK, team=north)
    Lead.objects.filter(pk=of_north.pk).update(queue=queue)
    Lead.objects.filter(pk=of_marketing.pk).update(queue=queue_of(QueueKind.MARKETING))
    assert list(Lead.objects.visible_to(rep, standing(rep))) == [of_all]
