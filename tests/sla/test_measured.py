"""How the funnel has been: cohorts that had their time, with how many cases there are."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from accounts.models import User
from leads.enums import LifecycleStage as S
from leads.models import Lead, Opportunity
from leads.models.opportunities import DealState
from sla.goals import Goal, Measured, Measurements, Origin, assume, usual_share
from sla.selectors.measured import DAY, YEAR, measure
from tests.conftest import AT
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
MQL = [(S.LEAD, S.MQL)]
ENTERED = AT - 100 * DAY


def entered(email: str, **instants: Any) -> Lead:
    """A lead that entered these stages then; the selector reads nothing else of it."""
    lead = lead_at(S.LEAD, email=email)
    columns = dict.fromkeys(("lead_at", "mql_at", "sal_at", "sql_at", "opportunity_at"))
    Lead.objects.filter(pk=lead.pk).update(**{**columns, **instants})
    return lead


def share_of_mql(window: int = 90) -> Measured:
    return measure(MQL, window=window, at=AT).shares[MQL[0]]


def test_a_share_is_of_those_who_had_the_whole_window(organisation: object) -> None:
    entered("in@acme.example", lead_at=ENTERED, mql_at=ENTERED + 90 * DAY)
    entered("late@acme.example", lead_at=ENTERED, mql_at=ENTERED + 90 * DAY + TICK)
    entered("never@acme.example", lead_at=ENTERED)
    entered("young@acme.example", lead_at=AT - 90 * DAY, mql_at=AT)
    assert share_of_mql() == Measured(Fraction(1, 3), 3)


def test_the_year_ends_a_window_ago(organisation: object) -> None:
    end = AT - 90 * DAY
    entered("first@acme.example", lead_at=end - YEAR)
    entered("too-early@acme.example", lead_at=end - YEAR - TICK)
    entered("last@acme.example", lead_at=end - TICK)
    entered("too-late@acme.example", lead_at=end)
    assert share_of_mql() == Measured(Fraction(0), 2)


def test_who_is_beyond_a_stage_has_passed_it(organisation: object) -> None:
    entered("skipped@acme.example", lead_at=ENTERED, sql_at=ENTERED + DAY)
    found = measure(MQL, window=90, at=AT)
    assert found.shares[MQL[0]] == Measured(Fraction(1), 1)
    assert found.lags[MQL[0]] == Measured()  # when it would have been an MQL nobody knows


def test_a_lag_is_the_median_of_those_who_came(organisation: object) -> None:
    for n, days in enumerate((2, 4, 30)):
        entered(f"a{n}@acme.example", lead_at=ENTERED, mql_at=ENTERED + days * DAY)
    entered("out@acme.example", lead_at=ENTERED)
    assert measure(MQL, window=90, at=AT).lags[MQL[0]] == Measured(Fraction(4), 3)


def test_entries_are_a_month_of_the_last_year(organisation: object) -> None:
    for n in range(6):
        entered(f"a{n}@acme.example", lead_at=ENTERED, mql_at=AT - YEAR)
    entered("old@acme.example", lead_at=ENTERED, mql_at=AT - YEAR - TICK)
    assert measure(MQL, window=90, at=AT).entries[S.MQL] == Fraction(1, 2)


def test_deals_are_first_wins_in_the_house_currency(rep: User) -> None:
    lead = lead_at(S.LEAD)
    deals = [("100", "1", 10), ("900", "1", 5), ("300", "0.5", 20), ("70", None, 30)]
    for n, (amount, rate, days) in enumerate(deals):
        Opportunity.objects.create(
            lead=lead if n < 2 else lead_at(S.LEAD, email=f"b{n}@acme.example"),
            state=DealState.WON,
            amount=Decimal(amount),
            rate=rate and Decimal(rate),
            closed_at=AT - days * DAY,
        )
    found = measure(MQL, window=90, at=AT)
    assert found.deal == Measured(Fraction(125), 2)  # 100 came first, 900 was an expansion
    assert found.deals_without_rate == 1
    assert found.reps == 1


def test_nothing_measured_is_nothing_not_zero(organisation: object) -> None:
    found = measure(MQL, window=90, at=AT)
    assert (found.shares[MQL[0]], found.deal, found.attempts) == (Measured(),) * 3


def test_it_costs_three_statements_however_many_leads(
    organisation: object, django_assert_num_queries: Any
) -> None:
    entered("one@acme.example", lead_at=ENTERED)
    with django_assert_num_queries(3):
        measure(Goal().pairs, window=90, at=AT)
    entered("two@acme.example", lead_at=ENTERED)
    entered("three@acme.example", lead_at=ENTERED)
    with django_assert_num_queries(3):
        measure(Goal().pairs, window=90, at=AT)


def test_typed_goes_before_measured_and_measured_before_usual() -> None:
    pair = (S.MQL, S.CUSTOMER)
    five = Measurements(shares={pair: Measured(Fraction(1, 7), 5)})
    four = Measurements(shares={pair: Measured(Fraction(1, 7), 4)})
    goal = Goal(customers=Fraction(1), stages=(S.MQL,))
    typed = Goal(customers=Fraction(1), stages=(S.MQL,), shares={S.MQL: Fraction(1, 3)})
    assert [
        (found.value, found.origin, found.n)
        for found in (
            assume(g, m).shares[S.MQL] for g, m in ((typed, five), (goal, five), (goal, four))
        )
    ] == [
        (Fraction(1, 3), Origin.TYPED, 5),
        (Fraction(1, 7), Origin.MEASURED, 5),
        (usual_share(pair), Origin.USUAL, 4),
    ]
