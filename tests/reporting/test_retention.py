"""After the sale: kept, left, renewed, bought more, by where customers came from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from accounts.models import User
from leads.enums import CustomerEventKind, Disposition, LifecycleStage
from leads.models import CustomerEvent, Lead, Source
from leads.services.facts import derive_all_due
from reporting.panels import PANELS
from tests.conftest import AT
from tests.leads.records import HOUR, lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S, D, K = LifecycleStage, Disposition, CustomerEventKind
MARCH = "2026-03"
PANEL = PANELS["retention"]


@pytest.fixture
def source(db: None) -> Source:
    return Source.objects.create(name="Referral", key="referral")


@pytest.fixture
def customers(rep: User, source: Source) -> list[Lead]:
    """Three from Referral and one from nowhere, all won in February; one lead that was lost."""
    made = [
        lead_at(S.CUSTOMER, D.WON, owner=rep, email=f"c{n}@acme.example",
                source_id=source.pk if n < 3 else None)
        for n in range(4)
    ]  # fmt: skip
    lead_at(S.OPPORTUNITY, D.LOST, owner=rep, email="lost@acme.example", source_id=source.pk)
    derive_all_due()
    return made


def told(lead: Lead, kind: CustomerEventKind, day: date, amount: str | None = None,
         currency: str = "EUR") -> None:  # fmt: skip
    """Something happened after the sale."""
    CustomerEvent.objects.create(
        lead=lead, kind=kind, occurred_on=day, recorded_at=AT, currency=currency,
        amount=None if amount is None else Decimal(amount),
    )  # fmt: skip


def march(user: User, **asked: Any) -> dict[str, list[Any]]:
    """The figures of March."""
    return rows_of(PANEL.count(view_of(user, **{"days": MARCH, **asked})))


def test_kept_left_and_expansion(customers: list[Lead], source: Source, marketer: User) -> None:
    first, second, third, other = customers
    told(first, K.CHURNED, date(2026, 3, 31))
    told(second, K.EXPANDED, date(2026, 3, 1), "1000.01")
    told(second, K.EXPANDED, date(2026, 3, 2), "500")
    told(third, K.EXPANDED, date(2026, 3, 2), "70", "USD")
    told(third, K.RENEWED, date(2026, 2, 28), "70")
    told(other, K.RENEWED, date(2026, 3, 1))
    assert march(marketer) == {
        "all": [4, 3, Fraction(3, 4), 1, 1, 2, 150_001],
        str(source.pk): [3, 2, Fraction(2, 3), 1, 0, 2, 150_001],
        "none": [1, 1, Fraction(1), 0, 1, 0, 0],
    }
    notes = PANEL.count(view_of(marketer, days=MARCH)).notes
    assert str(notes[-1]).endswith("not in the amount: 1.")


@pytest.mark.parametrize(
    ("day", "kept", "left"),
    [(date(2026, 2, 28), 3, 0), (date(2026, 3, 1), 3, 1), (date(2026, 3, 31), 3, 1),
     (date(2026, 4, 1), 4, 0)],
)  # fmt: skip
def test_who_left_on_the_days_around(
    customers: list[Lead], marketer: User, day: date, kept: int, left: int
) -> None:
    told(customers[0], K.CHURNED, day)
    found = march(marketer)["all"]
    assert (found[0], found[1], found[3]) == (4, kept, left)


def test_won_before_the_end_or_on_a_day_that_nobody_knows(
    customers: list[Lead], marketer: User
) -> None:
    span = view_of(marketer, days=MARCH).span
    Lead.objects.filter(pk=customers[0].pk).update(customer_at=span.end)
    Lead.objects.filter(pk=customers[1].pk).update(customer_at=span.end - HOUR)
    Lead.objects.filter(pk=customers[2].pk).update(customer_at=None, closed_at=None)
    derive_all_due()
    assert march(marketer)["all"][:2] == [3, 3]


def test_every_number_leads_to_its_customers(customers: list[Lead], marketer: User) -> None:
    told(customers[0], K.CHURNED, date(2026, 3, 2))
    told(customers[1], K.EXPANDED, date(2026, 3, 2), "10")
    told(customers[1], K.EXPANDED, date(2026, 3, 3), "10")
    assert PANEL.rows is not None
    view = view_of(marketer, days=MARCH)
    for column, expected in (
        ("won", customers), ("kept", customers[1:]), ("left", customers[:1]),
        ("expanded", customers[1:2]), ("renewed", []),
    ):  # fmt: skip
        found = PANEL.rows(view, "all", column)
        assert found is not None
        assert sorted(fact.pk for fact in found) == sorted(lead.pk for lead in expected)
