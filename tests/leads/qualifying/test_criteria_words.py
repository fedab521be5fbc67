"""Criteria in words, and which persona fits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leads.criteria import (
    Checked,
    Criterion,
    CriterionKind,
)
from leads.criteria_validation import Terms
from leads.criteria_words import Lexicon, say, tell_checked
from leads.enums import PersonaKind
from leads.fields import FIELDS, Field, FieldType
from leads.personas import PersonaRules, best_of, fits, judge
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


LEXICON = Lexicon(TERMS.fields, {3: "Plant manager"})


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        (of(K.FILLED, field="contact.phone"), "Phone is filled in"),
        (of(K.EQUALS, field="contact.country", value="Italy"), "Country is Italy"),
        (of(K.EQUALS, field="lead.returning", value=True), "Returning is Yes"),
        (
            of(K.AT_LEAST, field="company.employees", value=50),
            "Company employees is at least 50",
        ),
        (of(K.AT_LEAST, field=SINCE.key, value="2026-03-01"), "Since is 1 Mar 2026 or later"),
        (of(K.IN, field=PLAN.key, value=["S", "L"]), "Plan is one of: Small, Large"),
        (of(K.SCORE_AT_LEAST, value=60), "Score is at least 60"),
        (of(K.PERSONA_FITS), "Fits one of our personas"),
        (of(K.PERSONA_FITS, value=3), "Fits the persona Plant manager"),
        (of(K.NOT_EXCLUDED), "No persona rules it out"),
        (of(K.NOT_EXCLUDED, value=9), "Not ruled out by #9"),
        (of(K.TOUCH_WITHIN, days=1), "Any touch in the last day"),
        (of(K.TOUCH_WITHIN, value="FORM", days=30), "Form in the last 30 days"),
        (of(K.QUESTION, key="budget", label="Is there a budget?"), "Is there a budget?"),
    ],
)
def test_criteria_in_words(criterion: Criterion, words: str) -> None:
    assert say(criterion, LEXICON) == words


def test_a_checked_criterion_tells_its_value_and_state() -> None:
    told = [
        tell_checked(one, LEXICON)
        for one in (
            Checked(of(K.SCORE_AT_LEAST, value=60), True, 72),
            Checked(of(K.PERSONA_FITS), True, [3]),
            Checked(of(K.TOUCH_WITHIN, days=30), True, AT),
            Checked(of(K.TOUCH_WITHIN, days=30), True, AT.isoformat()),
            Checked(of(K.FILLED, field="contact.phone"), False, ""),
            Checked(of(K.QUESTION, key="budget", label="Budget?"), None, None),
            Checked(of(K.QUESTION, key="budget", label="Budget?"), False, False),
        )
    ]
    assert [(one.state, one.value, one.key) for one in told] == [
        ("met", "72", ""),
        ("met", "Plant manager", ""),
        ("met", "3 Mar 2026", ""),
        ("met", "3 Mar 2026", ""),
        ("missed", "", ""),
        ("open", "", "budget"),
        ("missed", "No", "budget"),
    ]
    assert (told[2].at, told[3].at) == (AT, AT)


def rules(persona_id: int, *criteria: Criterion, **fields: Any) -> PersonaRules:
    kind = fields.pop("kind", PersonaKind.BUYER)
    return PersonaRules(
        persona_id=persona_id, name=f"P{persona_id}", kind=kind, version=1, criteria=criteria,
        **fields,
    )  # fmt: skip


ITALY = of(K.EQUALS, field="contact.country", value="Italy")
CHIEF = of(K.EQUALS, field="contact.job_title", value="Chief")


def test_a_persona_needs_all_its_criteria_and_none_of_its_exclusions() -> None:
    both = rules(1, ITALY, CHIEF)
    assert fits(both, {"contact.country": "Italy", "contact.job_title": "Chief"})
    assert not fits(both, {"contact.country": "Italy"})
    barred = rules(2, ITALY, exclusions=(CHIEF,))
    values = {"contact.country": "Italy", "contact.job_title": "Chief"}
    assert not fits(barred, values)
    assert judge([both, barred, rules(3)], values).excluded == {2}
    assert not fits(rules(3), values)


def test_the_best_buyer_asks_the_most_then_is_the_older() -> None:
    known = [
        rules(4, ITALY),
        rules(2, ITALY),
        rules(7, ITALY, CHIEF),
        rules(1, ITALY, CHIEF, ITALY, kind=PersonaKind.COMPANY),
    ]
    best = best_of(known, {1, 2, 4, 7})
    assert best is not None
    assert best.persona_id == 7
    older = best_of(known, {2, 4})
    assert older is not None
    assert older.persona_id == 2
    assert best_of(known, {1}) is None
