"""The funnel: flows are transitions, cohorts never pass 100 %, and every number has its rows."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db.models import Count

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead, StageTransition
from leads.services.facts import derive_all_due
from reporting.panels import PANELS
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition


@pytest.fixture
def leads(rep: User) -> list[Lead]:
    """Six leads, an hour a stage from four days before the third of March on."""
    made = [
        lead_at(S.LEAD, email="a@acme.example"),
        lead_at(S.MQL, owner=rep, email="b@acme.example"),
        lead_at(S.SAL, owner=rep, email="c@acme.example"),
        lead_at(S.SQL, D.RECYCLED, owner=rep, email="d@acme.example"),
        lead_at(S.CUSTOMER, D.WON, owner=rep, email="e@acme.example"),
        lead_at(S.LEAD, email="f@acme.example", at=AT - timedelta(days=31)),
    ]
    derive_all_due()
    return made


def test_flow_counts_entries_now_and_before(leads: list[Lead], marketer: User) -> None:
    found = rows_of(PANELS["funnel"].count(view_of(marketer, days="2026-02")))
    # Four days and four hours before 3 March 10:00 UTC is 27 February.
    assert {key: values[0] for key, values in found.items()} == {
        "LEAD": 5, "MQL": 4, "SAL": 3, "SQL": 2, "OPPORTUNITY": 1, "CUSTOMER": 1,
    }  # fmt: skip
    assert found["LEAD"] == [5, 1, Fraction(4), None]
    assert found["MQL"] == [4, 0, None, Fraction(4, 5)]


def test_flow_is_the_transitions_that_count(leads: list[Lead], marketer: User) -> None:
    view = view_of(marketer, days="2026-02")
    told = (
        StageTransition.objects.filter(
            inferred=False, voided_by=None, to_disposition__in=[D.OPEN, D.WON],
            effective_at__gte=view.span.start, effective_at__lt=view.span.end,
        )
        .values_list("to_stage")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    found = rows_of(PANELS["funnel"].count(view))
    assert {key: values[0] for key, values in found.items()} == dict(told)


def test_nothing_is_divided_by_nothing(marketer: User) -> None:
    found = rows_of(PANELS["funnel"].count(view_of(marketer, days="2026-02")))
    assert found["MQL"] == [0, 0, None, None]
    assert rows_of(PANELS["cohorts"].count(view_of(marketer)))["MQL"] == [0, 0, None, 0]


def test_a_cohort_says_who_may_still_come(leads: list[Lead], marketer: User) -> None:
    figures = PANELS["cohorts"].count(view_of(marketer, days="2026-02"))
    assert rows_of(figures) == {
        "LEAD": [5, 4, Fraction(4, 5), 1],
        "MQL": [4, 3, Fraction(3, 4), 1],
        "SAL": [3, 2, Fraction(2, 3), 1],
        "SQL": [2, 1, Fraction(1, 2), 0],  # the other was recycled
        "OPPORTUNITY": [1, 1, Fraction(1), 0],
    }
    assert all(row.is_pending for row in figures.rows)


def test_a_cohort_is_whole_when_everybody_has_had_the_time(
    leads: list[Lead], marketer: User
) -> None:
    span = view_of(marketer, days="2026-02").span
    whole_at = span.end + timedelta(days=90)
    for at, pending in ((whole_at - timedelta(microseconds=1), True), (whole_at, False)):
        figures = PANELS["cohorts"].count(view_of(marketer, at, days="2026-02"))
        assert {row.is_pending for row in figures.rows} == {pending}
    assert rows_of(figures)["LEAD"] == [5, 4, Fraction(4, 5), 0]


def test_reached_in_time_to_the_tick(marketer: User, rep: User) -> None:
    lead = lead_at(S.MQL, owner=rep)
    assert lead.lead_at is not None
    for late, reached in ((timedelta(0), 1), (timedelta(microseconds=1), 0)):
        Lead.objects.update(mql_at=lead.lead_at + timedelta(days=90) + late)
        derive_all_due()
        view = view_of(marketer, AT + timedelta(days=200), days="2026-02")
        assert rows_of(PANELS["cohorts"].count(view))["LEAD"][:2] == [1, reached]
