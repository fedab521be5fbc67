"""Pools and rules by REST: changed, taken out of use, moved, removed, as on the settings pages."""

from __future__ import annotations

import pytest

from leads.models import PoolMember, RoutingPool, RoutingRule
from tests.leads.api.conftest import caller
from tests.leads.routing.pools import country, pool_of, rule_for

pytestmark = pytest.mark.django_db
ROUTING = "/api/v1/routing/"


@pytest.fixture
def head_api(manager_sales):
    return caller(manager_sales)


def stored():
    """Pools with their people, and rules in their order."""
    pools = {
        pool.name: [(one.user_id, one.weight, one.capacity) for one in pool.members.all()]
        for pool in RoutingPool.objects.prefetch_related("members")
    }
    return pools, list(RoutingRule.objects.values_list("name", "position", "is_active"))


def test_a_pool_is_changed_and_whoever_stays_keeps_his_turn(head_api, rep, manager_sales):
    pool = pool_of(rep, name="Italy")
    pool.members.update(credit=7)
    seats = [{"person": rep.pk, "weight": 3, "capacity": 9}, {"person": manager_sales.pk}]
    body = {"name": "South", "in_working_hours": True, "people": seats}
    answer = head_api.post(f"{ROUTING}pools/{pool.pk}/change/", body)
    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["name"]) == (pool.pk, "South")
    assert [one["person"] for one in answer.json()["people"]] == [rep.pk, manager_sales.pk]
    assert stored()[0] == {"South": [(rep.pk, 3, 9), (manager_sales.pk, 1, None)]}
    assert PoolMember.objects.get(user=rep).credit == 7


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "North", "people": []}, "name"),
        ({"name": "Italy", "people": [{"person": 10**9}]}, "people"),
    ],
)
def test_a_wrong_change_of_a_pool_changes_nothing(body, field, head_api, rep):
    pool = pool_of(rep, name="Italy")
    pool_of(name="North")
    before = stored()
    answer = head_api.post(f"{ROUTING}pools/{pool.pk}/change/", body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert stored() == before


def test_nobody_is_twice_in_a_pool(head_api, rep):
    body = {"name": "Italy", "people": [{"person": rep.pk}, {"person": rep.pk}]}
    answer = head_api.post(f"{ROUTING}pools/", body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["people"])
    assert stored() == ({}, [])


def test_a_pool_goes_once_no_rule_leads_to_it(head_api, rep):
    rule = rule_for(pool_of(rep, name="Italy"), name="All")
    url = f"{ROUTING}pools/{rule.pool_id}/remove/"
    refused = head_api.post(url)
    assert (refused.status_code, refused.json()["code"]) == (409, "pool_in_use")
    assert stored() == ({"Italy": [(rep.pk, 1, None)]}, [("All", 1, True)])
    assert head_api.post(f"{ROUTING}rules/{rule.pk}/remove/").status_code == 204
    assert head_api.post(url).status_code == 204
    assert stored() == ({}, [])


def test_a_rule_is_changed_and_keeps_its_place(head_api, rep):
    pool = pool_of(rep, name="Italy")
    rule_for(pool, name="First", position=1)
    rule = rule_for(pool, name="Second", position=2)
    body = {"name": "Italians", "pool": pool.pk, "conditions": [country("Italy")]}
    told = head_api.post(f"{ROUTING}rules/{rule.pk}/change/", body).json()
    assert (told["name"], told["position"], told["is_active"]) == ("Italians", 2, True)
    rule.refresh_from_db()
    assert rule.conditions == told["conditions"] == [{**country("Italy"), "required": True}]


def test_a_wrong_change_of_a_rule_changes_nothing(head_api, rep):
    rule = rule_for(pool_of(rep, name="Italy"), name="All")
    url = f"{ROUTING}rules/{rule.pk}/change/"
    nowhere = head_api.post(url, {"name": "X", "pool": 10**9})
    assert (nowhere.status_code, list(nowhere.json()["fields"])) == (422, ["pool"])
    magic = {"name": "X", "pool": rule.pool_id, "conditions": [{"kind": "magic"}]}
    wrong = head_api.post(url, magic)
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["conditions"])
    assert stored()[1] == [("All", 1, True)]


def test_a_rule_goes_out_of_use_and_back(head_api, rep):
    rule = rule_for(pool_of(rep), name="All")
    url = f"{ROUTING}rules/{rule.pk}/use/"
    assert head_api.post(url, {"in_use": False}).json()["is_active"] is False
    assert stored()[1] == [("All", 1, False)]
    assert head_api.post(url, {"in_use": True}).json()["is_active"] is True
    assert stored()[1] == [("All", 1, True)]


def test_a_rule_moves_one_place_and_stays_at_the_ends(head_api, rep):
    pool = pool_of(rep)
    rules = {n: rule_for(pool, name=n, position=i) for i, n in enumerate(("A", "B", "C"), 1)}

    def move(name: str, to: str) -> list[str]:
        answer = head_api.post(f"{ROUTING}rules/{rules[name].pk}/move/", {"to": to})
        return [one["name"] for one in answer.json()]

    assert move("C", "up") == ["A", "C", "B"]
    assert move("A", "up") == ["A", "C", "B"]
    assert move("A", "down") == ["C", "A", "B"]
    refused = head_api.post(f"{ROUTING}rules/{rules['B'].pk}/move/", {"to": "sideways"})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["to"])
    assert [name for name, *_rest in stored()[1]] == ["C", "A", "B"]


@pytest.mark.parametrize(
    ("kind", "verb", "body"),
    [
        ("pools", "change", {"name": "X", "people": []}),
        ("pools", "remove", None),
        ("rules", "change", {"name": "X", "pool": 1}),
        ("rules", "use", {"in_use": False}),
        ("rules", "move", {"to": "up"}),
        ("rules", "remove", None),
    ],
)
def test_reps_set_nothing_and_nobody_what_is_not_there(kind, verb, body, head_api, rep):
    rule = rule_for(pool_of(rep, name="Italy"), name="All")
    before, pk = stored(), rule.pk if kind == "rules" else rule.pool_id
    refused = caller(rep).post(f"{ROUTING}{kind}/{pk}/{verb}/", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    nobody = head_api.post(f"{ROUTING}{kind}/{10**9}/{verb}/", body)
    assert (nobody.status_code, nobody.json()["code"]) == (404, "not_found")
    assert stored() == before


@pytest.mark.parametrize("others", [0, 3])
def test_moving_a_rule_takes_as_many_statements_however_many_there_are(
    others, head_api, rep, django_assert_num_queries
):
    pool = pool_of(rep)
    rules = [rule_for(pool, name=f"R{n}", position=n) for n in range(1, others + 2)]
    with django_assert_num_queries(11):
        head_api.post(f"{ROUTING}rules/{rules[-1].pk}/move/", {"to": "up"})
