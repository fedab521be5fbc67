"""Data quality: what is known of open leads and what is missing, each with its rows."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Contact, Lead, NotDuplicate, Persona, Source
from leads.selectors.figures.quality import ASKED
from leads.services.facts import derive_all_due
from reporting.panels import PANELS
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
PANEL = PANELS["data-quality"]


@pytest.fixture
def leads(rep: User) -> list[Lead]:
    """One open lead of which everything is known, one of which nothing is, one that is closed."""
    source = Source.objects.create(name="Search", key="search")
    persona = Persona.objects.create(name="Buyer", key="buyer", kind="BUYER")
    whole = lead_at(S.SAL, owner=rep, email="a@acme.example", company="Acme", country="Italy",
                    phone="+39 02 1234567", source_id=source.pk)  # fmt: skip
    Lead.objects.filter(pk=whole.pk).update(persona=persona)
    bare = lead_at(S.MQL, email="b@gmail.com")
    Lead.objects.filter(pk=bare.pk).update(owner=None, mql_at=None)
    closed = lead_at(S.MQL, D.RECYCLED, email="c@gmail.com")
    derive_all_due()
    return [whole, bare, closed]


def test_known_and_missing(leads: list[Lead], marketer: User) -> None:
    found = rows_of(PANEL.count(view_of(marketer)))
    half = [1, 1, Fraction(1, 2)]
    assert found == {
        **dict.fromkeys(ASKED, half),
        "duplicate": [2, 0, Fraction(1)],
    }


def test_what_is_missing_leads_to_its_leads(leads: list[Lead], marketer: User) -> None:
    view = view_of(marketer)
    assert PANEL.rows is not None
    for key in ASKED:
        for column, lead in (("have", leads[0]), ("missing", leads[1])):
            found = PANEL.rows(view, key, column)
            assert found is not None
            assert [fact.pk for fact in found] == [lead.pk], (key, column)


def test_the_telephone_of_the_person_counts(leads: list[Lead], marketer: User) -> None:
    """A lead of a contact that was merged away is asked for the telephone of the person."""
    whole, bare, _closed = leads
    Contact.objects.filter(pk=bare.contact_id).update(merged_into=whole.contact_id)
    derive_all_due()
    assert rows_of(PANEL.count(view_of(marketer)))["phone"] == [2, 0, 1]


def test_a_win_without_a_rate(leads: list[Lead], rep: User, marketer: User) -> None:
    for n, rate in enumerate((Decimal(1), None)):
        won = lead_at(S.CUSTOMER, D.WON, owner=rep, email=f"w{n}@acme.example")
        deal = won.opportunities.first() or won.opportunities.create(is_first=True)
        type(deal).objects.filter(pk=deal.pk).update(
            state="WON", amount=Decimal(10), rate=rate, closed_at=won.customer_at
        )
    derive_all_due()
    assert rows_of(PANEL.count(view_of(marketer)))["rate"] == [1, 1, Fraction(1, 2)]


def test_likely_duplicates_until_somebody_says_they_are_two(
    leads: list[Lead], rep: User, marketer: User
) -> None:
    like = lead_at(S.SAL, owner=rep, email="a.a@acme.example", phone="+39 02 1234567")
    derive_all_due()
    view = view_of(marketer)
    assert rows_of(PANEL.count(view))["duplicate"] == [1, 2, Fraction(1, 3)]
    assert PANEL.rows is not None
    found = PANEL.rows(view, "duplicate", "missing")
    assert found is not None
    assert sorted(fact.pk for fact in found) == sorted([leads[0].pk, like.pk])
    first, second = sorted([leads[0].contact_id, like.contact_id])
    NotDuplicate.objects.create(first_id=first, second_id=second, said_at=AT)
    assert rows_of(PANEL.count(view))["duplicate"] == [3, 0, Fraction(1)]


def test_a_period_changes_nothing(leads: list[Lead], marketer: User) -> None:
    now, before = (rows_of(PANEL.count(view_of(marketer, days=days))) for days in ("2026", "2024"))
    assert now == before


def test_without_leads_nothing_is_asked(marketer: User) -> None:
    assert PANEL.count(view_of(marketer)).rows == []
