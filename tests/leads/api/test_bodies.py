"""Bodies that nobody's program should send: refused in the one shape, nothing done."""

from __future__ import annotations

import pytest

from leads.models import Contact, Lead, Source

pytestmark = pytest.mark.django_db
LEADS = "/api/v1/leads/"
JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        ("[" * 200_000, 400, ("parse_error", "The JSON is nested too deeply.")),
        (r'{"stage": "\ud800"}', 400, ("parse_error", "The JSON holds half a character.")),
        (r'{"\udfff": 1}', 400, ("parse_error", "The JSON holds half a character.")),
        ('{"note": "' + "x" * 3_000_000 + '"}', 413, ("too_large", "The request is too large.")),
    ],
    ids=["nested", "half a value", "half a key", "large"],
)
def test_a_body_that_cannot_be_read_is_refused_in_the_one_shape(marketer_api, body, status, answer):
    response = marketer_api.generic("POST", LEADS, body.encode(), content_type=JSON)
    assert response.status_code == status
    code, message = answer
    assert response.json() == {"code": code, "message": message, "fields": {}}
    assert (Contact.objects.count(), Lead.objects.count()) == (0, 0)


def test_a_character_written_as_a_pair_is_one_character(marketer_api):
    body = rb'{"email": "anna@acme.example", "given_name": "Anna \ud83d\ude80"}'
    response = marketer_api.generic("POST", LEADS, body, content_type=JSON)
    assert response.status_code == 201
    assert Contact.objects.get().given_name == "Anna \N{ROCKET}"


@pytest.mark.parametrize(
    ("email", "kept", "company"),
    [
        ("a@" + ".".join(["d" * 60] * 4) + ".de", None, ".".join(["d" * 60] * 4)[:200]),
        ("a@\u13a0\u13a1.de", "a@\uab70\uab71.de", "\uab70\uab71.de"),
    ],
    ids=["a domain longer than a company's name", "capitals that case-folding makes"],
)
def test_every_legal_address_makes_a_contact(marketer_api, email, kept, company):
    body = {"email": email}
    answers = [marketer_api.post(LEADS, body).status_code for _twice in range(2)]
    assert answers == [201, 200]
    contact = Contact.objects.select_related("company").get()
    assert (contact.email, contact.company.name) == (kept or email, company)


def test_a_source_whose_folded_name_is_longer_than_its_name_stays_with_the_lead(marketer_api):
    for email in ("anna@acme.example", "bea@acme.example"):
        body = {"email": email, "source": "ß" * 100}
        assert marketer_api.post(LEADS, body).json()["source"]["name"] == "ß" * 100
    assert Source.objects.count() == 1


def test_the_root_of_the_api_is_no_endpoint(marketer_api):
    answer = marketer_api.get("/api/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
