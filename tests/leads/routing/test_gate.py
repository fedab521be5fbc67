"""At the gate: an MQL gets an owner or a queue in the same transaction, never nobody."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from leads.enums import AssignmentCause, Cause, Disposition, LifecycleStage, QueueKind
from leads.models import Assignment, Lead, PoolMember
from leads.moving import Move, MovesRefused, Step
from leads.services.contacts import ContactFacts
from leads.services.moves import move_leads
from leads.services.opening import Capture, open_leads
from leads.services.placing import place_new_mqls
from leads.services.queues import queue_of
from leads.signals import leads_assigned
from tests.conftest import AT
from tests.leads.records import history, lead_at
from tests.leads.routing.pools import pool_of, reps, rule_for

pytestmark = pytest.mark.django_db
S, C = LifecycleStage, AssignmentCause


def qualify(*leads, by, **kwargs):
    moves = [Move(lead_id=lead.pk, to_stage=S.MQL, actor=by) for lead in leads]
    return move_leads(moves, at=AT, **kwargs)


def test_qualifying_gives_the_lead_an_owner_and_says_why(rep, marketer):
    pool = pool_of(rep)
    rule = rule_for(pool)
    lead = lead_at(S.LEAD)
    qualify(lead, by=marketer)
    lead.refresh_from_db()
    assert (lead.stage, lead.owner, lead.queue) == (S.MQL, rep, None)
    row = Assignment.objects.get()
    assert (row.lead, row.owner, row.cause, row.rule, row.pool) == (lead, rep, C.RULE, rule, pool)
    assert (row.actor, row.assigned_at) == (marketer, AT)
    assert row.why == {"rule": "To Everyone", "pool": "Everyone"}


def test_without_anybody_it_waits_in_the_fallback_queue(marketer, sales):
    lead = lead_at(S.LEAD)
    qualify(lead, by=marketer)
    lead.refresh_from_db()
    assert (lead.owner, lead.queue) == (None, queue_of(QueueKind.FALLBACK))


def test_a_lead_that_begins_at_mql_is_placed_too(rep, marketer):
    rule_for(pool_of(rep))
    contact = ContactFacts(captured_through="form", email="new@beta.example")
    capture = Capture(contact=contact, steps=[Step(to_stage=S.MQL, actor=marketer)])
    (lead,) = open_leads([capture], actor=marketer, at=AT).leads
    assert (lead.owner_id, Assignment.objects.get().lead_id) == (rep.pk, lead.pk)


@pytest.mark.parametrize("cause", [Cause.IMPORT, Cause.SYNC])
def test_history_starts_no_routing(cause, rep):
    pool = pool_of(rep)
    rule_for(pool)
    lead = lead_at(S.LEAD)
    move_leads([Move(lead_id=lead.pk, to_stage=S.MQL, cause=cause, effective_at=AT)], at=AT)
    lead.refresh_from_db()
    pool.refresh_from_db()
    assert (lead.stage, lead.owner, lead.queue, pool.cursor) == (S.MQL, None, None, 0)
    assert not Assignment.objects.exists()
    assert history(S.MQL).is_history


def test_a_refused_move_takes_nobodys_turn(rep, manager_sales):
    pool = pool_of(rep)
    rule_for(pool)
    free, closed = lead_at(S.LEAD), lead_at(S.LEAD, Disposition.LOST, email="b@acme.example")
    with pytest.raises(MovesRefused):
        qualify(free, closed, by=manager_sales)
    pool.refresh_from_db()
    assert (pool.cursor, Assignment.objects.count()) == (0, 0)


def test_a_receiver_that_fails_gives_the_turn_back(rep, marketer):
    pool = pool_of(rep)
    rule_for(pool)
    lead = lead_at(S.LEAD)

    def fail(**_):
        raise RuntimeError("no")

    leads_assigned.connect(fail)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            qualify(lead, by=marketer)
    finally:
        leads_assigned.disconnect(fail)
    pool.refresh_from_db()
    lead.refresh_from_db()
    assert (lead.stage, lead.owner, pool.cursor) == (S.LEAD, None, 0)
    assert PoolMember.objects.get().credit == 0


@pytest.mark.parametrize("n", [1, 3])
def test_placing_costs_the_same_for_one_and_for_three(
    n, sales, marketer, django_assert_num_queries
):
    """Everything asked: criteria, owners of contact and company, absences, working hours, turns."""
    pool = pool_of(*reps(sales, "bruno", "greta", "hugo"), in_working_hours=True)
    rule_for(pool, {"kind": "filled", "field": "contact.email"})
    made = [lead_at(S.LEAD, email=f"p{i}@x{i}.example", company=f"C{i}") for i in range(n)]
    leads = list(Lead.objects.filter(pk__in=[one.pk for one in made]).order_by("pk"))
    with django_assert_num_queries(19):
        rows = place_new_mqls(leads, actor=marketer, at=AT)
    assert [row.owner.name for row in rows] == ["Bruno", "Greta", "Hugo"][:n]


def test_the_database_lets_no_assignment_go_to_nobody(marketer):
    lead = lead_at(S.LEAD)
    with pytest.raises(IntegrityError, match="assignment_is_never_to_nobody"), transaction.atomic():
        Assignment.objects.create(lead=lead, cause=C.GIVEN, assigned_at=AT)
