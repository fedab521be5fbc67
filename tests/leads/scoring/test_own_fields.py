"""Fields of the organisation's own: defined once, typed, refused at the field, in filters."""

from __future__ import annotations

import re

import pytest

from leads.attributes import Unreadable, read_value
from leads.enums import AttributeKind, AttributeSubject
from leads.models import CustomAttribute, Lead
from leads.services.attributes import (
    change_attribute,
    define_attribute,
    use_attribute,
    write_values,
)
from leads.services.editing import ChangedMeanwhile
from smarketing.errors import BadInput, NotAllowed
from tests.conftest import AT
from tests.leads.records import facts, lead_at
from tests.leads.scoring.made import fit_rule, ledger

pytestmark = pytest.mark.django_db
K, On = AttributeKind, AttributeSubject


def field(kind=K.NUMBER, subject=On.LEAD, key="plants", **fields):
    return CustomAttribute.objects.create(
        subject=subject, key=key, label=key.title(), kind=kind, **fields
    )


def write(row, values, actor, version=None):
    return write_values(row, values, version=version or row.version, actor=actor, at=AT)


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (K.TEXT, "  Parma ", "Parma"),
        (K.TEXT, "", None),
        (K.NUMBER, "12,5", 12.5),
        (K.NUMBER, 3, 3),
        (K.NUMBER, "3.0", 3),
        (K.DATE, "2026-02-28", "2026-02-28"),
        (K.FLAG, "yes", True),
        (K.FLAG, False, False),
        (K.CHOICE, "gold", "Gold"),
        (K.CHOICE, None, None),
    ],
)
def test_a_value_is_kept_by_its_type(kind, given, kept):
    assert read_value(kind, ["Gold", "Silver"], given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (K.TEXT, "x" * 501),
        (K.TEXT, "a\x00b"),
        (K.TEXT, ["a"]),
        (K.NUMBER, "many"),
        (K.NUMBER, "NaN"),
        (K.NUMBER, "1e999"),
        (K.NUMBER, True),
        (K.DATE, "2026-02-31"),
        (K.DATE, "20260228"),
        (K.FLAG, "perhaps"),
        (K.CHOICE, "Bronze"),
    ],
)
def test_a_value_that_the_field_cannot_hold_is_refused(kind, given):
    with pytest.raises(Unreadable):
        read_value(kind, ["Gold", "Silver"], given)


def test_a_field_is_defined_with_a_key_that_stays(manager_sales):
    made = define_attribute(
        subject=On.COMPANY, label="Città di produzione", kind=K.CHOICE,
        choices=["Parma", " ", "parma", "Bari"], by=manager_sales,
    )  # fmt: skip
    assert (made.key, made.choices) == ("citta_di_produzione", ["Parma", "Bari"])
    change_attribute(made, label="Plant", choices=["Bari"], by=manager_sales)
    made.refresh_from_db()
    assert (made.key, made.label, made.choices) == ("citta_di_produzione", "Plant", ["Bari"])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"label": " "}, "label"),
        ({"label": "!?"}, "label"),
        ({"label": "plants"}, "label"),
        ({"kind": "COLOUR"}, "kind"),
        ({"kind": K.CHOICE, "choices": [" "]}, "choices"),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(fields, wrong, administrator):
    field()
    told = {"subject": On.LEAD, "label": "Budget", "kind": K.NUMBER, **fields}
    with pytest.raises(BadInput) as refusal:
        define_attribute(**told, by=administrator)
    assert list(refusal.value.fields) == [wrong]
    assert CustomAttribute.objects.count() == 1


@pytest.mark.parametrize("who", ["marketer", "rep", "facilitator"])
def test_others_define_no_fields(who, request):
    with pytest.raises(NotAllowed):
        define_attribute(
            subject=On.LEAD, label="Budget", kind=K.NUMBER, by=request.getfixturevalue(who)
        )
    assert CustomAttribute.objects.count() == 0


def test_values_are_written_where_they_belong_and_scored(marketer):
    field(subject=On.COMPANY)
    field(K.FLAG, On.CONTACT, "vip")
    fit_rule(15, criterion={"kind": "at_least", "field": "company.attributes.plants", "value": 3})
    lead = lead_at(company="Acme")
    write(lead.contact.company, {"plants": "4"}, marketer)
    write(lead.contact, {"vip": "yes"}, marketer)
    lead.contact.refresh_from_db()
    assert lead.contact.attributes == {"vip": True}
    assert ledger(lead) == {"Fit 15": 15}


def test_values_not_named_stay_and_an_empty_one_goes(rep):
    field()
    field(K.TEXT, key="phase")
    lead = write(lead_at(), {"plants": 3, "phase": "pilot"}, rep)
    lead = write(lead, {"plants": ""}, rep)
    assert Lead.objects.get().attributes == {"phase": "pilot"}
    assert lead.version == Lead.objects.get().version


