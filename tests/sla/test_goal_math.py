"""From a goal back to the funnel: known answers, and laws that hold for every funnel."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.enums import LifecycleStage as S
from sla.goal_math import (
    Desk,
    Funnel,
    Link,
    customers_for,
    load,
    needs,
    rises,
    sensitivity,
    whole,
)

F = Fraction
SHORT = Funnel((Link(S.LEAD, S.MQL, F(3, 10), F(10)), Link(S.MQL, S.CUSTOMER, F(1, 3), F(40))))
ZERO = SHORT.with_share(S.MQL, F(0))
SHARES = st.fractions(F(1, 50), F(1), max_denominator=50)
COUNTS = st.fractions(F(0), F(1_000), max_denominator=7)


@st.composite
def funnels(draw: st.DrawFn) -> Funnel:
    """Any chain of stages that ends with customers."""
    first = draw(st.sets(st.sampled_from(tuple(S)[:-1]), min_size=1))
    stages = [*sorted(first, key=tuple(S).index), S.CUSTOMER]
    links = [Link(a, b, draw(SHARES), draw(COUNTS)) for a, b in pairwise(stages)]
    return Funnel(tuple(links))


def test_one_customer_needs_three_mqls_and_ten_leads() -> None:
    found = needs(F(1), SHORT)
    assert [(one.stage, one.total) for one in found] == [
        (S.LEAD, F(10)),
        (S.MQL, F(3)),
        (S.CUSTOMER, F(1)),
    ]


def test_needs_stay_exact_and_are_rounded_up_only_to_be_shown() -> None:
    two, _, _ = needs(F(1, 7), SHORT)
    assert (two.total, whole(two.total)) == (F(10, 7), 2)
    assert (whole(F(3)), whole(F(0)), whole(None)) == (3, 0, None)


def test_a_goal_in_money_is_divided_by_the_average_deal() -> None:
    assert customers_for(F(100_000), F(30_000)) == F(10, 3)
    with pytest.raises(ValueError, match="more than 0"):
        customers_for(F(100_000), F(0))


def test_needs_enter_as_many_days_before_as_the_stages_take() -> None:
    assert [one.lead_days for one in needs(F(1), SHORT)] == [50, 40, 0]


def test_what_sales_finds_by_itself_needs_no_leads_and_no_mqls() -> None:
    funnel = Funnel(
        (
            Link(S.LEAD, S.MQL, F(1, 2)),
            Link(S.MQL, S.SAL, F(1, 2)),
            Link(S.SAL, S.CUSTOMER, F(1, 5)),
        )
    )
    found = needs(F(10), funnel, marketing=F(3, 5))
    assert [(one.stage, one.total, one.marketing) for one in found] == [
        (S.LEAD, F(120), F(120)),
        (S.MQL, F(60), F(60)),
        (S.SAL, F(50), F(30)),
        (S.CUSTOMER, F(10), F(6)),
    ]


def test_a_share_of_zero_needs_nothing_that_could_be_told() -> None:
    assert [one.total for one in needs(F(1), ZERO)] == [None, None, 1]
    assert sensitivity(F(1), ZERO) == []


def test_one_point_more_of_a_rate_is_worth_leads() -> None:
    first, second = sensitivity(F(100), SHORT)
    assert first.saved == 1000 - F(100) / (F(31, 100) * F(1, 3))
    assert second.saved == 1000 - F(100) / (F(3, 10) * (F(1, 3) + F(1, 100)))


def test_a_rate_rises_to_all_and_no_further() -> None:
    almost = SHORT.with_share(S.MQL, F(199, 200))
    _, second = sensitivity(F(1), almost)
    assert second.points == F(1, 200)
    _, full = sensitivity(F(1), SHORT.with_share(S.MQL, F(1)))
    assert (full.points, full.saved) == (F(0), F(0))


def test_the_inverse_tells_which_rate_must_rise() -> None:
    lead, mql = rises(F(20), SHORT, S.LEAD, F(100))
    assert (lead.share, mql.share) == (F(3, 5), F(2, 3))
    assert not lead.is_enough


def test_the_inverse_says_what_is_enough_and_what_never_will_be() -> None:
    (enough,) = rises(F(10), SHORT, S.MQL, F(30))
    assert (enough.share, enough.is_enough) == (F(1, 3), True)
    (impossible,) = rises(F(31), SHORT, S.MQL, F(30))
    assert (impossible.share, impossible.is_enough) == (None, False)
    (none,) = rises(F(1), SHORT, S.MQL, F(0))
    assert none.share is None
    assert rises(F(0), SHORT, S.MQL, F(0))[0].share == 0


def test_capacity_is_leads_times_attempts_times_minutes_by_working_time() -> None:
    desk = Desk(attempts=F(6), minutes=F(15), hours=F(5), days=20, reps=4)
    found = load(F(400), desk)
    assert found.attempts == 2_400
    assert found.reps_needed == 6
    assert found.capacity == F(800, 3)
    assert found.calls_a_day == 30


def test_nobody_and_no_time_give_no_figure_instead_of_a_wrong_one() -> None:
    nobody = load(F(400), Desk(F(6), F(15), F(5), days=20, reps=0))
    assert (nobody.capacity, nobody.calls_a_day, nobody.reps_needed) == (F(0), None, F(6))
    no_days = load(F(400), Desk(F(6), F(15), F(5), days=0, reps=4))
    assert (no_days.reps_needed, no_days.calls_a_day) == (None, None)
    assert load(F(400), Desk(F(0), F(15), F(5), days=20, reps=4)).capacity is None


@pytest.mark.parametrize(
    "links",
    [
        (),
        (Link(S.LEAD, S.MQL, F(1)),),
        (Link(S.LEAD, S.MQL, F(1)), Link(S.SAL, S.CUSTOMER, F(1))),
    ],
)
def test_a_funnel_hangs_together_and_ends_with_customers(links: tuple[Link, ...]) -> None:
    with pytest.raises(ValueError, match=r"end|meet"):
        Funnel(links)


@pytest.mark.parametrize(
    ("stage", "to_stage", "share", "lag"),
    [
        (S.LEAD, S.MQL, F(-1, 100), F(0)),
        (S.LEAD, S.MQL, F(101, 100), F(0)),
        (S.LEAD, S.MQL, F(1), F(-1)),
        (S.MQL, S.MQL, F(1), F(0)),
        (S.SQL, S.MQL, F(1), F(0)),
    ],
)
def test_a_link_goes_forward_by_a_share(stage: S, to_stage: S, share: F, lag: F) -> None:
    with pytest.raises(ValueError, match=r"share is|before|forward"):
        Link(stage, to_stage, share, lag)


@given(funnels(), COUNTS)
def test_going_forward_again_gives_the_customers(funnel: Funnel, customers: F) -> None:
    for one in needs(customers, funnel):
        assert one.total is not None
        assert one.total * funnel.share_from(one.stage) == customers


@given(funnels(), COUNTS, COUNTS)
def test_needs_of_two_goals_add_up(funnel: Funnel, one: F, other: F) -> None:
    both = [need.total for need in needs(one + other, funnel)]
    apart = zip(needs(one, funnel), needs(other, funnel), strict=True)
    assert both == [(a.total or 0) + (b.total or 0) for a, b in apart]


@given(funnels(), COUNTS)
def test_a_better_rate_never_needs_more(funnel: Funnel, customers: F) -> None:
    assert all(worth.saved >= 0 for worth in sensitivity(customers, funnel))


@given(SHARES, SHARES, COUNTS)
def test_two_links_are_worth_their_product(one: F, other: F, customers: F) -> None:
    long = Funnel((Link(S.MQL, S.SQL, one, F(3)), Link(S.SQL, S.CUSTOMER, other, F(4))))
    short = Funnel((Link(S.MQL, S.CUSTOMER, one * other, F(7)),))
    assert needs(customers, long)[0] == needs(customers, short)[0]


@given(funnels(), COUNTS, COUNTS)
def test_the_rate_that_the_inverse_names_needs_just_what_there_is(
    funnel: Funnel, customers: F, entries: F
) -> None:
    first = funnel.links[0].stage
    for rise in rises(customers, funnel, first, entries):
        best = entries * funnel.with_share(rise.link.stage, F(1)).share_from(first)
        if rise.share is None:
            assert best < customers
        elif rise.share:
            risen = funnel.with_share(rise.link.stage, rise.share)
            assert needs(customers, risen)[0].total == entries
