"""The database holds the rules of the record by itself."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from leads.enums import Disposition, LifecycleStage
from leads.models import Company, Contact, ContactExternalId, Lead, StageTransition
from tests.conftest import AT
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition


def contact(**fields) -> Contact:
    return Contact.objects.create(captured_through="test", created_at=AT, **fields)


def refused_by(constraint: str, write) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


def test_a_contact_is_one_per_email():
    contact(email="anna@acme.example")
    refused_by("leads_contact_email", lambda: contact(email="anna@acme.example"))


@pytest.mark.parametrize("email", ["Anna@acme.example", " anna@acme.example", ""])
def test_an_email_is_stored_normalised(email):
    refused_by("contact_email_is_normalised", lambda: contact(email=email))


def test_contacts_without_email_are_many():
    contact()
    contact()
    assert Contact.objects.count() == 2


def test_an_outside_id_is_one_persons():
    for_one = {"system": "crm", "external_id": "7"}
    ContactExternalId.objects.create(contact=contact(), **for_one)
    refused_by(
        "external_id_once",
        lambda: ContactExternalId.objects.create(contact=contact(), **for_one),
    )


def test_no_contact_without_a_story():
    refused_by(
        "contact_has_a_story",
        lambda: Contact.objects.create(captured_through="", created_at=AT),
    )


def test_a_company_is_one_per_domain():
    Company.objects.create(name="Acme", sort_key="acme", domain="acme.example", created_at=AT)
    refused_by(
        "leads_company_domain",
        lambda: Company.objects.create(
            name="Other", sort_key="other", domain="acme.example", created_at=AT
        ),
    )


def lead_row(of: Contact, stage=S.LEAD, disposition=D.OPEN, **fields) -> Lead:
    return Lead.objects.create(
        contact=of, stage=stage, disposition=disposition, created_at=AT, **fields
    )


def test_one_open_lead_per_contact_and_line_the_unknown_line_counting():
    anna = contact()
    lead_row(anna)
    refused_by("lead_one_open_per_contact_and_line", lambda: lead_row(anna))
    lead_row(anna, disposition=D.RECYCLED)
    assert Lead.objects.count() == 2


@pytest.mark.parametrize(
    ("stage", "disposition"), [(S.CUSTOMER, D.OPEN), (S.CUSTOMER, D.LOST), (S.SQL, D.WON)]
)
def test_won_if_and_only_if_customer(stage, disposition):
    refused_by("lead_won_iff_customer", lambda: lead_row(contact(), stage, disposition))


def test_an_open_lead_has_no_close():
    refused_by("lead_open_has_no_close", lambda: lead_row(contact(), closed_at=AT))


def test_only_known_words_are_stored():
    refused_by("lead_stage_is_known", lambda: lead_row(contact(), stage="PROSPECT"))
    refused_by("lead_disposition_is_known", lambda: lead_row(contact(), disposition="ASLEEP"))


def test_transitions_are_append_only():
    row = lead_at(S.MQL).transitions.latest("id")
    other = lead_at(S.LEAD, email="berta@acme.example").transitions.get()
    refused_by("append-only", lambda: StageTransition.objects.filter(pk=row.pk).update(note="x"))
    refused_by("append-only", lambda: StageTransition.objects.filter(pk=row.pk).delete())
    StageTransition.objects.filter(pk=row.pk).update(voided_by=other)  # an undo, once
    refused_by(
        "append-only", lambda: StageTransition.objects.filter(pk=row.pk).update(voided_by=None)
    )


def test_only_a_named_erasure_deletes_transitions():
    row = lead_at(S.LEAD).transitions.get()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL smarketing.erasure = 'on'")
    assert StageTransition.objects.filter(pk=row.pk).delete()[0] == 1
