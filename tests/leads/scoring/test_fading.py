"""Fading in the database: equal to the pure form, once however often, never back from Sales."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from leads.enums import LifecycleStage, ScoreCounting
from leads.models import Lead, ScorePart, ScoreRule, StageTransition, Touch
from leads.scoring import faded
from leads.selectors.scoring import rule_of
from leads.services.fading import fade_batch, fade_scores
from leads.services.scoring import score_leads
from leads.tasks import fade_all
from tests.conftest import AT
from tests.leads.records import facts, lead_at
from tests.leads.scoring.made import (
    DAY,
    assert_sums,
    engagement_rule,
    fit_rule,
    funnel,
    ledger,
    proposed_at,
    score_of,
    touched,
)

S = LifecycleStage
TICK = timedelta(microseconds=1)


@pytest.mark.django_db
def test_engagement_fades_and_fit_stays():
    fit_rule(20)
    engagement_rule(40, half_life_days=30)
    lead = touched(lead_at(job_title="CTO", score=1), 0)
    assert fade_scores(at=AT + 30 * DAY) == 1
    assert ledger(lead) == {"": 1, "Fit 20": 20, "WEBINAR 40": 20}
    assert_sums()


@pytest.mark.django_db
def test_fading_twice_is_fading_once():
    engagement_rule(40, half_life_days=30)
    lead = touched(lead_at(), 0)
    fade_scores(at=AT + 9 * DAY)
    before = facts(lead), list(ScorePart.objects.values())
    assert fade_scores(at=AT + 9 * DAY) == 0
    assert (facts(lead), list(ScorePart.objects.values())) == before


@pytest.mark.django_db
def test_fading_night_after_night_is_scoring_on_the_last():
    engagement_rule(40, half_life_days=7, cap=50)
    lead = touched(lead_at(), 0, 1, 2)
    for night in range(1, 15):
        fade_scores(at=AT + night * DAY)
    by_nights = ledger(lead)
    score_leads([lead.pk], at=AT + 14 * DAY)
    assert ledger(lead) == by_nights


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "still"), [(10 * DAY, True), (10 * DAY + timedelta(days=8), False)]
)
def test_a_proposal_ends_below_the_lower_threshold(days, still):
    engagement_rule(64, half_life_days=30)
    lead = touched(lead_at(), 0)
    assert proposed_at(lead) == AT
    fade_scores(at=AT + days)
    assert (score_of(lead) >= 45, proposed_at(lead)) == (still, AT if still else None)


@pytest.mark.django_db
def test_a_faded_penalty_proposes_and_the_setting_may_make_it_an_mql():
    fit_rule(70)
    engagement_rule(-40, half_life_days=10)
    leads = [touched(lead_at(job_title="CTO", email=f"p{n}@acme.example"), 0) for n in range(2)]
    funnel(mql_making="MAKE")
    fade_scores(at=AT + 20 * DAY)
    assert [score_of(lead) for lead in leads] == [60, 60]
    assert StageTransition.objects.filter(to_stage=S.MQL, cause="rule").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("stage", [S.MQL, S.SAL, S.SQL, S.OPPORTUNITY])
def test_fading_never_pulls_a_lead_back_from_sales(stage, rep):
    engagement_rule(80, half_life_days=10)
    lead = touched(lead_at(stage, owner=rep), 0)
    Lead.objects.update(proposed_at=AT)
    before = facts(lead)
    fade_scores(at=AT + 100 * DAY)
    after = facts(lead)
    assert (before["lead"].pop("score"), after["lead"].pop("score")) == (80, 0)
    assert after == before


@pytest.mark.django_db
def test_a_closed_lead_does_not_fade():
    engagement_rule(80, half_life_days=10)
    lead = touched(lead_at(), 0)
    Lead.objects.update(disposition="DISQUALIFIED", closed_at=AT)
    assert fade_scores(at=AT + 100 * DAY) == 0
    assert score_of(lead) == 80


@pytest.mark.django_db
def test_batches_go_on_where_the_last_one_ended():
    engagement_rule(40, half_life_days=30)
    leads = [touched(lead_at(email=f"p{n}@acme.example"), 0) for n in range(3)]
    at = AT + 30 * DAY
    assert fade_batch(0, at=at, size=2) == (2, leads[1].pk)
    assert [score_of(lead) for lead in leads] == [20, 20, 40]
    assert fade_batch(leads[1].pk, at=at, size=2) == (1, None)
    assert_sums()


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_statements_does_not_grow(number):
    engagement_rule(40, half_life_days=30)
    for n in range(number):
        touched(lead_at(email=f"p{n}@acme.example"), 0)
    with CaptureQueriesContext(connection) as statements:
        assert fade_scores(at=AT + 30 * DAY) == number
    assert len([one for one in statements if "SAVEPOINT" not in one["sql"]]) == 3


@pytest.mark.django_db
def test_the_night_job_runs_once_a_night():
    engagement_rule(40, half_life_days=30)
    touched(lead_at(), 0)
    assert fade_all() == 1  # the clock on the wall is years after the touch
    assert fade_all() is None
    assert_sums()


rules = st.fixed_dictionaries(
    {
        "points": st.integers(-100, 100),
        "half_life_days": st.none() | st.integers(1, 400),
        "cap": st.none() | st.integers(0, 150),
        "counting": st.sampled_from([ScoreCounting.ONCE, ScoreCounting.EACH]),
    }
)
seconds = st.integers(0, 400 * 86_400)


class SqlEqualsPython(TestCase):
    """On real rows, to the point."""

    @given(rules, st.lists(seconds, min_size=1, max_size=6), st.lists(seconds, max_size=3))
    @settings(max_examples=40)
    def test_sql_and_python_fade_alike(self, fields, ago, later):
        ScorePart.objects.all().delete()
        Touch.objects.all().delete()
        ScoreRule.objects.all().delete()
        rule = engagement_rule(**fields)
        lead = Lead.objects.first() or lead_at()
        touched(lead, *(one / 86_400 for one in ago))
        for wait in sorted(later):
            at = AT + timedelta(seconds=wait)
            fade_scores(at=at)
            part, pure = ScorePart.objects.get(lead=lead), rule_of(rule)
            assert part.points == faded(part.raw, part.raw_at, pure.half_life, pure.cap, at)
            assert_sums([lead])
