"""The organisation's own fields in forms: asked, read by their type, filled, never overwritten."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from leads.enums import AttributeKind, AttributeSubject, ChangeState
from leads.models import Company, Contact, CustomAttribute, Lead, ProposedChange, Submission
from leads.services.attributes import define_attribute, use_attribute
from leads.services.contacts import ContactFacts
from leads.services.forms import FormFacts, save_form
from leads.services.proposals import Told, propose_changes, take_change
from smarketing.errors import BadInput
from tests.conftest import AT
from tests.leads.capture.made import ANNA, TEXTS, a_form, send, written
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
K, S = AttributeKind, AttributeSubject
LINES, SINCE, SECTOR = "contact.attributes.lines", "contact.attributes.since", "lead.attributes.use"
HOLDS = "contact.attributes.own_lab"
NAMES = (LINES, HOLDS, SINCE, SECTOR)


@pytest.fixture(autouse=True)
def _no_knocks() -> None:
    cache.clear()


@pytest.fixture
def own(administrator) -> list[CustomAttribute]:
    def made(subject: S, label: str, kind: K, choices: tuple[str, ...] = ()) -> CustomAttribute:
        return define_attribute(
            subject=subject, label=label, kind=kind, choices=choices, by=administrator
        )

    return [
        made(S.CONTACT, "Lines", K.NUMBER), made(S.CONTACT, "Since", K.DATE),
        made(S.CONTACT, "Own lab", K.FLAG), made(S.LEAD, "Use", K.CHOICE, ("Dairy", "Beer")),
    ]  # fmt: skip


def asking(marketer, **required: bool):
    return a_form(marketer, asked={"family_name": True, **dict.fromkeys(NAMES, False), **required})


def test_values_are_kept_by_their_type_on_the_person_and_the_lead(own, marketer):
    form = asking(marketer)
    assert [one["name"] for one in form.fields] == ["family_name", "email", *NAMES]
    told = {LINES: "1,5", SINCE: "2020-02-29", HOLDS: "no", SECTOR: "beer"}
    assert send(form, {**ANNA, **told}).status_code == 202
    assert Contact.objects.get().attributes == {
        "lines": 1.5, "since": "2020-02-29", "own_lab": False
    }  # fmt: skip
    assert Lead.objects.get().attributes == {"use": "Beer"}
    assert Submission.objects.get().values == {
        **ANNA, LINES: 1.5, SINCE: "2020-02-29", HOLDS: False, SECTOR: "Beer"
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {LINES: "NaN"}, {LINES: "1e999"}, {LINES: "many"}, {SINCE: "2026-02-31"},
        {SINCE: "0000-01-01"}, {SINCE: "31.12.2026"}, {HOLDS: "perhaps"}, {SECTOR: "Wine"},
        {SECTOR: "a\0b"}, {LINES: "9" * 30},
    ],
)  # fmt: skip
def test_what_the_type_does_not_hold_is_refused_at_its_field(wrong, own, marketer):
    answer = send(asking(marketer), {**ANNA, **wrong})
    assert (answer.status_code, answer.content.count(b'aria-invalid="true"')) == (422, 1)
    assert (written(), Contact.objects.count()) == ((0, 0, 0, 0), 0)


def test_a_required_one_is_required(own, marketer):
    form = asking(marketer, **{LINES: True})
    assert (send(form).status_code, written()) == (422, (0, 0, 0, 0))
    assert send(form, {**ANNA, LINES: "0"}).status_code == 202
    assert Contact.objects.get().attributes == {"lines": 0}


def test_known_values_stay_empty_ones_are_filled_and_others_wait(own, marketer):
    lead = lead_at(email="anna@acme.example", family_name="Rossi")
    Contact.objects.update(attributes={"lines": 3, "own_lab": True})
    Lead.objects.update(attributes={"use": "Dairy"})
    told = {LINES: "4", SINCE: "2020-02-29", HOLDS: "no", SECTOR: "Beer"}
    send(asking(marketer), {**ANNA, **told})
    lead.refresh_from_db()
    assert Contact.objects.get().attributes == {
        "lines": 3, "own_lab": True, "since": "2020-02-29"
    }  # fmt: skip
    assert lead.attributes == {"use": "Dairy"}
    proposed = ProposedChange.objects.values_list("field", "known", "proposed").order_by("field")
    assert list(proposed) == [
        (LINES, "3", "4"), (HOLDS, "yes", "no"), (SECTOR, "Dairy", "Beer")
    ]  # fmt: skip
    for change in ProposedChange.objects.all():
        take_change(change.pk, actor=marketer, at=AT)
    lead.refresh_from_db()
    assert Contact.objects.get().attributes == {
        "lines": 4, "own_lab": False, "since": "2020-02-29"
    }  # fmt: skip
    assert lead.attributes == {"use": "Beer"}


def test_an_open_lead_gets_what_it_lacks(own, marketer):
    lead = lead_at(email="anna@acme.example")
    send(asking(marketer), {**ANNA, SECTOR: "Beer"})
    version = lead.version
    lead.refresh_from_db()
    assert (lead.attributes, lead.version > version) == ({"use": "Beer"}, True)
    assert ProposedChange.objects.count() == 0


@pytest.fixture
def labs(own, administrator) -> str:
    define_attribute(subject=S.COMPANY, label="Labs", kind=K.NUMBER, by=administrator)
    return "company.attributes.labs"


def test_a_field_of_the_company_is_kept_on_whom_the_person_works_for(labs, marketer):
    form = asking(marketer, **{labs: True})
    assert (send(form).status_code, written()) == (422, (0, 0, 0, 0))
    assert send(form, {**ANNA, labs: "3"}).status_code == 202
    company = Company.objects.get()
    assert (company.attributes, company.version) == ({"labs": 3}, 2)
    assert Contact.objects.get().attributes == {}
    assert ProposedChange.objects.count() == 0


def test_what_is_known_of_a_company_waits_for_a_decision(labs, marketer):
    form = asking(marketer, **{labs: False})
    send(form, {**ANNA, labs: "3"})
    send(form, {**ANNA, "email": "bea@acme.example", labs: "4"})
    assert Company.objects.get().attributes == {"labs": 3}
    change = ProposedChange.objects.get()
    assert (change.field, change.known, change.proposed) == (labs, "3", "4")
    take_change(change.pk, actor=marketer, at=AT)
    assert Company.objects.get().attributes == {"labs": 4}


def test_another_company_than_the_known_one_is_not_told_of(labs, marketer):
    form = asking(marketer, **{labs: False, "company": False})
    send(form, {"email": "anna@gmail.com", "family_name": "Rossi", "company": "Acme"})
    send(form, {"email": "anna@gmail.com", "family_name": "Rossi", "company": "Beta", labs: "4"})
    assert {one.name: one.attributes for one in Company.objects.all()} == {"Acme": {}, "Beta": {}}
    assert [one.field for one in ProposedChange.objects.all()] == ["company"]


def test_without_a_company_the_answer_stays_with_what_was_sent(labs, marketer):
    form = asking(marketer, **{labs: False})
    assert send(form, {"email": "anna@gmail.com", "family_name": "R", labs: "4"}).status_code == 202
    assert (Company.objects.count(), Submission.objects.get().values[labs]) == (0, 4)


def test_the_page_asks_by_what_fits_the_type(own, marketer):
    form = asking(marketer)
    page = Client().get(f"/f/{form.token}/").content.decode()
    assert f'name="{SINCE}"' in page
    assert 'type="date"' in page
    assert 'inputmode="decimal"' in page
    assert '<option value="Dairy">Dairy</option>' in page


def test_one_out_of_use_is_no_longer_asked(own, marketer, administrator):
    form = asking(marketer, **{LINES: True})
    use_attribute(own[0], in_use=False, by=administrator)
    assert LINES not in Client().get(f"/f/{form.token}/").content.decode()
    assert send(form, {**ANNA, LINES: "4"}).status_code == 202
    assert Contact.objects.get().attributes == {}


def test_a_form_asks_nothing_that_nobody_knows(own, marketer):
    for name in ("shoe_size", "contact.attributes.none", "company.attributes.lines"):
        with pytest.raises(BadInput) as refused:
            save_form(
                None, FormFacts(name="X", texts=TEXTS, asked={name: True}), actor=marketer, at=AT
            )
        assert list(refused.value.fields) == ["asked"]


def test_the_builder_offers_and_keeps_them(own, marketer, client):
    client.force_login(marketer)
    form = asking(marketer)
    page = client.get(f"/forms/{form.pk}/edit/").content.decode()
    assert f'name="ask_{SECTOR}"' in page
    told = {
        "name": form.name, "kind": "WEB", "languages": ["en"], "en_title": "T", "is_active": "on",
        "version": form.version, f"ask_{SECTOR}": "required",
    }  # fmt: skip
    assert client.post(f"/forms/{form.pk}/edit/", told).status_code == 302
    form.refresh_from_db()
    assert form.fields == [
        {"name": "email", "required": True}, {"name": SECTOR, "required": True}
    ]  # fmt: skip
    assert "Use*" in client.get(f"/forms/{form.pk}/").content.decode()


def test_the_pages_name_a_proposed_own_value(own, marketer, client):
    lead = lead_at(email="anna@acme.example")
    Contact.objects.update(attributes={"lines": 3})
    facts = ContactFacts(captured_through="form: X", attributes={"lines": 4})
    propose_changes([Told(contact_id=lead.contact_id, facts=facts)], at=AT)
    client.force_login(marketer)
    assert "Take Lines" in client.get(f"/leads/{lead.pk}/proposed/").content.decode()
    change = ProposedChange.objects.get()
    assert client.post(f"/proposed-changes/{change.pk}/take/").status_code == 302
    change.refresh_from_db()
    assert (change.state, Contact.objects.get().attributes) == (ChangeState.TAKEN, {"lines": 4})
