"""`POST /api/v1/capture/`: one person or 500, each with a result, each key once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import LifecycleStage
from leads.models import (
    Campaign,
    CaptureReceipt,
    Consent,
    Contact,
    Lead,
    ProductLine,
    ProposedChange,
    Source,
    Touch,
)
from smarketing import time_source
from tests.leads.api.conftest import caller, marketer_api, rep_api  # noqa: F401  # fixtures
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
PATH = "/api/v1/capture/"
ANNA = {"kind": "WEBINAR", "email": "anna@acme.example", "given_name": "Anna"}


def people() -> tuple[int, int, int]:
    return Contact.objects.count(), Lead.objects.count(), Touch.objects.count()


def test_one_capture_keeps_everything_that_is_told(marketer_api, marketer):  # noqa: F811
    Campaign.objects.create(name="Spring", key="spring", channel="webinar")
    ProductLine.objects.create(name="Pumps", key="pumps")
    at = time_source.now() - timedelta(hours=1)
    told = {
        **ANNA, "family_name": "Rossi", "company": "Acme", "job_title": "Buyer", "phone": "1",
        "country": "Italy", "city": "Bologna", "source": "Partner", "campaign": "spring",
        "product_line": "PUMPS", "occurred_at": at.isoformat(), "detail": "Live", "url": "/w",
        "utm_source": "n", "utm_medium": "m", "utm_campaign": "c", "utm_term": "t",
        "utm_content": "x", "external_id": {"system": "crm", "id": "7"},
        "consent": {"given": True, "text": "Write to me.", "text_version": "2"},
    }  # fmt: skip
    answer = marketer_api.post(PATH, told)
    lead = Lead.objects.select_related("contact", "campaign", "source", "product_line").get()
    contact = lead.contact
    assert (answer.status_code, answer.json()) == (
        201, {"verdict": "begun", "contact": contact.pk, "lead": lead.pk, "again": False}
    )  # fmt: skip
    assert (lead.stage, lead.campaign.name, lead.source.name, lead.product_line.name) == (
        "LEAD", "Spring", "Partner", "Pumps"
    )  # fmt: skip
    assert (contact.name, contact.captured_through, contact.captured_by) == (
        "Anna Rossi", "api", marketer
    )  # fmt: skip
    touch = Touch.objects.values().get()
    wanted = {
        "kind": "WEBINAR", "contact_id": contact.pk, "campaign_id": lead.campaign_id, "url": "/w",
        "source_id": lead.source_id, "occurred_at": at, "detail": "Live", "utm_source": "n",
        "utm_medium": "m", "utm_campaign": "c", "utm_term": "t", "utm_content": "x",
    }  # fmt: skip
    assert {name: touch[name] for name in wanted} == wanted
    consent = Consent.objects.get()
    assert (
        consent.contact, consent.given, consent.purpose, consent.text, consent.text_version,
        consent.through, consent.recorded_by,
    ) == (contact, True, "MARKETING", "Write to me.", "2", "api", marketer)  # fmt: skip


def test_a_known_person_gets_the_touch_and_proposed_changes_alone(marketer_api):  # noqa: F811
    lead = lead_at(given_name="Anna", phone="051 1", company="Acme")
    before = Contact.objects.values().get()
    answer = marketer_api.post(
        PATH, {**ANNA, "given_name": "Eve", "phone": "0511", "city": "Rome", "company": "Evil"}
    )
    assert (answer.status_code, answer.json()["verdict"], answer.json()["lead"]) == (
        200, "known", lead.pk
    )  # fmt: skip
    after = Contact.objects.values().get()
    changed = {name for name, value in before.items() if after[name] != value}
    assert changed <= {"city", "search"}
    assert after["city"] == "Rome"
    assert people() == (1, 1, 1)
    rows = ProposedChange.objects.values_list("field", "known", "proposed", "through", "state")
    assert list(rows.order_by("field")) == [
        ("company", "Acme", "Evil", "api", "OPEN"),
        ("given_name", "Anna", "Eve", "api", "OPEN"),
    ]


def test_the_same_key_does_nothing_again(marketer_api):  # noqa: F811
    first = marketer_api.post(PATH, {**ANNA, "key": "w-1"})
    again = marketer_api.post(PATH, {**ANNA, "key": "w-1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "again": True}
    other = marketer_api.post(PATH, {**ANNA, "key": "w-1", "city": "Rome"})
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert people() == (1, 1, 1)


def test_keys_belong_to_their_sender(marketer_api, rep_api):  # noqa: F811
    marketer_api.post(PATH, {**ANNA, "key": "w-1"})
    assert rep_api.post(PATH, {**ANNA, "key": "w-1"}).json()["again"] is False
    assert people() == (1, 1, 2)


def test_a_refused_capture_gives_its_key_back_and_changes_nothing(marketer_api):  # noqa: F811
    told = {**ANNA, "key": "w-1", "campaign": "None such", "source": "New"}
    refused = marketer_api.post(PATH, told)
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_name")
    assert set(refused.json()["fields"]) == {"campaign"}
    assert (people(), CaptureReceipt.objects.count()) == ((0, 0, 0), 0)
    assert not Source.objects.filter(key="new").exists()
    assert marketer_api.post(PATH, {**ANNA, "key": "w-1"}).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"email": "no address"}, 400),
        ({"email": ""}, 400),
        ({"kind": "SPELL"}, 400),
        ({"given_name": "x" * 101}, 400),
        ({"given_name": "a\0b"}, 400),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, 422),
    ],
)
def test_bad_input_is_refused_by_field(wrong, status, marketer_api):  # noqa: F811
    answer = marketer_api.post(PATH, {**ANNA, **wrong})
    assert (answer.status_code, set(answer.json()["fields"])) == (status, set(wrong))
    assert people() == (0, 0, 0)


def test_nobody_is_nobody(marketer_api):  # noqa: F811
    answer = marketer_api.post(PATH, {"kind": "FAIR"})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_identity")


def test_a_list_has_a_result_for_each(marketer_api):  # noqa: F811
    lead = lead_at(email="known@acme.example")
    captures = [
        {**ANNA, "key": "1"},
        {"kind": "FAIR", "email": "known@acme.example"},
        {"kind": "FAIR", "email": "bad"},
        {"kind": "FAIR", "email": "x@acme.example", "campaign": "None such"},
        {"kind": "FAIR"},
        {**ANNA, "key": "1"},
        {**ANNA, "key": "1", "phone": "2"},
    ]
    answer = marketer_api.post(PATH, {"captures": captures})
    told = [
        (r["verdict"], r["again"], (r["problem"] or {}).get("code", ""))
        for r in answer.json()["results"]
    ]
    assert (answer.status_code, told) == (200, [
        ("begun", False, ""), ("known", False, ""), ("refused", False, "invalid"),
        ("refused", False, "unknown_name"), ("refused", False, "no_identity"),
        ("begun", True, ""), ("refused", False, "key_reused"),
    ])  # fmt: skip
    assert answer.json()["results"][1]["lead"] == lead.pk
    assert people() == (2, 2, 2)


def test_a_list_sent_again_changes_nothing(marketer_api):  # noqa: F811
    captures = [{**ANNA, "email": f"p{n}@acme.example", "key": str(n)} for n in range(3)]
    first = marketer_api.post(PATH, {"captures": captures}).json()["results"]
    again = marketer_api.post(PATH, {"captures": captures}).json()["results"]
    assert again == [{**one, "again": True} for one in first]
    assert people() == (3, 3, 3)


@pytest.mark.parametrize("captures", [[], [ANNA] * 501, "no list"])
def test_a_list_holds_one_to_five_hundred(captures, marketer_api):  # noqa: F811
    answer = marketer_api.post(PATH, {"captures": captures})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["captures"])


def test_the_statements_do_not_grow_with_the_list(marketer_api):  # noqa: F811
    def captured(mark: str, count: int) -> int:
        captures = [
            {
                **ANNA, "email": f"{mark}{n}@{mark}{n}.example", "key": f"{mark}{n}",
                "source": f"{mark}{n}", "consent": {"given": True},
            }
            for n in range(count)
        ]  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            answer = marketer_api.post(PATH, {"captures": captures})
        assert {one["verdict"] for one in answer.json()["results"]} == {"begun"}
        return len(asked)

    captured("warm", 1)
    assert captured("one", 1) == captured("many", 30)


def test_neutral_roles_capture_nobody(facilitator, administrator):
    for person in (facilitator, administrator):
        assert caller(person).post(PATH, ANNA).status_code == 403
        assert caller(person).post(PATH, {"captures": [ANNA]}).status_code == 403
    assert people() == (0, 0, 0)


def test_what_sales_works_on_stays_as_it_is(marketer_api, rep):  # noqa: F811
    lead = lead_at(LifecycleStage.SAL, owner=rep)
    before = facts(lead)
    assert marketer_api.post(PATH, ANNA).json()["lead"] == lead.pk
    after = facts(lead)
    assert after["transitions"] == before["transitions"]
    assert after["lead"]["owner_id"] == rep.pk


@pytest.mark.django_db(transaction=True)
def test_one_key_in_parallel_is_one_capture(marketer):
    start = Barrier(8)

    def send():
        start.wait()
        try:
            return caller(marketer).post(PATH, {**ANNA, "key": "w-1"}).json()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        told = [done.result() for done in [threads.submit(send) for _ in range(8)]]
    assert sorted(one["again"] for one in told) == [False] + [True] * 7
    assert len({one["lead"] for one in told}) == 1
    assert people() == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_lists_of_the_same_new_people_in_opposite_order_do_not_wait_in_a_ring(marketer):
    captures = [{**ANNA, "email": f"p{n}@acme.example"} for n in range(20)]
    start = Barrier(4)

    def send(told):
        start.wait()
        try:
            return caller(marketer).post(PATH, {"captures": told}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        lists = [captures, captures[::-1]] * 2
        codes = [done.result() for done in [threads.submit(send, told) for told in lists]]
    assert codes == [200] * 4
    assert people() == (20, 20, 80)
