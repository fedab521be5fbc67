"""Pools and rules as people set them; the rehearsal says what would happen and writes nothing."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Absence
from leads.enums import AssignmentCause, LifecycleStage
from leads.models import Assignment, PoolMember, RoutingPool, RoutingRule
from leads.moving import Move
from leads.selectors.routing import rehearse_routing
from leads.services.moves import move_leads
from leads.services.routing_settings import Place, move_rule, save_pool, save_rule
from smarketing.errors import BadInput, NotAllowed
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.leads.routing.pools import country, pool_of, reps, rule_for
from tests.leads.test_list import signed_in

pytestmark = pytest.mark.django_db
S = LifecycleStage
NO_ROWS = {"conditions-TOTAL_FORMS": 0, "conditions-INITIAL_FORMS": 0}


def condition(kind, field, value, n=0):
    name = f"conditions-{n}"
    return {
        "conditions-TOTAL_FORMS": n + 1,
        "conditions-INITIAL_FORMS": 0,
        f"{name}-kind": kind,
        f"{name}-field": field,
        f"{name}-value": value,
    }


def test_a_pool_is_made_and_changed_and_turns_are_kept(rep, sales, manager_sales):
    (greta,) = reps(sales, "greta")
    client = signed_in(manager_sales)
    seats = {f"person-{rep.pk}-inside": "on", f"person-{rep.pk}-weight": 2,
             f"person-{rep.pk}-capacity": 9, f"person-{greta.pk}-weight": 1}  # fmt: skip
    assert (
        client.post("/settings/routing/pools/new/", {"name": "Italy", **seats}).status_code == 302
    )
    pool = RoutingPool.objects.get()
    (member,) = pool.members.all()
    assert (pool.name, member.user, member.weight, member.capacity) == ("Italy", rep, 2, 9)
    PoolMember.objects.update(credit=-3)
    seats |= {f"person-{greta.pk}-inside": "on", f"person-{rep.pk}-weight": 5}
    client.post(f"/settings/routing/pools/{pool.pk}/", {"name": "South", **seats})
    pool.refresh_from_db()
    assert pool.name == "South"
    assert list(pool.members.order_by("pk").values_list("user", "weight", "credit")) == [
        (rep.pk, 5, -3),
        (greta.pk, 1, 0),
    ]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "Italy"}, "Another pool has this name."),
        ({"name": "New", "weight": 0}, "greater than or equal to 1"),
        ({"name": "New", "weight": ""}, "Give a weight."),
        ({"name": "New", "capacity": -1}, "greater than or equal to 0"),
    ],
)
def test_a_wrong_pool_comes_back_with_what_was_typed(sent, words, rep, manager_sales):
    pool_of(name="Italy")
    data = {"name": sent["name"], f"person-{rep.pk}-inside": "on",
            f"person-{rep.pk}-weight": sent.get("weight", 1),
            f"person-{rep.pk}-capacity": sent.get("capacity", "")}  # fmt: skip
    answer = signed_in(manager_sales).post("/settings/routing/pools/new/", data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert RoutingPool.objects.count() == 1
    assert not PoolMember.objects.exists()


def test_a_pool_that_rules_lead_to_stays(rep, manager_sales):
    pool = pool_of(rep)
    rule_for(pool, name="All")
    client = signed_in(manager_sales)
    answer = client.post(f"/settings/routing/pools/{pool.pk}/remove/")
    told = [str(message) for message in answer.wsgi_request._messages]
    assert told == ["Rules lead to this pool: All. Change or remove them first."]
    RoutingRule.objects.all().delete()
    client.post(f"/settings/routing/pools/{pool.pk}/remove/")
    assert not RoutingPool.objects.exists()


def test_a_rule_is_made_of_a_condition_and_asked_last(rep, manager_sales):
    pool = pool_of(rep)
    rule_for(pool, name="First")
    sent = {"name": "Italy", "pool": pool.pk, "is_active": "on",
            **condition("equals", "contact.country", "Italy")}  # fmt: skip
    answer = signed_in(manager_sales).post("/settings/routing/rules/new/", sent)
    assert answer.status_code == 302
    rule = RoutingRule.objects.get(name="Italy")
    assert (rule.position, rule.is_active, rule.pool) == (2, True, pool)
    assert rule.conditions == [
        {"kind": "equals", "field": "contact.country", "value": "Italy", "required": True}
    ]


def test_a_rule_that_cannot_be_checked_comes_back(rep, manager_sales):
    sent = {"name": "Big", "pool": pool_of(rep).pk,
            **condition("at_least", "company.employees", "many")}  # fmt: skip
    answer = signed_in(manager_sales).post("/settings/routing/rules/new/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Give a number." in text
    assert 'value="many"' in text
    assert not RoutingRule.objects.exists()


def test_a_rule_asks_nobody_a_question(rep, manager_sales):
    question = {"kind": "question", "label": "Budget?", "key": "budget"}
    with pytest.raises(BadInput):
        save_rule(
            RoutingRule(),
            name="Ask",
            pool=pool_of(rep),
            conditions=[question],
            is_active=True,
            by=manager_sales,
        )


def test_rules_change_places(rep, manager_sales):
    pool = pool_of(rep)
    first, second, third = [rule_for(pool, name=f"R{n}", position=7) for n in range(3)]

    def order():
        return list(RoutingRule.objects.values_list("name", "position"))

    move_rule(third.pk, up=True, by=manager_sales)
    assert order() == [("R0", 1), ("R2", 2), ("R1", 3)]
    move_rule(first.pk, up=True, by=manager_sales)
    assert order() == [("R0", 1), ("R2", 2), ("R1", 3)]
    signed_in(manager_sales).post(f"/settings/routing/rules/{first.pk}/move/", {"to": "down"})
    assert order() == [("R2", 1), ("R0", 2), ("R1", 3)]
    assert second.pool == pool


def test_a_removed_rule_leaves_its_assignments_with_their_words(rep, marketer, manager_sales):
    rule = rule_for(pool_of(rep))
    lead = lead_at(S.LEAD)
    move_leads([Move(lead_id=lead.pk, to_stage=S.MQL, actor=marketer)], at=AT)
    signed_in(manager_sales).post(f"/settings/routing/rules/{rule.pk}/remove/")
    row = Assignment.objects.get()
    assert (row.rule, row.why["rule"]) == (None, "To Everyone")


@pytest.mark.parametrize("who", ["marketer", "rep", "facilitator", "newcomer"])
def test_others_set_nothing(who, request):
    by = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        save_pool(RoutingPool(), name="Mine", in_working_hours=False, places=[Place(by.pk)], by=by)
    assert not RoutingPool.objects.exists()


def test_the_page_tells_rules_in_words_and_how_everyone_stands(rep, manager_sales):
    Absence.objects.create(user=rep, first_on=date(2000, 1, 1), last_on=date(2999, 1, 1))
    rule_for(pool_of(rep, capacity=4), country("Italy"))
    lead_at(S.SAL, owner=rep)
    text = signed_in(manager_sales).get("/settings/routing/").content.decode()
    for words in ("Country is Italy", "To Everyone", "Bruno Conti", "Away", "/ 4",
                  "Nobody here can take a lead now"):  # fmt: skip
        assert words in text


def test_the_rehearsal_says_who_would_get_them_and_writes_nothing(sales, manager_sales):
    bruno, greta, hugo = reps(sales, "bruno", "greta", "hugo")
    pool = pool_of(bruno, greta)
    rule_for(pool, country("Italy"))
    had = lead_at(S.MQL, email="a@a.example", country="Italy", owner=hugo, at=AT)
    lead_at(S.LEAD, email="b@b.example", country="Italy", at=AT)
    lead_at(S.LEAD, email="c@c.example", country="Spain", at=AT)
    lead_at(S.SAL, email="d@d.example", country="Italy", at=AT)
    before = list(PoolMember.objects.values()), list(RoutingPool.objects.values())
    rows = rehearse_routing(manager_sales, at=AT)
    told = [(row.lead.contact.email, row.owner and row.owner.name, row.headline) for row in rows]
    assert told == [
        ("c@c.example", None, "Nobody was free"),
        ("b@b.example", "Bruno", "Rule “To Everyone”, by turns in “Everyone”"),
        ("a@a.example", "Greta", "Rule “To Everyone”, by turns in “Everyone”"),
    ]
    assert rows[0].reasons == ["No rule is met by this lead."]
    assert (list(PoolMember.objects.values()), list(RoutingPool.objects.values())) == before
    had.refresh_from_db()
    assert (had.owner, Assignment.objects.count()) == (hugo, 0)


def test_what_is_rehearsed_is_what_happens(sales, marketer, manager_sales):
    people = reps(sales, "bruno", "greta", "hugo")
    rule_for(pool_of(*people, weights=[3, 1, 1], capacity=2))
    leads = [lead_at(S.LEAD, email=f"p{n}@x{n}.example", at=AT) for n in range(7)]
    rehearsed = rehearse_routing(manager_sales, at=AT)
    order = [row.lead.pk for row in rehearsed]
    move_leads([Move(lead_id=pk, to_stage=S.MQL, actor=marketer) for pk in order], at=AT)
    rows = {row.lead_id: row for row in Assignment.objects.all()}
    assert [(r.answer.owner_id, r.answer.cause, r.answer.to_json()) for r in rehearsed] == [
        (rows[pk].owner_id, rows[pk].cause, rows[pk].why) for pk in order
    ]
    assert sum(row.cause == AssignmentCause.FALLBACK for row in rows.values()) == 1
    assert len(leads) == 7


@pytest.mark.parametrize("n", [1, 3])
def test_the_rehearsal_costs_the_same_for_one_and_for_three(
    n, rep, manager_sales, django_assert_num_queries
):
    rule_for(pool_of(rep), country("Italy"))
    for i in range(n):
        lead_at(S.LEAD, email=f"p{i}@x{i}.example", country="Italy")
    with django_assert_num_queries(19):
        assert len(rehearse_routing(manager_sales, at=AT)) == n
