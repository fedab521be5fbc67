"""`Idempotency-Key`: a write sent again does nothing again and is answered the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction
from django.urls import URLResolver, get_resolver

from accounts.api.idempotency import is_keyed
from accounts.models import KeptAnswer
from accounts.services.kept_answers import (
    KEPT,
    keep_answer,
    kept_answer,
    prune_kept_answers,
    take_key,
)
from leads.enums import LifecycleStage
from leads.models import Contact, Lead, StageTransition
from tests.conftest import AT
from tests.leads.api.conftest import caller
from tests.leads.records import facts, lead_at

LEADS = "/api/v1/leads/"
ANNA = {"email": "anna@acme.example", "given_name": "Anna"}
TICK = timedelta(microseconds=1)
S = LifecycleStage


def post(client, body, key, path=LEADS):
    return client.post(path, body, headers={"Idempotency-Key": key})


@pytest.mark.django_db
def test_the_same_request_again_does_nothing_and_is_answered_the_same(marketer):
    client, lead = caller(marketer), lead_at()
    path = f"{LEADS}{lead.pk}/move/"
    first = post(client, {"to_stage": "MQL"}, "k1", path)
    before = facts(lead)
    again = post(client, {"to_stage": "MQL"}, "k1", path)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert (again["Idempotency-Replayed"], first.has_header("Idempotency-Replayed")) == (
        "true",
        False,
    )
    assert facts(lead) == before


@pytest.mark.django_db
def test_a_created_answer_stays_201(marketer):
    client = caller(marketer)
    answers = [post(client, ANNA, "k1") for _n in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert (Contact.objects.count(), Lead.objects.count(), KeptAnswer.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (LEADS, {**ANNA, "given_name": "Anne"}),
        (f"{LEADS}?a=1", ANNA),
    ],
    ids=["another body", "another address"],
)
def test_the_key_with_another_request_is_refused(marketer, path, body):
    client = caller(marketer)
    post(client, ANNA, "k1")
    response = post(client, body, "k1", path)
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert list(response.json()["fields"]) == ["Idempotency-Key"]
    assert (Contact.objects.get().given_name, Lead.objects.count()) == ("Anna", 1)


@pytest.mark.django_db
def test_the_order_of_the_fields_does_not_matter(marketer):
    client = caller(marketer)
    post(client, ANNA, "k1")
    assert post(client, dict(reversed(ANNA.items())), "k1")["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_each_person_has_keys_of_his_own(marketer, rep):
    post(caller(marketer), ANNA, "k1")
    response = post(caller(rep), {"email": "otto@acme.example"}, "k1")
    assert response.status_code == 201
    # A second token of the same person is the same caller.
    assert post(caller(marketer), ANNA, "k1")["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_a_refusal_is_not_kept_so_the_key_serves_once_the_cause_is_mended(marketer):
    client, lead = caller(marketer), lead_at()
    path = f"{LEADS}{lead.pk}/move/"
    wrong = {"disposition": "RECYCLED", "reason": "other"}
    assert post(client, wrong, "k1", path).status_code == 409
    assert KeptAnswer.objects.count() == 0
    right = {**wrong, "note": "In spring."}
    assert post(client, right, "k1", path).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é"])
def test_a_key_that_is_none_is_refused(marketer, key):
    response = post(caller(marketer), ANNA, key.encode("latin-1").decode("latin-1"))
    assert (response.status_code, response.json()["code"]) == (422, "bad_input")
    assert Contact.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "kept"), [(KEPT - TICK, True), (KEPT, False), (KEPT + TICK, False)]
)
def test_keys_are_kept_for_a_day(marketer, age, kept):
    row = KeptAnswer(user=marketer, key="k1", fingerprint="f", status=200, body="{}")
    row.created_at = AT
    keep_answer(row)
    assert (kept_answer(marketer, "k1", at=AT + age) is not None) is kept
    assert prune_kept_answers(at=AT + age) == (0 if kept else 1)
    assert KeptAnswer.objects.count() == (1 if kept else 0)


@pytest.mark.django_db
def test_a_key_that_has_run_out_may_be_used_anew(marketer):
    client = caller(marketer)
    post(client, ANNA, "k1")
    KeptAnswer.objects.update(created_at=AT - KEPT)
    assert post(client, {"email": "otto@acme.example"}, "k1").status_code == 201
    assert KeptAnswer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_does_the_work(marketer):
    """While the first holds the key the second is told so; afterwards it gets the answer."""
    held, told = Event(), Event()

    def first():
        with transaction.atomic():
            taken = take_key(marketer, "k1")
            held.set()
            told.wait(10)
        connection.close()
        return taken

    client = caller(marketer)
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(first)
        held.wait(10)
        response = post(client, ANNA, "k1")
        told.set()
        assert done.result() is True
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_key_in_use")
    assert Contact.objects.count() == 0
    assert post(client, ANNA, "k1").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_move(marketer):
    lead, clients = lead_at(), [caller(marketer) for _n in range(8)]
    path = f"{LEADS}{lead.pk}/move/"

    def send(client):
        try:
            return post(client, {"to_stage": "MQL"}, "k1", path).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(send, clients))
    assert answers <= {200, 409}
    assert 200 in answers
    assert StageTransition.objects.filter(lead=lead, to_stage=S.MQL).count() == 1


def handlers():
    """Every write handler below the API's address, by route and method."""

    def walk(resolver, prefix=""):
        for one in resolver.url_patterns:
            route = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one, route)
            elif route.startswith("api/v1/") and hasattr(one.callback, "cls"):
                for method in ("post", "put", "patch", "delete"):
                    if hasattr(one.callback.cls, method):
                        yield f"{method} {route}", getattr(one.callback.cls, method)

    return dict(walk(get_resolver()))


def test_every_write_of_the_api_obeys_the_header():
    assert [name for name, handler in handlers().items() if not is_keyed(handler)] == []
    assert "post api/v1/leads/" in handlers()
