"""Open owner of the contact, owner of the company, rules in order, turns in the pool, fallback."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import Absence
from leads.enums import AssignmentCause, Decision, Disposition, LifecycleStage, QueueKind
from leads.models import Assignment, Company, Feedback, Lead, PoolMember, ProductLine, RoutingPool
from leads.services.placing import place_new_mqls
from leads.services.queues import queue_of
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.leads.routing.pools import country, placed, pool_of, reps, rule_for

pytestmark = pytest.mark.django_db
S, C = LifecycleStage, AssignmentCause


@pytest.fixture
def people(sales):
    return reps(sales, "bruno", "greta", "hugo")


def a_lead(n=1, **fields):
    return lead_at(S.LEAD, email=f"p{n}@beta{n}.example", **fields)


def skipped(row):
    return [(one["name"], one["why"]) for one in row.why.get("skipped", [])]


def own_company(lead, owner):
    Company.objects.filter(pk=lead.contact.company_id).update(owner=owner)


def other_lead(lead, owner, stage=S.SAL, **fields):
    """Another open lead of the same contact, for a product line of its own."""
    line = ProductLine.objects.create(name=f"Line {Lead.objects.count()}", key=f"{lead.pk}-{owner}")
    return lead_at(stage, email=lead.contact.email, product_line_id=line.pk, owner=owner, **fields)


def test_who_works_an_open_lead_of_the_contact_comes_before_all_others(people):
    bruno, greta, hugo = people
    rule_for(pool_of(hugo))
    lead = a_lead(company="Beta")
    own_company(lead, greta)
    other_lead(lead, bruno)
    (row,) = placed(lead)
    assert (row.owner_id, row.cause, row.queue_id, row.why) == (bruno.pk, C.OPEN_OWNER, None, {})
    assert (lead.owner_id, lead.queue_id) == (bruno.pk, None)


def test_of_several_open_owners_the_one_whose_lead_is_furthest_gets_it(people):
    bruno, greta, _hugo = people
    lead = a_lead()
    other_lead(lead, bruno, S.MQL)
    other_lead(lead, greta, S.OPPORTUNITY)
    (row,) = placed(lead)
    assert row.owner_id == greta.pk


def test_a_closed_lead_of_the_contact_makes_nobody_its_owner(people):
    bruno, greta, _hugo = people
    rule_for(pool_of(greta))
    lead = a_lead()
    lead_at(S.SQL, Disposition.LOST, email=lead.contact.email, owner=bruno, at=AT - timedelta(9))
    (row,) = placed(lead)
    assert (row.owner_id, row.cause) == (greta.pk, C.RULE)


def test_the_owner_of_the_company_comes_before_the_rules(people):
    bruno, greta, _hugo = people
    rule_for(pool_of(greta))
    lead = a_lead(company="Beta")
    own_company(lead, bruno)
    (row,) = placed(lead)
    assert (row.owner_id, row.cause, row.rule_id) == (bruno.pk, C.COMPANY_OWNER, None)


def test_the_first_rule_in_order_that_is_met_decides(people):
    bruno, greta, hugo = people
    rule_for(pool_of(hugo, name="Rest"), position=3)
    rule_for(pool_of(greta, name="Italy"), country("Italy"), position=2)
    spain = rule_for(pool_of(bruno, name="Spain"), country("Spain"), position=1)
    rows = placed(a_lead(1, country="spain"), a_lead(2, country="Italy"), a_lead(3))
    assert [row.owner_id for row in rows] == [bruno.pk, greta.pk, hugo.pk]
    assert (rows[0].rule_id, rows[0].pool_id, rows[0].cause) == (spain.pk, spain.pool_id, C.RULE)
    assert rows[0].why == {"rule": "To Spain", "pool": "Spain"}


@pytest.mark.parametrize(
    ("condition", "fields"),
    [
        ({"kind": "score_at_least", "value": 80}, {"score": 80}),
        ({"kind": "in", "field": "contact.city", "value": ["Parma", "Bari"]}, {"city": "Bari"}),
        ({"kind": "filled", "field": "contact.phone"}, {"phone": "+39 051"}),
    ],
    ids=["score", "one of", "filled"],
)
def test_rules_ask_what_criteria_ask(condition, fields, people):
    rule_for(pool_of(people[0]), condition)
    (met,) = placed(a_lead(1, **fields))
    (not_met,) = placed(a_lead(2))
    assert (met.cause, not_met.cause) == (C.RULE, C.FALLBACK)


def test_a_rule_out_of_use_is_not_asked(people):
    rule_for(pool_of(people[0]), is_active=False)
    (row,) = placed(a_lead())
    assert row.why == {"unplaced": "no_rule"}


def test_without_rules_the_lead_waits_in_the_fallback_queue(sales):
    lead = a_lead()
    (row,) = placed(lead)
    assert (row.owner_id, row.queue_id) == (None, queue_of(QueueKind.FALLBACK).pk)
    assert (lead.owner_id, lead.queue_id) == (None, row.queue_id)
    assert (row.cause, row.why) == (C.FALLBACK, {"unplaced": "no_rule"})


def test_an_empty_pool_leads_to_the_fallback_queue(sales):
    rule_for(pool_of())
    (row,) = placed(a_lead())
    assert row.why == {"rule": "To Everyone", "pool": "Everyone", "unplaced": "empty_pool"}


def away(user, first_on, last_on):
    Absence.objects.create(user=user, first_on=first_on, last_on=last_on)


HINDRANCES = {
    "inactive": lambda u: (
        type(u).objects.filter(pk=u.pk).update(is_active=False, deactivated_at=AT)
    ),
    "not_joined": lambda u: type(u).objects.filter(pk=u.pk).update(joined_at=None, invited_at=AT),
    "not_in_sales": lambda u: u.memberships.all().delete(),
    "away": lambda u: away(u, date(2026, 3, 3), date(2026, 3, 3)),
    "full": lambda u: PoolMember.objects.filter(user=u).update(capacity=0),
}


@pytest.mark.parametrize("why", HINDRANCES)
def test_who_cannot_take_it_is_skipped_and_named(why, people):
    bruno, greta, _hugo = people
    rule_for(pool_of(bruno, greta))
    HINDRANCES[why](bruno)
    first, second = placed(a_lead(1), a_lead(2))
    assert [first.owner_id, second.owner_id] == [greta.pk, greta.pk]
    assert skipped(first) == skipped(second) == [("Bruno", why)]


@pytest.mark.parametrize("why", HINDRANCES)
def test_owners_who_cannot_take_it_are_skipped_on_every_way(why, people):
    bruno, _greta, hugo = people
    pool_of(bruno, name="His own")
    rule_for(pool_of(hugo))
    lead = a_lead(company="Beta")
    other_lead(lead, bruno)
    own_company(lead, bruno)
    HINDRANCES[why](bruno)
    (row,) = placed(lead)
    assert (row.owner_id, row.cause) == (hugo.pk, C.RULE)
    assert skipped(row) == [("Bruno", why)]


def test_with_nobody_free_it_waits_and_the_row_says_who_was_skipped(people):
    bruno, greta, _hugo = people
    rule_for(pool_of(bruno, greta))
    HINDRANCES["away"](bruno)
    HINDRANCES["full"](greta)
    (row,) = placed(a_lead())
    assert (row.owner_id, row.cause, row.why["unplaced"]) == (None, C.FALLBACK, "nobody_free")
    assert skipped(row) == [("Bruno", "away"), ("Greta", "full")]


@pytest.mark.parametrize(
    ("zone", "is_away"), [("Europe/Rome", False), ("Pacific/Auckland", True)], ids=str
)
def test_absence_is_dated_in_the_persons_own_zone(zone, is_away, people):
    """At 10:00 UTC on the 3rd it is still the 3rd in Rome, 23:00; by 11:00 it is the 4th there."""
    bruno, greta, _hugo = people
    type(bruno).objects.filter(pk=bruno.pk).update(zone=zone)
    away(bruno, date(2026, 3, 4), date(2026, 3, 4))
    rule_for(pool_of(bruno, greta))
    lead = a_lead()
    (row,) = place_new_mqls([lead], actor=None, at=AT + timedelta(hours=1))
    assert row.owner_id == (greta if is_away else bruno).pk


def test_capacity_counts_what_he_has_and_what_this_list_gives_him(people):
    bruno, _greta, _hugo = people
    lead_at(S.MQL, email="a@x.example", owner=bruno)
    lead_at(S.SAL, email="b@x.example", owner=bruno)
    lead_at(S.SQL, email="c@x.example", owner=bruno)
    lead_at(S.OPPORTUNITY, email="d@x.example", owner=bruno)
    lead_at(S.SAL, Disposition.LOST, email="e@x.example", owner=bruno)
    rule_for(pool_of(bruno, capacity=5))
    rows = placed(*[a_lead(n) for n in range(3)])
    assert [row.cause for row in rows] == [C.RULE, C.RULE, C.FALLBACK]
    assert skipped(rows[2]) == [("Bruno", "full")]


def test_an_owner_is_full_when_every_pool_of_his_is(people):
    bruno, _greta, hugo = people
    pool_of(bruno, name="Small", capacity=1)
    wide = pool_of(bruno, name="Wide", capacity=3)
    lead = a_lead()
    other_lead(lead, bruno)
    assert placed(lead)[0].owner_id == bruno.pk
    wide.members.update(capacity=1)
    rule_for(pool_of(hugo))
    assert placed(Lead.objects.get(pk=lead.pk))[0].owner_id == hugo.pk


def feedback(lead, user, days_ago, **fields):
    fields.setdefault("decision", Decision.REJECTED)
    decided_at = AT - timedelta(days=days_ago)
    Feedback.objects.create(
        lead=lead, given_by=user, reason="not_now", decided_at=decided_at, **fields
    )


@pytest.mark.parametrize(("days", "again"), [(89, False), (90, False), (91, True)])
def test_a_rep_who_rejected_the_contact_is_passed_over_until_the_cooldown_ends(days, again, people):
    bruno, greta, _hugo = people
    rule_for(pool_of(bruno, greta))
    lead = a_lead()
    feedback(lead, bruno, days)
    (row,) = placed(lead)
    assert row.owner_id == (bruno if again else greta).pk
    assert skipped(row) == ([] if again else [("Bruno", "cooldown")])


@pytest.mark.parametrize(
    "fields", [{"decision": Decision.RETURNED}, {"voided_at": AT}], ids=["returned", "undone"]
)
def test_a_return_and_an_undone_rejection_cool_nothing_down(fields, people):
    bruno, greta, _hugo = people
    rule_for(pool_of(bruno, greta))
    lead = a_lead()
    feedback(lead, bruno, 1, **fields)
    assert placed(lead)[0].owner_id == bruno.pk


def test_who_recycled_the_earlier_cycle_is_passed_over_even_as_company_owner(people):
    bruno, greta, _hugo = people
    rule_for(pool_of(bruno, greta))
    lead = a_lead(company="Beta")
    own_company(lead, bruno)
    Assignment.objects.create(
        lead=lead,
        from_owner=bruno,
        queue=queue_of(QueueKind.MARKETING),
        cause=C.RECYCLED,
        assigned_at=AT - timedelta(days=30),
    )
    (row,) = placed(lead)
    assert (row.owner_id, skipped(row)) == (
        greta.pk,
        [("Bruno", "cooldown"), ("Bruno", "cooldown")],
    )


def test_the_gate_may_name_more_people_to_avoid(people):
    bruno, greta, _hugo = people
    rule_for(pool_of(bruno, greta))
    lead = a_lead()
    (row,) = placed(lead, avoid={lead.contact_id: frozenset({bruno.pk})})
    assert (row.owner_id, skipped(row)) == (greta.pk, [("Bruno", "cooldown")])


def test_turns_go_on_where_the_last_list_ended(people):
    bruno, greta, hugo = people
    pool = pool_of(*people)
    rule_for(pool)
    owners = [placed(a_lead(n))[0].owner_id for n in range(6)]
    assert owners == [bruno.pk, greta.pk, hugo.pk] * 2
    assert RoutingPool.objects.get().cursor == 6


def test_a_burst_is_shared_by_weight_and_never_goes_to_one_person(people):
    rule_for(pool_of(*people, weights=[2, 1, 1]))
    rows = placed(*[a_lead(n) for n in range(8)])
    owners = [row.owner_id for row in rows]
    assert [owners.count(person.pk) for person in people] == [4, 2, 2]
    assert max(owners[:4].count(p.pk) for p in people) == 2


def test_two_leads_of_one_contact_in_one_list_go_to_one_person(people):
    rule_for(pool_of(*people))
    first = a_lead(1)
    second = other_lead(first, None, S.LEAD)
    rows = placed(first, second, a_lead(2))
    assert rows[0].owner_id == rows[1].owner_id != rows[2].owner_id
    assert [row.cause for row in rows] == [C.RULE, C.OPEN_OWNER, C.RULE]


def test_a_marketer_who_held_the_lead_hands_it_over(people, marketer):
    bruno = people[0]
    rule_for(pool_of(bruno))
    lead = a_lead(owner=marketer)
    (row,) = placed(lead)
    assert (row.owner_id, row.from_owner_id) == (bruno.pk, marketer.pk)
    assert skipped(row) == [("Alice Rossi", "not_in_sales")]


def test_a_rep_who_held_the_lead_keeps_it(people):
    bruno, greta, _hugo = people
    rule_for(pool_of(greta))
    (row,) = placed(a_lead(owner=bruno))
    assert (row.owner_id, row.cause) == (bruno.pk, C.OPEN_OWNER)
