"""What is known of leads when criteria are checked, read for many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from leads.enums import AttributeKind, AttributeSubject, PersonaKind, TouchKind
from leads.models import Company, CustomAttribute, Lead, Source
from leads.selectors.facts import facts_key, facts_of, known_fields
from tests.conftest import AT
from tests.leads.qualifying.records import of_job, persona, touch
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_values_are_read_from_lead_contact_and_company() -> None:
    source = Source.objects.create(name="Trade fair", key="trade fair")
    lead = lead_at(company="Acme", phone="+39 1", job_title="Plant manager", source_id=source.pk)
    Company.objects.filter(pk=lead.contact.company_id).update(sector="Chemicals", employees=120)
    values = facts_of([Lead.objects.get(pk=lead.pk)])[lead.pk].values
    assert values["contact.email"] == "anna@acme.example"
    assert values["contact.phone"] == "+39 1"
    assert values["contact.city"] == ""
    assert values["company.name"] == "Acme"
    assert values["company.sector"] == "Chemicals"
    assert values["company.employees"] == 120
    assert values["lead.source"] == "Trade fair"
    assert values["lead.campaign"] == ""
    assert values["lead.origin"] == "marketing"
    assert values["lead.returning"] is False


def test_a_lead_without_company_has_empty_company_fields() -> None:
    lead = lead_at(email="anna@gmail.com")
    values = facts_of([lead])[lead.pk].values
    assert values["company.name"] is None
    assert values["company.employees"] is None


def test_custom_attributes_are_fields_of_what_they_describe() -> None:
    for subject, key in (("CONTACT", "tier"), ("COMPANY", "plants"), ("LEAD", "budget")):
        CustomAttribute.objects.create(
            subject=AttributeSubject(subject), key=key, label=key.title(), kind=AttributeKind.NUMBER
        )
    CustomAttribute.objects.create(
        subject=AttributeSubject.LEAD, key="old", label="Old", kind="TEXT", is_active=False
    )
    lead = lead_at(company="Acme")
    assert lead.contact.company is not None
    lead.contact.attributes = {"tier": 1}
    lead.contact.company.attributes = {"plants": 4}
    lead.attributes = {"budget": 9000, "old": "x"}
    values = facts_of([lead])[lead.pk].values
    assert values["contact.attributes.tier"] == 1
    assert values["company.attributes.plants"] == 4
    assert values["lead.attributes.budget"] == 9000
    assert "lead.attributes.old" not in known_fields()


def test_the_last_touch_of_each_kind_counts_and_none_from_before_this_cycle() -> None:
    lead = lead_at()
    touch(lead, TouchKind.FORM, AT - 9 * DAY)
    touch(lead, TouchKind.FORM, AT - 3 * DAY)
    touch(lead, TouchKind.WEBINAR, AT - 20 * DAY)
    assert facts_of([lead])[lead.pk].touches == {
        "FORM": AT - 3 * DAY,
        "WEBINAR": AT - 20 * DAY,
    }
    lead.engagement_from = AT - 3 * DAY
    assert facts_of([lead])[lead.pk].touches == {"FORM": AT - 3 * DAY}
    lead.engagement_from = AT - 3 * DAY + timedelta(microseconds=1)
    assert facts_of([lead])[lead.pk].touches == {}


def test_touches_of_a_merged_contact_are_touches_of_the_person() -> None:
    kept, merged = lead_at(), lead_at(email="anna.b@acme.example")
    touch(kept, TouchKind.FORM, AT - 9 * DAY)
    touch(merged, TouchKind.FORM, AT - 2 * DAY)
    touch(merged, TouchKind.CHAT, AT - 4 * DAY)
    merged.contact.merged_into = kept.contact
    merged.contact.save(update_fields=["merged_into"])
    united = {"FORM": AT - 2 * DAY, "CHAT": AT - 4 * DAY}
    found = facts_of([kept, merged])
    assert (found[kept.pk].touches, found[merged.pk].touches) == (united, united)


def test_personas_fit_and_exclude() -> None:
    buyer = persona("Plant manager", of_job("Plant manager"))
    other = persona("Buyer", of_job("Buyer"))
    ideal = persona(
        "Chemists",
        {"kind": "equals", "field": "contact.country", "value": "italy"},
        kind=PersonaKind.COMPANY,
        exclusions=[{"kind": "equals", "field": "contact.city", "value": "Bari"}],
    )
    persona("Says nothing")
    lead = lead_at(job_title="plant manager ", country="Italy", city="Roma")
    fits = facts_of([lead])[lead.pk]
    assert (fits.fits, fits.excluded) == ({buyer.pk, ideal.pk}, set())
    lead.contact.city, lead.contact.job_title = "Bari", "Buyer"
    fits = facts_of([lead])[lead.pk]
    assert (fits.fits, fits.excluded) == ({other.pk}, {ideal.pk})


def test_a_persona_out_of_use_fits_nobody() -> None:
    gone = persona("Plant manager", of_job("Plant manager"))
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    lead = lead_at(job_title="Plant manager")
    assert facts_of([lead])[lead.pk].fits == set()


def test_answers_and_unsaved_leads_go_by_their_key() -> None:
    known = lead_at()
    new = Lead(contact=known.contact, stage="LEAD", score=12)
    assert [facts_key(lead, i) for i, lead in enumerate([known, new])] == [known.pk, -2]
    found = facts_of([known, new], answers={known.pk: {"budget": True}, -2: {"budget": False}})
    assert found[known.pk].answers == {"budget": True}
    assert (found[-2].answers, found[-2].score) == ({"budget": False}, 12)


def test_no_leads_no_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert facts_of([]) == {}


@pytest.mark.parametrize("n", [1, 3])
def test_the_number_of_statements_is_constant(
    n: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    source = Source.objects.create(name="Fair", key="fair")
    persona("Plant manager", of_job("Plant manager"))
    for i in range(n):
        lead = lead_at(email=f"p{i}@acme{i}.example", company=f"Acme {i}", source_id=source.pk)
        touch(lead, TouchKind.FORM, AT)
    leads = list(Lead.objects.order_by("id"))
    with django_assert_num_queries(7):  # contact, company, source, fields, personas, 2 of touches
        facts_of(leads)
