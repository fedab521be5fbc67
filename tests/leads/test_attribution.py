"""Seven models part a deal among its touches, to the cent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.attribution import Model, Path, parts, shares, split

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)


def path(*days: int, lead: int | None = 10, opportunity: int | None = 20, close: int = 30) -> Path:
    """Touches on `days` after the start; the keys on theirs."""

    def at(day: int | None) -> datetime | None:
        return None if day is None else START + day * DAY

    return Path([START + day * DAY for day in days], at(lead), at(opportunity), START + close * DAY)


# First touch on day 0, lead on 10, opportunity on 20, last touch on 28; 5 and 25 lie between.
WHOLE = path(0, 5, 10, 20, 25, 28)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Model.FIRST, [1, 0, 0, 0, 0, 0]),
        (Model.LAST, [0, 0, 0, 0, 0, 1]),
        (Model.LINEAR, [Fraction(1, 6)] * 6),
        (
            Model.U,
            [
                Fraction(40, 100),
                Fraction(5, 100),
                Fraction(40, 100),
                Fraction(5, 100),
                Fraction(5, 100),
                Fraction(5, 100),
            ],
        ),
        (
            Model.W,
            [
                Fraction(3, 10),
                Fraction(1, 30),
                Fraction(3, 10),
                Fraction(3, 10),
                Fraction(1, 30),
                Fraction(1, 30),
            ],
        ),
        (
            Model.FULL_PATH,
            [
                Fraction(225, 1000),
                Fraction(5, 100),
                Fraction(225, 1000),
                Fraction(225, 1000),
                Fraction(5, 100),
                Fraction(225, 1000),
            ],
        ),
    ],
)
def test_a_path_with_everything(model: Model, expected: list[Fraction]) -> None:
    assert shares(WHOLE, model) == expected


def test_time_decay_halves_every_thirty_days() -> None:
    found = shares(path(0, 30, close=30), Model.TIME_DECAY)
    assert found == [Fraction(1, 3), Fraction(2, 3)]
    shorter = shares(path(0, 30, close=30), Model.TIME_DECAY, half_life=15 * DAY)
    assert shorter == [Fraction(1, 5), Fraction(4, 5)]


@pytest.mark.parametrize("model", list(Model))
def test_one_touch_takes_all(model: Model) -> None:
    assert shares(path(3), model) == [1]


@pytest.mark.parametrize("model", list(Model))
def test_nobody_takes_what_no_touch_brought(model: Model) -> None:
    assert shares(path(), model) == []
    assert parts(path(), 1_000)[model] == []


def test_without_a_middle_the_keys_take_its_share_pro_rata() -> None:
    assert shares(path(0, 10), Model.U) == [Fraction(1, 2), Fraction(1, 2)]
    assert shares(path(0, 10, 20), Model.W) == [Fraction(1, 3)] * 3


def test_coinciding_keys_add_up() -> None:
    # The first touch gave birth to the lead too.
    assert shares(path(0, 5, lead=0), Model.U) == [Fraction(8, 10), Fraction(2, 10)]
    # First, birth and opportunity are one touch; the other closes.
    assert shares(path(0, 28, lead=3, opportunity=4), Model.FULL_PATH) == [
        Fraction(3, 4),
        Fraction(1, 4),
    ]


def test_the_share_of_an_unknown_key_goes_to_the_keys_not_to_the_middle() -> None:
    found = shares(path(0, 5, 10, lead=None, opportunity=20), Model.W)
    # First and opportunity (day 10 is the last until day 20) keep the keys' nine tenths.
    assert found == [Fraction(45, 100), Fraction(1, 10), Fraction(45, 100)]
    assert shares(path(5, 10, lead=3), Model.U) == [Fraction(8, 10), Fraction(2, 10)]


def test_the_largest_remainders_are_rounded_up_the_earlier_first() -> None:
    assert split(100, [Fraction(1, 3)] * 3) == [34, 33, 33]
    assert split(1, [Fraction(1, 4), Fraction(3, 4)]) == [0, 1]
    assert split(0, [Fraction(1)]) == [0]


@given(
    cents=st.integers(0, 10**14),
    days=st.lists(st.integers(0, 400), max_size=30).map(sorted),
    lead=st.none() | st.integers(0, 400),
    opportunity=st.none() | st.integers(0, 400),
)
def test_parts_add_up_to_the_cent(
    cents: int, days: list[int], lead: int | None, opportunity: int | None
) -> None:
    found = parts(path(*days, lead=lead, opportunity=opportunity, close=400), cents)
    assert set(found) == set(Model)
    for credited in found.values():
        assert sum(credited) == (cents if days else 0)
        assert all(part >= 0 for part in credited)
