"""Lists of names and steps of deals by REST, as on their settings pages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leads.models import Competitor, DealStep, ProductLine
from tests.leads.api.conftest import caller
from tests.leads.deals.deal_records import deal_of

pytestmark = pytest.mark.django_db
API = "/api/v1/"
PILOT = {"name": "Pilot", "probability": "0.500"}


@pytest.fixture
def marketer_api(marketer):
    return caller(marketer)


@pytest.fixture
def rep_api(rep):
    return caller(rep)


def steps():
    """The steps in their order, as they are stored."""
    return list(DealStep.objects.values_list("name", "probability", "is_active"))


@pytest.mark.parametrize("kind", ["product-lines", "sources", "competitors"])
def test_a_name_is_added_changed_and_removed(kind, marketer_api, rep_api):
    url = f"{API}catalogue/{kind}/"
    before = rep_api.get(url).json()
    made = marketer_api.post(url, {"name": "Zeta  one"})
    assert (made.status_code, made.json()["name"]) == (201, "Zeta one")
    pk = made.json()["id"]
    assert marketer_api.post(f"{url}{pk}/change/", {"name": "Zeta"}).json()["name"] == "Zeta"
    assert rep_api.get(url).json() == [*before, {"id": pk, "name": "Zeta"}]
    assert marketer_api.post(f"{url}{pk}/remove/").status_code == 204
    assert rep_api.get(url).json() == before


def test_a_name_taken_or_in_use_stays(marketer_api, rep):
    line = ProductLine.objects.create(name="Zeta", key="zeta")
    url = f"{API}catalogue/product-lines/"
    taken = marketer_api.post(url, {"name": "ZÉTA"})
    assert (taken.status_code, list(taken.json()["fields"])) == (422, ["name"])
    deal = deal_of(rep, email="dora@acme.example")
    deal.product_line = line
    deal.save(update_fields=["product_line"])
    used = marketer_api.post(f"{url}{line.pk}/remove/")
    assert (used.status_code, used.json()["code"]) == (409, "in_use")
    assert ProductLine.objects.filter(key="zeta").count() == 1


def test_a_step_is_added_changed_moved_and_removed(marketer_api, rep_api):
    before = steps()
    made = marketer_api.post(f"{API}deal-steps/", PILOT)
    assert made.status_code == 201
    told = made.json()
    assert (told["probability"], told["is_active"], told["open_deals"]) == ("0.500", True, 0)
    assert steps() == [*before, ("Pilot", Decimal("0.5"), True)]
    url = f"{API}deal-steps/{told['id']}/"
    change = {"name": "Trial", "probability": "0.25", "is_active": False}
    assert marketer_api.post(f"{url}change/", change).json()["name"] == "Trial"
    moved = marketer_api.post(f"{url}move/", {"to": "up"}).json()
    assert [one["name"] for one in moved][-2] == "Trial"
    assert moved == rep_api.get(f"{API}deal-steps/").json()
    assert steps()[-2] == ("Trial", Decimal("0.25"), False)
    assert marketer_api.post(f"{url}remove/").status_code == 204
    assert steps() == before


@pytest.mark.parametrize("wrong", [{"probability": "1.001"}, {"probability": "NaN"}, {"name": " "}])
def test_a_wrong_step_adds_nothing(wrong, marketer_api):
    before = steps()
    refused = marketer_api.post(f"{API}deal-steps/", {**PILOT, **wrong})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, list(wrong))
    assert steps() == before


def test_the_last_step_stays_in_use(marketer_api):
    DealStep.objects.exclude(pk=DealStep.objects.order_by("pk").values("pk")[:1]).delete()
    (step,) = DealStep.objects.all()
    before, url = steps(), f"{API}deal-steps/{step.pk}/"
    unused = marketer_api.post(f"{url}change/", {**PILOT, "is_active": False})
    gone = marketer_api.post(f"{url}remove/")
    assert (unused.status_code, unused.json()["code"]) == (409, "last_step")
    assert (gone.status_code, gone.json()["code"]) == (409, "last_step")
    assert steps() == before


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("catalogue/competitors/", {"name": "Rival"}),
        ("catalogue/competitors/{rival}/change/", {"name": "Foe"}),
        ("catalogue/competitors/{rival}/remove/", None),
        ("deal-steps/", PILOT),
        ("deal-steps/{step}/change/", PILOT),
        ("deal-steps/{step}/move/", {"to": "up"}),
        ("deal-steps/{step}/remove/", None),
    ],
)
def test_reps_keep_no_lists_and_nobody_what_is_not_there(address, body, rep_api, marketer_api):
    rival = Competitor.objects.create(name="Zeta", key="zeta")
    step = DealStep.objects.create(name="Last", key="last", position=90)
    before = steps(), list(Competitor.objects.values_list("name", flat=True))
    url = API + address.format(rival=rival.pk, step=step.pk)
    refused = rep_api.post(url, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    if "{" in address:
        nowhere = API + address.format(rival=10**9, step=10**9)
        assert marketer_api.post(nowhere, body).status_code == 404
    assert (steps(), list(Competitor.objects.values_list("name", flat=True))) == before


def test_there_is_no_other_list(marketer_api):
    assert marketer_api.get(f"{API}catalogue/secrets/").status_code == 404
    assert marketer_api.post(f"{API}catalogue/secrets/", {"name": "X"}).status_code == 404


@pytest.mark.parametrize("n", [1, 3])
def test_names_are_listed_in_as_many_statements_however_many_there_are(
    n, rep_api, django_assert_num_queries
):
    Competitor.objects.bulk_create(Competitor(name=f"Z{i}", key=f"z{i}") for i in range(n))
    with django_assert_num_queries(5):
        rep_api.get(f"{API}catalogue/competitors/")
