"""Criteria: pure checks, their validation and their words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.criteria import (
    Criterion,
    CriterionKind,
    Facts,
    are_met,
    check,
    check_all,
    meets,
    read_criteria,
)
from leads.criteria_validation import Terms, read_valid, whats_wrong
from leads.criteria_words import Lexicon, tell_checked
from leads.fields import FIELDS, Field, FieldType
from smarketing.errors import BadInput
from tests.conftest import AT

K = CriterionKind
DAY = timedelta(days=1)
PLAN = Field(
    key="lead.attributes.plan", label="Plan", type=FieldType.CHOICE, read=str,
    choices=(("S", "Small"), ("L", "Large")),
)  # fmt: skip
SINCE = Field(key="lead.attributes.since", label="Since", type=FieldType.DATE, read=str)
TERMS = Terms(fields={**FIELDS, PLAN.key: PLAN, SINCE.key: SINCE}, personas={3})


def of(kind: CriterionKind, **fields: Any) -> Criterion:
    return Criterion(kind=kind, **fields)


@pytest.mark.parametrize(
    ("criterion", "value", "met"),
    [
        (of(K.FILLED), "x", True),
        (of(K.FILLED), "", False),
        (of(K.FILLED), None, False),
        (of(K.FILLED), 0, True),
        (of(K.FILLED), False, True),
        (of(K.EQUALS, value="Italy"), " italy ", True),
        (of(K.EQUALS, value="Italy"), "Spain", False),
        (of(K.EQUALS, value="Italy"), None, False),
        (of(K.EQUALS, value=True), True, True),
        (of(K.EQUALS, value=False), False, True),
        (of(K.EQUALS, value=50), 50, True),
        (of(K.AT_LEAST, value=50), 50, True),
        (of(K.AT_LEAST, value=50), 49, False),
        (of(K.AT_LEAST, value=50), None, False),
        (of(K.AT_LEAST, value=50), "many", False),
        (of(K.AT_LEAST, value=9), "10", True),
        (of(K.AT_LEAST, value="2026-03-01"), "2026-03-01", True),
        (of(K.AT_LEAST, value="2026-03-01"), "2026-02-28", False),
        (of(K.IN, value=["Food", "Paper"]), "paper", True),
        (of(K.IN, value=["Food", "Paper"]), "Water", False),
        (of(K.IN, value=["Food", "Paper"]), "", False),
    ],
)
def test_a_field_meets_a_criterion(criterion: Criterion, value: Any, met: bool) -> None:
    assert meets(criterion, value) is met


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_at_least_is_the_order_of_numbers(value: int, least: int) -> None:
    assert meets(of(K.AT_LEAST, value=least), value) is (value >= least)


@given(st.text(max_size=20), st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5))
def test_one_of_is_equal_to_any(value: str, wanted: list[str]) -> None:
    each = [meets(of(K.EQUALS, value=one), value) for one in wanted]
    assert meets(of(K.IN, value=wanted), value) is any(each)


def test_the_score_counts_from_its_border_on() -> None:
    criterion = of(K.SCORE_AT_LEAST, value=60)
    results = [check(criterion, Facts(score=score), at=AT).met for score in (59, 60, 61)]
    assert results == [False, True, True]


def test_personas_fit_or_rule_out() -> None:
    facts = Facts(fits=frozenset({1, 2}), excluded=frozenset({5}))
    assert check(of(K.PERSONA_FITS), facts, at=AT).value == [1, 2]
    assert check(of(K.PERSONA_FITS, value=2), facts, at=AT).met is True
    assert check(of(K.PERSONA_FITS, value=9), facts, at=AT).met is False
    assert check(of(K.NOT_EXCLUDED), facts, at=AT).met is False
    assert check(of(K.NOT_EXCLUDED, value=5), facts, at=AT).met is False
    assert check(of(K.NOT_EXCLUDED, value=1), facts, at=AT).met is True


@pytest.mark.parametrize(
    ("ago", "met"),
    [
        (30 * DAY - timedelta(microseconds=1), True),
        (30 * DAY, True),
        (30 * DAY + timedelta(microseconds=1), False),
        (-DAY, False),  # not yet
    ],
)
def test_a_touch_counts_within_its_days(ago: timedelta, met: bool) -> None:
    facts = Facts(touches={"FORM": AT - ago})
    assert check(of(K.TOUCH_WITHIN, value="FORM", days=30), facts, at=AT).met is met
    assert check(of(K.TOUCH_WITHIN, days=30), facts, at=AT).met is met
    assert check(of(K.TOUCH_WITHIN, value="CHAT", days=30), facts, at=AT).met is False


def test_a_question_waits_for_its_answer() -> None:
    question = of(K.QUESTION, key="budget", label="Is there a budget?")
    for answers, met in (({}, None), ({"budget": True}, True), ({"budget": False}, False)):
        assert check(question, Facts(answers=answers), at=AT).met is met


def test_only_what_is_required_holds_back() -> None:
    wish = of(K.SCORE_AT_LEAST, value=60, required=False)
    must = of(K.QUESTION, key="budget", label="Budget?")
    assert are_met([wish], Facts(), at=AT)
    assert not are_met([wish, must], Facts(), at=AT)
    assert [one.holds_back for one in check_all([wish, must], Facts(), at=AT)] == [False, True]


stored_criteria = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"kind": st.just("score_at_least"), "value": st.integers(0, 100),
             "required": st.booleans()}
        ),
        st.fixed_dictionaries(
            {"kind": st.just("filled"), "field": st.sampled_from(sorted(FIELDS)),
             "required": st.booleans()}
        ),
    ),
    max_size=6,
)  # fmt: skip


@given(stored_criteria)
def test_what_is_stored_is_read_back_as_it_was(stored: list[dict[str, Any]]) -> None:
    assert whats_wrong(stored, TERMS) == {}
    assert [one.to_json() for one in read_criteria(stored)] == stored


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
words_of_criteria = st.fixed_dictionaries(
    {"kind": st.sampled_from([kind.value for kind in K] + ["other"])},
    optional={
        "field": st.sampled_from([*sorted(TERMS.fields), "nonsense"]) | anything,
        "value": anything,
        "days": anything,
        "label": anything,
        "key": anything,
        "required": anything,
    },
)


@given(st.lists(words_of_criteria, max_size=4) | anything)
def test_whatever_is_found_right_can_be_read_checked_and_said(stored: Any) -> None:
    if whats_wrong(stored, TERMS):
        with pytest.raises(BadInput):
            read_valid(stored, TERMS)
        return
    lexicon = Lexicon(TERMS.fields, {3: "Buyer"})
    for one in check_all(read_valid(stored, TERMS), Facts(), at=AT):
        assert tell_checked(one, lexicon).words != ""


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({"kind": "nonsense"}, "Choose what is asked."),
        ("text", "This is no criterion."),
        ({"kind": "filled", "more": 1}, "This is no criterion."),
        ({"kind": "filled", "field": "contact.shoe"}, "Choose a field."),
        ({"kind": "filled"}, "Choose a field."),
        ({"kind": "equals", "field": "contact.city"}, "Give a value."),
        ({"kind": "equals", "field": "company.employees", "value": "50"}, "Give a number."),
        (
            {"kind": "equals", "field": "company.employees", "value": float("nan")},
            "Give a number.",
        ),
        ({"kind": "equals", "field": "lead.returning", "value": "yes"}, "Say yes or no."),
        (
            {"kind": "at_least", "field": "contact.city", "value": "B"},
            "“At least” is for numbers and dates.",
        ),
        (
            {"kind": "at_least", "field": SINCE.key, "value": "1.3.2026"},
            "Give a date as year-month-day.",
        ),
        ({"kind": "in", "field": "contact.city", "value": []}, "Give at least one value."),
        ({"kind": "in", "field": "contact.city", "value": "Bari"}, "Give at least one value."),
        ({"kind": "in", "field": PLAN.key, "value": ["XL"]}, "“XL” is none of the choices."),
        ({"kind": "score_at_least", "value": "60"}, "Give a whole number."),
        ({"kind": "score_at_least", "value": True}, "Give a whole number."),
        ({"kind": "persona_fits", "value": 4}, "Choose a persona."),
        ({"kind": "touch_within", "value": "SMS", "days": 3}, "Choose a kind of touch."),
        ({"kind": "touch_within", "days": 0}, "Give the days, from 1 to 3650."),
        ({"kind": "touch_within"}, "Give the days, from 1 to 3650."),
        ({"kind": "question", "key": "a", "label": " "}, "Write the question."),
        ({"kind": "question", "label": "Budget?"}, "A question needs a key."),
        (
            {"kind": "filled", "field": "contact.city", "required": 1},
            "“Required” is true or false.",
        ),
    ],
)
def test_what_cannot_be_checked_is_refused_with_its_line(line: Any, why: str) -> None:
    good = {"kind": "persona_fits", "value": 3}
    with pytest.raises(BadInput) as refused:
        read_valid([good, line], TERMS)
    assert refused.value.fields == {"criteria": [f"Line 2: {why}"]}


def test_kinds_that_have_no_place_are_refused() -> None:
    terms = Terms(kinds={K.FILLED})
    assert whats_wrong([{"kind": "persona_fits"}], terms) == {0: "This cannot be asked here."}


def test_two_questions_with_one_key_are_refused() -> None:
    question = {"kind": "question", "key": "budget", "label": "Budget?"}
    assert whats_wrong([question, question], TERMS) == {1: "Two questions have the same key."}


def test_a_list_too_long_is_refused() -> None:
    assert whats_wrong([{"kind": "persona_fits"}] * 51, TERMS) == {-1: "At most 50 criteria."}
    assert whats_wrong({"kind": "persona_fits"}, TERMS) == {-1: "Criteria are a list."}
