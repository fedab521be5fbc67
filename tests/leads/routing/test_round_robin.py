"""Turns by weight: everybody's share is kept at every moment."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.round_robin import Share, give_back, next_turn

WEIGHTS = st.lists(st.integers(1, 100), min_size=1, max_size=12)


def shares_of(weights):
    return [Share(key, weight) for key, weight in enumerate(weights)]


def turns(shares, n):
    return [next_turn(shares).key for _turn in range(n)]


@pytest.mark.parametrize(
    ("weights", "taken"),
    [
        ([1], [0, 0, 0]),
        ([1, 1, 1], [0, 1, 2, 0, 1, 2]),
        ([2, 1], [0, 1, 0, 0, 1, 0]),
        ([5, 1, 1], [0, 0, 1, 0, 0, 2, 0]),
    ],
)
def test_turns_are_taken_in_a_known_order(weights, taken):
    assert turns(shares_of(weights), len(taken)) == taken


@given(weights=WEIGHTS, n=st.integers(1, 300))
def test_at_every_moment_each_has_his_share_within_one(weights, n):
    shares, total, taken = shares_of(weights), sum(weights), Counter()
    for turn in range(1, n + 1):
        taken[next_turn(shares).key] += 1
        for key, weight in enumerate(weights):
            assert abs(taken[key] * total - turn * weight) < total


@given(weights=WEIGHTS, before=st.integers(0, 50), rounds=st.integers(1, 3))
def test_a_whole_round_gives_each_exactly_his_weight_wherever_it_begins(weights, before, rounds):
    shares = shares_of(weights)
    turns(shares, before)
    owed = [share.credit for share in shares]
    taken = Counter(turns(shares, rounds * sum(weights)))
    assert [taken[key] for key in range(len(weights))] == [w * rounds for w in weights]
    assert [share.credit for share in shares] == owed


@given(weights=WEIGHTS, away=st.lists(st.integers(0, 11), max_size=60))
def test_who_is_left_out_neither_gains_nor_owes_and_credits_stay_level(weights, away):
    shares = shares_of(weights)
    for absent in away:
        there = [share for share in shares if share.key != absent] or shares
        owed = {share.key: share.credit for share in shares}
        next_turn(there)
        left_out = [share for share in shares if share not in there]
        assert all(share.credit == owed[share.key] for share in left_out)
        assert sum(share.credit for share in shares) == 0


def test_equal_people_never_get_two_in_a_row():
    taken = turns(shares_of([1, 1, 1, 1]), 100)
    assert Counter(taken) == {0: 25, 1: 25, 2: 25, 3: 25}
    assert all(one != other for one, other in pairwise(taken))


@given(weights=WEIGHTS, before=st.integers(0, 50))
def test_a_turn_given_back_leaves_no_trace(weights, before):
    shares = shares_of(weights)
    turns(shares, before)
    owed = [share.credit for share in shares]
    give_back(shares, next_turn(shares))
    assert [share.credit for share in shares] == owed
