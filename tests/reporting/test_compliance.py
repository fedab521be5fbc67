"""Promises kept: the report and the agreement's own page agree to the last digit."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from accounts.models import Organisation, Team, User
from leads.enums import LifecycleStage
from leads.models import Lead
from leads.services.facts import derive_all_due
from reporting.figures import Figures
from reporting.panels import PANELS
from sla.enums import CommitmentKind, Outcome, Side, Told
from sla.models import Clock, Commitment
from sla.selectors.standings import standings
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.reporting.asking import rows_of, view_of
from tests.sla.promising import in_force, promise

pytestmark = pytest.mark.django_db
K, S = CommitmentKind, LifecycleStage
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
# The commitments of all versions are read by two.
STATEMENTS = {"compliance": 3, "compliance-teams": 2, "compliance-people": 1, "lateness": 1}


@pytest.fixture
def lead(rep: User) -> Lead:
    """A lead on which clocks are laid."""
    made = lead_at(S.LEAD, email="a@acme.example")
    derive_all_due()
    return made


@pytest.fixture
def decide(organisation: Organisation) -> Commitment:
    """Sales decides on each MQL, Marketing assigns each: two commitments, one without clocks."""
    agreement = in_force(promise(K.TIME_TO_ASSIGN, side=Side.MARKETING), promise(K.TIME_TO_DECIDE))
    return agreement.commitments.get(kind=K.TIME_TO_DECIDE)


def clock(row: Commitment, lead: Lead, n: int, **said: Any) -> Clock:
    """A clock due at AT."""
    due = said.pop("due_at", AT)
    return Clock.objects.create(
        lead=lead, commitment=row, calendar_id=Organisation.objects.get().calendar_id,
        started_at=due - DAY, due_at=due, risk_at=due, started_by=Told.TRANSITION, started_by_id=n,
        target=timedelta(hours=4), **said,
    )  # fmt: skip


@pytest.fixture
def clocks(decide: Commitment, lead: Lead, rep: User) -> None:
    """Of the rep two met (one told of a tick too late), one 2 h late, one handed on 30 h late; of
    nobody one late and open, one that runs; one cancelled, one taken back, one late in February."""
    late = {"stopped_at": AT + DAY, "owner": rep}
    clock(decide, lead, 1, outcome=Outcome.MET, stopped_at=AT, owner=rep, reported_at=AT + TICK)
    clock(decide, lead, 2, outcome=Outcome.MET, stopped_at=AT - DAY, owner=rep, reported_at=AT)
    clock(decide, lead, 3, outcome=Outcome.MET_LATE, lateness=2 * HOUR, **late)
    clock(decide, lead, 4, outcome=Outcome.TRANSFERRED, lateness=30 * HOUR, **late)
    clock(decide, lead, 5, outcome=Outcome.TRANSFERRED, stopped_at=AT - DAY, owner=rep)
    clock(decide, lead, 6, due_at=AT - TICK)
    clock(decide, lead, 7)
    clock(decide, lead, 8, outcome=Outcome.CANCELLED, stopped_at=AT - DAY, owner=rep)
    clock(decide, lead, 9, outcome=Outcome.MET, stopped_at=AT, voided_at=AT)
    clock(decide, lead, 10, outcome=Outcome.MET_LATE, due_at=AT - 5 * DAY, lateness=HOUR, **late)


def count(key: str, user: User, **asked: str) -> Figures:
    return PANELS[key].count(view_of(user, **{"days": "2026-03", **asked}))


def test_by_commitment(clocks: None, decide: Commitment, marketer: User) -> None:
    figures = count("compliance", marketer)
    assert [row.label for row in figures.rows] == [
        "Every MQL gets an owner · 4 business hours",
        "Every MQL is accepted or rejected · 4 business hours",
    ]  # fmt: skip
    nothing, found = (list(row.values) for row in figures.rows)
    assert found == [Fraction(2, 5), 0, 2, 2, 1, 1, 2, 1, Fraction(4, 5)]
    assert nothing == [None, None, 0, 0, 0, 0, None, 0, Fraction(4, 5)]


def test_the_agreement_says_the_same(clocks: None, decide: Commitment, marketer: User) -> None:
    for at in (AT, AT + TICK, AT + 20 * DAY):
        found = rows_of(PANELS["compliance"].count(view_of(marketer, at, days="2026-03")))
        for standing in standings(at=at):
            share, _before, met, late, missed, *_others = found[str(standing.commitment.lineage)]
            assert share == standing.now.actual
            assert met == standing.now.tally.numerator
            assert met + late + missed == standing.now.tally.denominator


def test_merged_leads_count_as_in_the_agreement(
    clocks: None, decide: Commitment, lead: Lead, marketer: User, organisation: Organisation
) -> None:
    Lead.objects.filter(pk=lead.pk).update(disposition="MERGED")
    derive_all_due()
    assert rows_of(count("compliance", marketer))[str(decide.lineage)][2:6] == [2, 2, 1, 1]
    narrowed = count("compliance", marketer, region="Italy")
    assert rows_of(narrowed)[str(decide.lineage)][2:6] == [0, 0, 0, 0]


def test_filters_are_of_the_lead(clocks: None, decide: Commitment, marketer: User) -> None:
    for score, met in ((0, 2), (1, 0)):
        found = rows_of(count("compliance", marketer, score_from=str(score)))
        assert found[str(decide.lineage)][2] == met


def test_by_team(clocks: None, sales: Team, marketer: User) -> None:
    found = rows_of(count("compliance-teams", marketer))
    assert found == {
        str(sales.pk): [Fraction(1, 2), 0, 2, 2, 0, 0, 2, 1],
        "none": [0, None, 0, 0, 1, 1, None, 0],
    }


def test_by_person_only_those_whom_one_may_see(
    clocks: None, rep: User, marketer: User, manager_sales: User
) -> None:
    told = {str(rep.pk): [Fraction(1, 2), 0, 2, 2, 0, 0, 2, 1]}
    assert rows_of(count("compliance-people", rep)) == told
    assert rows_of(count("compliance-people", manager_sales)) == told
    assert rows_of(count("compliance-people", marketer)) == {}
    assert PANELS["compliance-people"].of_persons


def test_how_late(clocks: None, decide: Commitment, lead: Lead, marketer: User) -> None:
    clock(decide, lead, 20, outcome=Outcome.MET_LATE, stopped_at=AT + DAY, lateness=4 * HOUR)
    clock(decide, lead, 21, outcome=Outcome.MET_LATE, stopped_at=AT + DAY, lateness=4 * HOUR + TICK)
    figures = count("lateness", marketer)
    fifth = Fraction(1, 5)
    assert rows_of(figures) == {
        "1": [0, 0, 0],
        "4": [2, 2 * fifth, 2 * fifth],
        "8": [1, fifth, 3 * fifth],
        "16": [0, 0, 3 * fifth],
        "40": [1, fifth, 4 * fifth],
        "more": [0, 0, 4 * fifth],
        "open": [1, fifth, 1],
    }
    assert [row.label for row in figures.rows][1:6:4] == ["1 to 4", "Over 40"]
    by_commitment = rows_of(count("compliance", marketer))[str(decide.lineage)]
    assert sum(figures.column("n")) == by_commitment[3] + by_commitment[4]  # type: ignore[arg-type]


@pytest.mark.parametrize("n", [1, 6])
def test_statements(
    n: int, decide: Commitment, lead: Lead, manager_sales: User, django_assert_num_queries: Any
) -> None:
    for place in range(n):
        clock(decide, lead, place, outcome=Outcome.MET, stopped_at=AT, owner=manager_sales)
    view = view_of(manager_sales, days="2026-03")
    for key, statements in STATEMENTS.items():
        with django_assert_num_queries(statements):
            PANELS[key].count(view)