@pytest.mark.parametrize(
    ("values", "key"),
    [({"plants": "many"}, "plants"), ({"shoes": 1}, "shoes"), ({"old": 1}, "old")],
    ids=["unreadable", "unknown", "out of use"],
)
def test_a_wrong_value_is_refused_at_its_key(values, key, rep):
    field()
    field(key="old", is_active=False)
    lead = lead_at()
    before = facts(lead)
    with pytest.raises(BadInput) as refusal:
        write(lead, {**values, "plants": values.get("plants", 2)}, rep)
    assert list(refusal.value.fields) == [key]
    assert facts(lead) == before


def test_a_second_writer_is_told_and_nothing_is_overwritten(rep, marketer):
    field()
    lead = lead_at()
    write(lead, {"plants": 3}, marketer)
    before = facts(lead)
    with pytest.raises(ChangedMeanwhile):
        write(lead, {"plants": 5}, rep)
    assert facts(lead) == before


def test_a_field_out_of_use_keeps_its_values(manager_marketing, rep):
    one, lead = field(), lead_at()
    write(lead, {"plants": 3}, rep)
    use_attribute(one, in_use=False, by=manager_marketing)
    assert Lead.objects.get().attributes == {"plants": 3}
    assert CustomAttribute.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("lead.plants:3", {"b"}),
        ("lead.plants>=3", {"b", "c"}),
        ("lead.plants<=3", {"a", "b"}),
        ("lead.due>=2026-03-01", {"c"}),
        ("company.tier:Bronze", set()),
        ("company.tier:Gold", {"a", "b", "c"}),
        ("lead.phase>=a", set()),
        ("lead.plants:many", set()),
        ("lead.shoes:3", set()),
        ("nonsense", set()),
    ],
)
def test_the_list_and_the_api_filter_alike(asked, found, client, marketer, marketer_api):
    field()
    field(K.DATE, key="due")
    field(K.TEXT, key="phase")
    field(K.CHOICE, On.COMPANY, "tier", choices=["Gold"])
    for n, name in enumerate("abc", start=2):
        lead = lead_at(email=f"{name}@acme.example", given_name=name, company="Acme")
        values = {"plants": n, "due": f"2026-0{n - 1}-15", "phase": "pilot"}
        Lead.objects.filter(pk=lead.pk).update(attributes=values)
    company = lead.contact.company
    company.attributes = {"tier": "Gold"}
    company.save()
    answer = marketer_api.get("/api/v1/leads/", {"attribute": asked, "disposition": "any"}).json()
    assert {one["contact"]["given_name"] for one in answer["results"]} == found
    client.force_login(marketer)
    page = client.get("/leads/", {"attribute": asked}).content.decode()
    ids = {str(one["id"]) for one in answer["results"]}
    assert set(re.findall(r'href="/leads/(\d+)/"', page)) == ids


def test_own_fields_are_edited_on_their_page(client, rep):
    field()
    field(K.FLAG, key="hot")
    lead = lead_at()
    client.force_login(rep)
    path = f"/own-fields/lead/{lead.pk}/"
    wrong = client.post(path, {"version": lead.version, "plants": "many", "hot": "true"})
    page = wrong.content.decode()
    assert (wrong.status_code, 'value="many"' in page) == (422, True)
    assert "Write a number, for example 12 or 12.5." in page
    done = client.post(path, {"version": lead.version, "plants": "7", "hot": "true"})
    assert (done.status_code, done["Location"]) == (302, f"/leads/{lead.pk}/")
    assert Lead.objects.get().attributes == {"plants": 7, "hot": True}
    card = client.get(f"/leads/{lead.pk}/own-fields/").content.decode()
    assert ("Plants" in card, "<dd>7</dd>" in card) == (True, True)


def test_who_comes_second_is_told_once_and_may_save_again(client, rep):
    field()
    lead = lead_at()
    Lead.objects.update(version=9)
    client.force_login(rep)
    path = f"/own-fields/lead/{lead.pk}/"
    told = client.post(path, {"version": 8, "plants": "7"})
    assert (told.status_code, Lead.objects.get().attributes) == (422, {})
    assert 'name="version" value="9"' in told.content.decode()


def test_fields_are_defined_in_the_settings(client, manager_marketing):
    client.force_login(manager_marketing)
    typed = {"label": "Tier", "subject": "COMPANY", "kind": "CHOICE", "choices": "Gold\nSilver\n"}
    assert client.post("/settings/attributes/new/", typed).status_code == 302
    made = CustomAttribute.objects.get()
    assert (made.key, made.choices) == ("tier", ["Gold", "Silver"])
    again = client.post("/settings/attributes/new/", typed)
    assert again.status_code == 422
    assert "There is a field of this name already." in again.content.decode()
    page = client.get("/settings/attributes/").content.decode()
    assert "Choice: Gold, Silver" in page
