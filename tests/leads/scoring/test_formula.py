"""The pure score: known answers and laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.criteria import Criterion, CriterionKind, Facts
from leads.enums import ScoreCounting, ScoreKind
from leads.scoring import Part, Rule, Thresholds, counted_touches, faded, gone_at, parts_of, total
from tests.conftest import AT

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
WEBINAR = Rule(id=1, kind=ScoreKind.ENGAGEMENT, points=10, touch_kind="WEBINAR")
TITLE = Rule(
    id=2,
    kind=ScoreKind.FIT,
    points=20,
    criterion=Criterion(kind=CriterionKind.FILLED, field="contact.job_title"),
)


def points(rule, *days_ago, at=AT):
    touches = {"WEBINAR": [AT - days * DAY for days in days_ago]}
    return total(parts_of([rule], Facts(), touches, at=at))


def test_a_score_is_fit_and_engagement():
    facts = Facts(values={"contact.job_title": "CTO"})
    parts = parts_of([TITLE, WEBINAR], facts, {"WEBINAR": [AT]}, at=AT)
    assert parts == [
        Part(rule_id=2, points=20, raw=20.0),
        Part(rule_id=1, points=10, raw=10.0, raw_at=AT),
    ]
    assert total(parts) == 30


def test_what_does_not_apply_gives_no_part():
    assert parts_of([TITLE, WEBINAR], Facts(), {"FORM": [AT]}, at=AT) == []


@pytest.mark.parametrize(
    ("days", "left"),
    [(0, 10), (30, 5), (60, 3), (90, 1), (120, 1), (130, 0), (10_000_000 / 365, 0)],
)
def test_worth_halves_each_half_life_and_rounds_half_up(days, left):
    assert points(replace(WEBINAR, half_life=30 * DAY), days) == left


def test_without_half_life_nothing_fades():
    assert points(WEBINAR, 3_650) == 10


@pytest.mark.parametrize(("cap", "given_points"), [(None, 30), (25, 25), (30, 30), (0, 0)])
def test_a_cap_bounds_what_a_rule_gives(cap, given_points):
    assert points(replace(WEBINAR, cap=cap), 1, 2, 3) == given_points


def test_a_cap_bounds_penalties_too():
    assert points(replace(WEBINAR, points=-10, cap=25), 1, 2, 3) == -25


def test_once_counts_the_newest():
    once = replace(WEBINAR, counting=ScoreCounting.ONCE, half_life=30 * DAY)
    assert points(once, 60, 30, 0) == 10
    assert points(once, 60, 30) == 5


@pytest.mark.parametrize(
    ("days_ago", "counted"),
    [((0, 1, 2), 2), ((0, 6.9), 2), ((0, 3, 7), 3), ((0, 3, 7 - 1e-5), 2), ((0, 3, 7, 10), 4)],
    ids=["three in a week", "two", "a week apart", "just within", "two a week"],
)
def test_n_per_period_counts_no_more_in_any_such_period(days_ago, counted):
    rule = replace(WEBINAR, counting=ScoreCounting.PER_PERIOD, per_period=2, period=7 * DAY)
    assert points(rule, *days_ago) == 10 * counted


@pytest.mark.parametrize(("later", "given_points"), [(-TICK, 0), (0 * TICK, 10), (TICK, 10)])
def test_a_touch_counts_from_its_instant_on(later, given_points):
    assert points(WEBINAR, 0, at=AT + later) == given_points


def test_a_part_is_gone_when_it_rounds_to_nothing():
    rule = replace(WEBINAR, half_life=30 * DAY)
    (part,) = parts_of([rule], Facts(), {"WEBINAR": [AT]}, at=AT)
    gone = gone_at(part, rule)
    assert faded(part.raw, part.raw_at, rule.half_life, None, gone - timedelta(seconds=1)) == 1
    assert faded(part.raw, part.raw_at, rule.half_life, None, gone + timedelta(seconds=1)) == 0
    assert gone_at(part, WEBINAR) is None


@pytest.mark.parametrize(
    ("score", "is_proposed", "proposes"),
    [(59, False, False), (60, False, True), (59, True, True), (45, True, True), (44, True, False)],
)
def test_the_threshold_has_hysteresis(score, is_proposed, proposes):
    assert Thresholds(enter=60, leave=45).proposes(score, is_proposed=is_proposed) is proposes


# Laws

seconds = st.integers(0, 400 * 86_400)
instants = st.lists(seconds.map(lambda s: AT - timedelta(seconds=s)), max_size=25)
rules = st.builds(
    Rule,
    id=st.just(1),
    kind=st.just(ScoreKind.ENGAGEMENT),
    points=st.integers(-50, 50),
    touch_kind=st.just("WEBINAR"),
    half_life=st.none() | st.integers(1, 400).map(lambda n: n * DAY),
    cap=st.none() | st.integers(0, 100),
    counting=st.sampled_from(ScoreCounting),
    per_period=st.integers(1, 4),
    period=st.integers(1, 60).map(lambda n: n * DAY),
)


@given(rules, instants, st.randoms(use_true_random=False))
def test_the_order_of_touches_does_not_matter(rule, touches, random):
    shuffled = touches[:]
    random.shuffle(shuffled)
    first, second = (
        parts_of([rule], Facts(), {"WEBINAR": order}, at=AT) for order in (touches, shuffled)
    )
    assert first == second


@given(rules, instants)
def test_a_cap_is_never_exceeded(rule, touches):
    parts = parts_of([rule], Facts(), {"WEBINAR": touches}, at=AT)
    assert all(rule.cap is None or abs(part.points) <= rule.cap for part in parts)


@given(rules, instants.filter(bool), seconds, seconds)
def test_fading_in_two_steps_is_fading_in_one(rule, touches, first, second):
    """What is stored once, faded later, is what would be computed then, whatever lay between."""
    later = AT + timedelta(seconds=first)
    latest = later + timedelta(seconds=second)
    for between in (AT, later):
        (part,) = parts_of([rule], Facts(), {"WEBINAR": touches}, at=between)
        (anew,) = parts_of([rule], Facts(), {"WEBINAR": touches}, at=latest)
        assert faded(part.raw, part.raw_at, rule.half_life, rule.cap, latest) == anew.points


@given(rules, instants)
def test_a_period_never_holds_more_than_its_number(rule, touches):
    counted = counted_touches(replace(rule, counting=ScoreCounting.PER_PERIOD), touches)
    for last in counted:
        within = [one for one in counted if last - rule.period < one <= last]
        assert len(within) <= rule.per_period


@given(st.lists(rules, max_size=6), instants)
def test_the_parts_sum_to_the_score(some, touches):
    numbered = [replace(rule, id=n) for n, rule in enumerate(some, start=1)]
    parts = parts_of(numbered, Facts(), {"WEBINAR": touches}, at=AT)
    assert total(parts) == sum(part.points for part in parts)
    assert len({part.rule_id for part in parts}) == len(parts)
