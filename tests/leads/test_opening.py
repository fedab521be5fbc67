"""A lead begins once per contact and product line, whoever captures the person how often."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import Disposition, LifecycleStage, Origin
from leads.models import Company, Contact, ContactExternalId, Lead, ProductLine, Source
from leads.moving import MovesRefused, Step
from leads.services.contacts import ContactFacts
from leads.services.opening import Capture, open_leads
from tests.conftest import AT
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition


def capture(*, step: Step | None = None, line=None, source=None, **facts) -> Capture:
    return Capture(
        contact=ContactFacts(captured_through="form", **facts),
        steps=[step or Step(to_stage=S.LEAD)],
        product_line_id=line.pk if line else None,
        source_id=source.pk if source else None,
    )


def opened(*captures: Capture, actor, **options):
    mine = [replace(c, steps=[replace(s, actor=actor) for s in c.steps]) for c in captures]
    return open_leads(mine, actor=actor, at=AT, **options)


def test_a_first_capture_makes_company_contact_lead_and_history(marketer):
    result = opened(
        capture(
            email=" Anna@ACME.example ", given_name="Anna", family_name="Nuñez", company="Acme"
        ),
        actor=marketer,
    )
    (lead,) = result.leads
    lead = Lead.objects.select_related("contact__company").get(pk=lead.pk)
    assert (lead.stage, lead.disposition, lead.origin) == (S.LEAD, D.OPEN, Origin.MARKETING)
    assert (lead.lead_at, lead.stage_at, lead.created_at, lead.returning) == (AT, AT, AT, False)
    contact = lead.contact
    assert (contact.email, contact.sort_key, contact.captured_by) == (
        "anna@acme.example", "nunez anna", marketer,
    )  # fmt: skip
    assert (contact.company.name, contact.company.domain) == ("Acme", "acme.example")
    row = lead.transitions.get()
    assert (row.from_stage, row.to_stage, row.actor, row.effective_at) == (
        None,
        S.LEAD,
        marketer,
        AT,
    )


def test_the_same_capture_twice_changes_nothing(marketer):
    anna = capture(email="anna@acme.example", given_name="Anna")
    (first,) = opened(anna, actor=marketer).leads
    again = opened(anna, actor=marketer)
    assert again.leads == (first,)
    assert again.existing == {0}
    assert again.transitions == ()
    assert (Contact.objects.count(), Lead.objects.count(), Company.objects.count()) == (1, 1, 1)


def test_the_same_person_twice_in_one_list_is_one_contact_and_one_lead(marketer):
    result = opened(
        capture(email="anna@acme.example"), capture(email="ANNA@acme.example"), actor=marketer
    )
    assert result.leads[0] is result.leads[1]
    assert result.existing == {1}
    assert (Contact.objects.count(), Lead.objects.count()) == (1, 1)


def test_known_values_stay_and_empty_ones_are_filled(marketer):
    opened(capture(email="anna@acme.example", given_name="Anna", phone="1"), actor=marketer)
    opened(
        capture(email="anna@acme.example", given_name="Bad", family_name="Rossi", phone="2"),
        actor=marketer,
    )
    contact = Contact.objects.get()
    assert (contact.given_name, contact.family_name, contact.phone) == ("Anna", "Rossi", "1")
    assert contact.sort_key == "rossi anna"
    assert Contact.objects.filter(search="rossi").count() == 1


def test_one_open_lead_per_product_line(marketer):
    disks, tapes = (ProductLine.objects.create(name=n, key=n) for n in ("disks", "tapes"))
    anna = {"email": "anna@acme.example"}
    result = opened(
        capture(line=disks, **anna), capture(line=tapes, **anna), capture(**anna),
        capture(line=disks, **anna), actor=marketer,
    )  # fmt: skip
    assert len(set(result.leads)) == 3
    assert result.existing == {3}


def test_after_a_close_the_contact_returns_with_a_new_row(marketer):
    closed = lead_at(S.SAL, D.LOST)
    (lead,) = opened(capture(email="anna@acme.example"), actor=marketer).leads
    assert lead.pk != closed.pk
    assert (lead.returning, lead.contact_id, lead.stage) == (True, closed.contact_id, S.LEAD)
    closed.refresh_from_db()
    assert closed.disposition == D.LOST


def test_sales_opens_its_own_lead_and_the_passed_stages_are_inferred(rep):
    (lead,) = opened(capture(email="anna@acme.example", step=Step(to_stage=S.SAL)), actor=rep).leads
    assert (lead.origin, lead.owner_id, lead.lead_at, lead.mql_at, lead.sal_at) == (
        Origin.SALES, rep.pk, AT, None, AT,
    )  # fmt: skip
    rows = lead.transitions.order_by("id").values_list("from_stage", "to_stage", "inferred")
    assert list(rows) == [(None, "LEAD", True), ("LEAD", "MQL", True), ("MQL", "SAL", False)]
    assert Contact.objects.get().first_mql_at is None


def test_a_contact_is_found_by_its_outside_id_and_keeps_it(marketer):
    by_id = capture(system="crm", external_id="7")
    (first,) = opened(by_id, actor=marketer).leads
    again = opened(
        capture(system="crm", external_id="7", email="anna@acme.example"), actor=marketer
    )
    assert again.leads == (first,)
    assert Contact.objects.get().email == "anna@acme.example"
    by_email = opened(
        capture(system="erp", external_id="x", email="anna@acme.example"), actor=marketer
    )
    assert by_email.leads == (first,)
    keys = ContactExternalId.objects.order_by("id").values_list("system", "external_id")
    assert list(keys) == [("crm", "7"), ("erp", "x")]


def test_two_contacts_are_never_made_one(marketer):
    opened(
        capture(email="anna@acme.example"), capture(system="crm", external_id="7"), actor=marketer
    )
    with pytest.raises(MovesRefused) as refused:
        opened(capture(email="anna@acme.example", system="crm", external_id="7"), actor=marketer)
    assert refused.value.code == "two_contacts"
    assert (Contact.objects.count(), Lead.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "no_identity"),
        ({"email": "not an address"}, "bad_email"),
        ({"email": f"{'a' * 64}@{'b' * 250}.example"}, "too_long"),
        ({"email": "anna@acme.example", "given_name": "x" * 101}, "too_long"),
        ({"email": "anna@acme.example", "city": "Bo\x00logna"}, "bad_character"),
    ],
)
def test_what_makes_no_contact_is_refused_and_leaves_nothing(facts, code, marketer):
    result = opened(
        capture(**facts), capture(email="berta@acme.example"), actor=marketer, apply_rest=True
    )
    assert [(r.index, r.code) for r in result.refusals] == [(0, code)]
    assert list(Contact.objects.values_list("email", flat=True)) == ["berta@acme.example"]
    assert (Lead.objects.count(), Company.objects.count()) == (1, 1)


def test_a_merged_contact_stands_for_the_one_it_was_merged_into(marketer):
    winner = lead_at(S.LEAD, email="anna@acme.example")
    loser = lead_at(S.LEAD, D.MERGED, email="old@acme.example").contact
    Contact.objects.filter(pk=loser.pk).update(merged_into=winner.contact)
    assert opened(capture(email="old@acme.example"), actor=marketer).leads == (winner,)


def test_companies_are_found_by_domain_then_by_name_never_by_free_mail(marketer):
    opened(
        capture(email="anna@acme.example", company="Acme S.p.A."),
        capture(email="berta@acme.example", company="ACME"),
        capture(email="carla@gmail.com", company="acme s.p.a."),
        capture(email="dora@gmail.com"),
        capture(email="elsa@beta.example"),
        actor=marketer,
    )
    found = dict(Contact.objects.values_list("email", "company__name"))
    assert found == {
        "anna@acme.example": "Acme S.p.A.",
        "berta@acme.example": "Acme S.p.A.",
        "carla@gmail.com": "Acme S.p.A.",
        "dora@gmail.com": None,
        "elsa@beta.example": "beta.example",
    }


def test_creating_costs_eleven_statements_and_no_more_for_fifty(marketer):
    source = Source.objects.create(name="Fair", key="fair")

    def cost(*emails: str) -> int:
        fresh = type(marketer).objects.get(pk=marketer.pk)
        captures = [capture(email=e, company="New", source=source) for e in emails]
        with CaptureQueriesContext(connection) as captured:
            assert not opened(*captures, actor=fresh).existing
        return len([q for q in captured if "SAVEPOINT" not in q["sql"]])

    # roles, teams, the line, contacts, companies, new companies, new contacts, definitions, leads,
    # transitions, clocks
    assert cost("anna@one.example") == 11
    assert cost(*(f"p{n}@c{n}.example" for n in range(50))) == 11
