"""Touches until a contact became a lead."""

from __future__ import annotations

from fractions import Fraction

import pytest

from accounts.models import User
from leads.enums import LifecycleStage, TouchKind
from leads.models import Lead, Source, Touch
from leads.services.facts import derive_all_due
from reporting.panels import PANELS
from tests.leads.records import HOUR, lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S = LifecycleStage
FEBRUARY = "2026-02"


def met(lead: Lead, before: int, after: int = 0) -> None:
    """Lay touches beside a lead: one an hour until it was born (the last at that very instant),
    then more."""
    assert lead.lead_at is not None
    Touch.objects.bulk_create(
        Touch(
            contact=lead.contact, kind=TouchKind.VISIT, occurred_at=lead.lead_at - n * HOUR,
            recorded_at=lead.created_at,
        )
        for n in range(-after, before)
    )  # fmt: skip


@pytest.fixture
def source(db: None) -> Source:
    return Source.objects.create(name="Search", key="search")


@pytest.fixture
def leads(source: Source) -> list[Lead]:
    """Born after 1, 2, 4 and 12 touches from Search; after 3, and after none, from nowhere."""
    made = [
        lead_at(S.LEAD, email=f"p{n}@acme.example", source_id=source.pk if n < 4 else None)
        for n in range(6)
    ]
    for lead, before in zip(made, (1, 2, 4, 12, 3), strict=False):
        met(lead, before, after=2)
    derive_all_due()
    return made


def test_median_and_bound_by_source(leads: list[Lead], source: Source, marketer: User) -> None:
    figures = PANELS["touches"].count(view_of(marketer, days=FEBRUARY))
    assert rows_of(figures) == {
        "all": [5, 3, 12, 1],
        str(source.pk): [4, 2, 12, 0],
        "none": [1, 3, 3, 1],
    }
    assert [str(row.label) for row in figures.rows] == ["All sources", "Search", "None"]


def test_spread_adds_up_to_everybody(leads: list[Lead], marketer: User) -> None:
    found = rows_of(PANELS["touches-spread"].count(view_of(marketer, days=FEBRUARY)))
    assert {key: values[0] for key, values in found.items() if values[0]} == {
        "0": 1, "1": 1, "2": 1, "3": 1, "4": 1, "10": 1,
    }  # fmt: skip
    assert found["2"] == [1, Fraction(1, 6), Fraction(1, 2)]
    assert found["10"] == [1, Fraction(1, 6), Fraction(1)]


def test_who_comes_back_became_a_lead_before(
    leads: list[Lead], source: Source, marketer: User
) -> None:
    Lead.objects.filter(pk=leads[0].pk).update(returning=True)
    Lead.objects.filter(pk=leads[1].pk).update(recycled_from=leads[0])
    derive_all_due()
    found = rows_of(PANELS["touches"].count(view_of(marketer, days=FEBRUARY)))
    assert found[str(source.pk)] == [2, 4, 12, 0]
    spread = rows_of(PANELS["touches-spread"].count(view_of(marketer, days=FEBRUARY)))
    assert sum(values[0] for values in spread.values()) == 4


def test_nobody_met_us(marketer: User) -> None:
    view = view_of(marketer, days=FEBRUARY)
    lead_at(S.LEAD)
    derive_all_due()
    figures = PANELS["touches"].count(view)
    assert rows_of(figures) == {"all": [0, None, None, 1], "none": [0, None, None, 1]}
    assert PANELS["touches"].draw is not None
    assert PANELS["touches"].draw(figures) is None
