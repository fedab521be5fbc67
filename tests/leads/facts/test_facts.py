"""Facts follow the record, whatever changes it, and a recount finds no difference."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from leads.enums import Disposition, LifecycleStage, TouchKind
from leads.models import AttributionPart, Company, Contact, FactDue, Lead, LeadFact, Touch
from leads.services.facts import Recount, derive_all_due, derive_due, recount
from tests.conftest import AT
from tests.leads.records import HOUR, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition


def fact(lead: Lead) -> LeadFact:
    """Its fact, once everything is derived."""
    derive_all_due()
    return LeadFact.objects.get(pk=lead.pk)


def won(rep: User, amount: str = "1000.00") -> Lead:
    """A lead won, with one deal."""
    lead = lead_at(S.CUSTOMER, D.WON, owner=rep)
    deal = lead.opportunities.first() or lead.opportunities.create(is_first=True, opened_at=AT)
    type(deal).objects.filter(pk=deal.pk).update(
        state="WON", amount=Decimal(amount), rate=Decimal(1), closed_at=lead.customer_at
    )
    return lead


def touch(contact: Contact, at: Any, **fields: Any) -> None:
    """Somebody met us."""
    Touch.objects.create(
        contact=contact, kind=fields.pop("kind", TouchKind.FORM), occurred_at=at,
        recorded_at=AT, **fields,
    )  # fmt: skip


def test_a_fact_holds_when_each_stage_was_entered(rep: User) -> None:
    lead = lead_at(S.SAL, owner=rep, country="Italy")
    found = fact(lead)
    assert (found.lead_at, found.mql_at, found.sal_at) == (lead.lead_at, lead.mql_at, lead.sal_at)
    assert (found.sql_at, found.customer_at, found.closed_at) == (None, None, None)
    assert (found.stage, found.disposition, found.owner_id) == ("SAL", "OPEN", rep.pk)
    assert (found.region, found.contact_id) == ("Italy", lead.contact_id)
    assert FactDue.objects.count() == 0
    assert recount() == Recount(1, [])


def test_only_what_a_fact_reads_makes_it_due(rep: User) -> None:
    lead = lead_at(S.MQL, owner=rep)
    derive_all_due()
    Lead.objects.filter(pk=lead.pk).update(next_due_at=AT, version=9)
    Contact.objects.filter(pk=lead.contact_id).update(phone="+39 02 1")
    assert FactDue.objects.count() == 0
    Lead.objects.filter(pk=lead.pk).update(score=7)
    assert [due.lead_id for due in FactDue.objects.all()] == [lead.pk]
    assert fact(lead).score == 7


def test_a_company_gives_its_region_where_the_person_has_none(rep: User) -> None:
    lead = lead_at(S.MQL, owner=rep, company="Acme")
    assert fact(lead).region == ""
    Company.objects.update(country="France")
    assert fact(lead).region == "France"
    Contact.objects.filter(pk=lead.contact_id).update(country="Spain")
    assert fact(lead).region == "Spain"


def test_touches_until_the_lead_was_born(rep: User) -> None:
    lead = lead_at(S.CUSTOMER, D.WON, owner=rep)
    assert lead.lead_at is not None
    assert lead.closed_at is not None
    derive_all_due()
    tick = timedelta(microseconds=1)
    touch(lead.contact, lead.lead_at - HOUR, kind=TouchKind.AD)
    touch(lead.contact, lead.lead_at)
    touch(lead.contact, lead.lead_at + tick, kind=TouchKind.WEBINAR, asset_id=5)
    touch(lead.contact, lead.closed_at + tick, kind=TouchKind.CHAT, asset_id=6)
    found = fact(lead)
    assert found.touches_until_lead == 2
    assert found.touch_kinds == ["AD", "FORM", "WEBINAR"]
    assert found.asset_ids == [5]
    Touch.objects.filter(kind=TouchKind.FORM).update(detail="a word more")
    assert FactDue.objects.count() == 0
    Touch.objects.filter(kind=TouchKind.FORM).update(kind=TouchKind.REFERRAL)
    assert fact(lead).touch_kinds == ["AD", "REFERRAL", "WEBINAR"]


def test_united_people_bring_their_touches_together(rep: User) -> None:
    first = lead_at(S.MQL, owner=rep)
    second = lead_at(S.MQL, owner=rep, email="berta@acme.example")
    touch(second.contact, AT - 200 * HOUR)
    assert (fact(first).touches_until_lead, fact(second).touches_until_lead) == (0, 1)
    Contact.objects.filter(pk=second.contact_id).update(merged_into=first.contact)
    assert (fact(first).touches_until_lead, fact(second).touches_until_lead) == (1, 1)
    assert fact(second).contact_id == first.contact_id
    Contact.objects.filter(pk=second.contact_id).update(merged_into=None)
    assert (fact(first).touches_until_lead, fact(second).touches_until_lead) == (0, 1)
    assert recount().wrong == []


def test_revenue_is_the_first_win_and_needs_a_rate(rep: User) -> None:
    lead = won(rep, "1234.56")
    assert (fact(lead).revenue_cents, fact(lead).lacks_rate) == (123_456, False)
    expansion = {"state": "WON", "amount": 9, "rate": 1, "closed_at": AT + HOUR}
    lead.opportunities.create(**expansion)
    assert fact(lead).revenue_cents == 123_456
    lead.opportunities.update(rate=None)
    assert (fact(lead).revenue_cents, fact(lead).lacks_rate) == (None, True)


def test_a_won_deal_is_parted_among_its_touches(rep: User) -> None:
    lead = won(rep, "100.00")
    assert fact(lead).revenue_cents == 10_000
    assert AttributionPart.objects.count() == 0
    assert lead.lead_at is not None
    assert lead.customer_at is not None
    touch(lead.contact, lead.lead_at - HOUR)
    touch(lead.contact, lead.customer_at)
    touch(lead.contact, lead.customer_at + HOUR)  # too late for any credit
    derive_all_due()
    parts = AttributionPart.objects.order_by("occurred_at")
    assert [(part.first_cents, part.last_cents, part.linear_cents) for part in parts] == [
        (10_000, 0, 5_000), (0, 10_000, 5_000),
    ]  # fmt: skip
    lead.opportunities.update(amount=50)
    derive_all_due()
    assert [part.linear_cents for part in parts.all()] == [2_500, 2_500]


def test_a_lead_that_is_gone_or_merged_has_no_fact(rep: User) -> None:
    lead, other = lead_at(S.MQL, owner=rep), lead_at(S.LEAD, email="berta@acme.example")
    derive_all_due()
    Lead.objects.filter(pk=other.pk).update(disposition=D.MERGED, merged_into=lead)
    derive_all_due()
    assert list(LeadFact.objects.values_list("pk", flat=True)) == [lead.pk]


def test_notes_are_taken_in_parts(rep: User) -> None:
    for n in range(3):
        lead_at(S.LEAD, email=f"anna{n}@acme.example")
    FactDue.objects.filter(pk__gt=min(FactDue.objects.values_list("pk", flat=True)) + 99).delete()
    waiting = FactDue.objects.count()
    assert derive_all_due(go_on=lambda: False) == 0
    assert FactDue.objects.count() == waiting
    assert derive_due(most=1) == 1
    assert FactDue.objects.count() == waiting - 1
    assert derive_all_due() == waiting - 1
    assert (LeadFact.objects.count(), derive_due()) == (3, 0)


def test_a_wrong_fact_is_found_and_mended(rep: User) -> None:
    lead = lead_at(S.MQL, owner=rep)
    derive_all_due()
    LeadFact.objects.update(score=99)
    assert recount() == Recount(1, [lead.pk])
    out = StringIO()
    with pytest.raises(CommandError, match="1 facts differ"):
        call_command("recount_figures", stdout=out)
    call_command("recount_figures", "--mend", stdout=out)
    call_command("recount_figures", stdout=out)
    assert out.getvalue().splitlines()[-1] == '{"facts": 1, "wrong": []}'
    assert LeadFact.objects.get().score == 0


def test_what_waits_is_no_difference(rep: User) -> None:
    lead_at(S.MQL, owner=rep)
    assert LeadFact.objects.count() == 0
    assert recount() == Recount(0, [])


def test_one_derives_at_a_time(rep: User, django_assert_num_queries: Any) -> None:
    lead_at(S.MQL, owner=rep)
    with django_assert_num_queries(8):  # savepoint, lock, take, delete, insert, parts (2), release
        derive_due()
    for n in range(3):
        lead_at(S.MQL, owner=rep, email=f"anna{n}@acme.example")
    with django_assert_num_queries(8):
        derive_due()
