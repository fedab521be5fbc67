"""A person's consents, data and erasure by REST, and on the contact's page."""

from __future__ import annotations

import pytest

from leads.enums import LifecycleStage
from leads.models import Consent, Contact, Erasure, ExportFile
from tests.conftest import AT
from tests.leads.out.test_erasing import signed_in
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def anna(rep) -> Contact:
    lead = lead_at(LifecycleStage.SAL, email="anna@a.example", given_name="Anna", owner=rep)
    Consent.objects.create(
        contact=lead.contact, purpose="MARKETING", given=True, text="Write to me.",
        text_version="2", at=AT, through="form: Contact",
    )  # fmt: skip
    return lead.contact


def test_objection_and_agreement(anna, rep):
    client, url = signed_in(rep), f"/api/v1/contacts/{anna.pk}"
    assert client.get(f"{url}/consents/").json()["no_marketing_since"] is None
    answer = client.post(f"{url}/object/", {"how": "by phone"}, JSON)
    assert answer.status_code == 200
    assert answer.json()["no_marketing_since"] is not None
    assert [(one["given"], one["through"]) for one in answer.json()["consents"]] == [
        (False, "by phone"), (True, "form: Contact"),
    ]  # fmt: skip
    lead = client.get(f"/api/v1/leads/{anna.leads.get().pk}/").json()
    assert lead["marketing_mail_allowed"] is False
    said = {"words": "Write to me again.", "version": "3", "how": "at the fair"}
    answer = client.post(f"{url}/agree/", said, JSON)
    assert answer.json()["no_marketing_since"] is None
    newest = answer.json()["consents"][0]
    assert (newest["text"], newest["text_version"], newest["recorded_by"]["id"]) == (
        "Write to me again.", "3", rep.pk,
    )  # fmt: skip


def test_the_same_key_twice_is_one_objection(anna, rep):
    client, url = signed_in(rep), f"/api/v1/contacts/{anna.pk}/object/"
    answers = [
        client.post(url, {"how": "by phone"}, JSON, headers={"Idempotency-Key": "k"}).json()
        for _n in range(2)
    ]
    assert answers[0] == answers[1]
    assert Consent.objects.filter(given=False).count() == 1


def test_everything_known(anna, administrator, rep):
    url = f"/api/v1/contacts/{anna.pk}/data/"
    told = signed_in(administrator).get(url).json()
    assert told["contact"][0]["email"] == "anna@a.example"
    assert told["consents"][0]["text"] == "Write to me."
    assert ExportFile.objects.get().owner == administrator
    assert signed_in(rep).get(url).status_code == 403
    assert ExportFile.objects.count() == 1


def test_erasure(anna, administrator, rep):
    url = f"/api/v1/contacts/{anna.pk}/erase/"
    assert signed_in(rep).post(url, {"reason": "asked"}, JSON).status_code == 403
    client = signed_in(administrator)
    assert client.post(url, {"reason": ""}, JSON).status_code == 400
    assert not Erasure.objects.exists()
    answer = client.post(url, {"reason": "asked"}, JSON)
    assert (answer.status_code, answer.json()["contact"]) == (200, anna.pk)
    assert client.post(url, {"reason": "asked"}, JSON).status_code == 409
    assert client.post(url.replace(str(anna.pk), "999999"), {}, JSON).status_code == 404


def test_retention(administrator, rep):
    url, client = "/api/v1/retention/", signed_in(administrator)
    assert client.get(url).json() == {"idle_months": None, "notice_months": 12, "export_hours": 72}
    said = {"idle_months": 36, "notice_months": None, "export_hours": 24}
    assert client.post(url, said, JSON).json() == said
    assert client.get(url).json() == said
    assert client.post(url, {**said, "export_hours": 0}, JSON).status_code == 400
    assert signed_in(rep).post(url, said, JSON).status_code == 403


def test_the_page_shows_the_history_and_takes_an_objection(anna, rep, facilitator):
    client, url = signed_in(rep), f"/contacts/{anna.pk}/"
    page = client.get(url).content.decode()
    assert "form: Contact" in page
    assert "The words, version 2" in page
    assert client.post(f"{url}object/", {"how": ""}).status_code == 422
    assert client.post(f"{url}object/", {"how": "by phone"}).status_code == 302
    assert "No marketing" in client.get(url).content.decode()
    Consent.objects.create(
        contact=anna, purpose="MARKETING", given=True, through="form: Contact",
        at=Contact.objects.get(pk=anna.pk).no_marketing_since,
    )  # fmt: skip
    assert "A yes came in afterwards" in client.get(url).content.decode()
    said = {"words": "Write.", "version": "", "how": "by phone"}
    assert client.post(f"{url}agree/", {**said, "words": " "}).status_code == 422
    assert client.post(f"{url}agree/", said).status_code == 302
    assert "No marketing" not in client.get(url).content.decode()
    assert signed_in(facilitator).get(f"{url}object/").status_code == 403
