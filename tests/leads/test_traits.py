"""Lift against the rest, with what chance allows."""

from __future__ import annotations

import pytest

from leads.traits import lift_of, wilson


def test_twice_as_good_for_sure() -> None:
    # 60 of 200 with the trait, 150 of 1 000 without it.
    found = lift_of(200, 60, 1_200, 210)
    assert (found.conversion, found.lift) == (0.3, 2.0)
    assert found.low == pytest.approx(1.5451, abs=0.0001)
    assert found.high == pytest.approx(2.5888, abs=0.0001)
    assert found.is_sure


def test_as_good_as_the_rest_is_not_sure() -> None:
    found = lift_of(100, 10, 1_100, 110)
    assert found.lift == 1.0
    assert not found.is_sure


@pytest.mark.parametrize(
    ("n", "won", "all_n", "all_won", "too_few"),
    [
        (29, 10, 1_000, 100, True),  # one short of the fewest
        (30, 0, 1_000, 100, False),  # enough, and nobody won
        (30, 10, 1_000, 10, False),  # nobody among the rest won
        (30, 10, 59, 20, True),  # the rest is too few
        (0, 0, 1_000, 100, True),
    ],
)
def test_where_nothing_can_be_said_nothing_is(
    n: int, won: int, all_n: int, all_won: int, too_few: bool
) -> None:
    found = lift_of(n, won, all_n, all_won)
    assert (found.lift, found.low, found.high) == (None, None, None)
    assert (found.is_too_few, found.is_sure) == (too_few, False)
    assert found.conversion == (won / n if n else None)


def test_enough_is_enough() -> None:
    assert lift_of(30, 10, 60, 20).lift == 1.0


def test_the_interval_of_a_share() -> None:
    assert wilson(0, 0) is None
    low, high = wilson(100, 50) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.4038, 0.5962)
    assert wilson(10, 0) is not None
