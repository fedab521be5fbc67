"""Scores of stored leads: ledger, threshold, cycles, statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import Disposition, LifecycleStage, MqlMaking, ScoreCounting, TouchKind
from leads.models import CustomAttribute, Lead, ScorePart, StageTransition
from leads.services.scoring import score_company, score_contacts, score_leads
from tests.conftest import AT
from tests.leads.qualifying.records import define
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

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
TICK = timedelta(microseconds=1)


def test_fit_and_engagement_make_the_score_and_the_ledger_says_how():
    fit_rule(20)
    engagement_rule(10)
    lead = lead_at(job_title="CTO")
    touched(lead, 1, 2)
    assert ledger(lead) == {"Fit 20": 20, "WEBINAR 10": 20}
    assert score_of(lead) == 40


def test_a_field_of_the_organisations_own_counts():
    CustomAttribute.objects.create(subject="COMPANY", key="plants", label="Plants", kind="NUMBER")
    criterion = {"kind": "at_least", "field": "company.attributes.plants", "value": 3}
    fit_rule(15, criterion=criterion)
    lead = lead_at(company="Acme")
    company = lead.contact.company
    company.attributes = {"plants": 3}
    company.save()
    score_company(company.pk, at=AT)
    assert ledger(lead) == {"Fit 15": 15}


def test_what_a_lead_brought_along_is_a_part_and_stays():
    lead = lead_at(score=42, job_title="CTO")
    assert ledger(lead) == {"": 42}
    fit_rule(20)
    score_leads([lead.pk], at=AT)
    assert ledger(lead) == {"": 42, "Fit 20": 20}
    assert score_of(lead) == 62


def test_a_new_lead_is_scored_as_it_begins():
    fit_rule(20)
    lead = lead_at(job_title="CTO")
    assert (lead.score, ledger(lead)) == (20, {"Fit 20": 20})


def test_rules_that_no_longer_apply_leave_the_ledger():
    rule = fit_rule(20)
    lead = lead_at(job_title="CTO", score=5)
    lead.contact.job_title = ""
    lead.contact.save()
    score_contacts([lead.contact_id], at=AT)
    assert ledger(lead) == {"": 5}
    lead.contact.job_title = "CTO"
    lead.contact.save()
    score_leads([lead.pk], at=AT)
    type(rule).objects.update(is_active=False)
    score_leads([lead.pk], at=AT)
    assert (ledger(lead), score_of(lead)) == ({"": 5}, 5)


def test_engagement_restarts_with_the_cycle_and_fit_stays():
    fit_rule(20)
    engagement_rule(10)
    lead = touched(lead_at(job_title="CTO"), 10, 1)
    lead.engagement_from = AT - 5 * DAY
    lead.save()
    score_leads([lead.pk], at=AT)
    assert ledger(lead) == {"Fit 20": 20, "WEBINAR 10": 10}


@pytest.mark.parametrize(("later", "counted"), [(-TICK, 1), (timedelta(0), 1), (TICK, 0)])
def test_a_touch_at_the_cycles_first_instant_counts(later, counted):
    engagement_rule(10)
    lead = touched(lead_at(), 5)
    Lead.objects.update(engagement_from=AT - 5 * DAY + later)
    score_leads([lead.pk], at=AT)
    assert score_of(lead) == 10 * counted


def test_touches_of_a_merged_contact_count_for_the_one_it_was_merged_into():
    engagement_rule(10)
    winner, loser = lead_at(), lead_at(S.LEAD, email="anna.rossi@acme.example")
    touched(loser, 1)
    loser.contact.merged_into = winner.contact
    loser.contact.save()
    score_contacts([winner.contact_id], at=AT)
    assert (score_of(winner), score_of(loser)) == (10, 10)
    loser.contact.merged_into = None
    loser.contact.save()
    score_contacts([winner.contact_id, loser.contact_id], at=AT)
    assert (score_of(winner), score_of(loser)) == (0, 10)
    assert_sums()


def test_a_closed_lead_keeps_the_score_it_closed_with():
    engagement_rule(10)
    lead = lead_at(S.LEAD, D.DISQUALIFIED, score=7)
    touched(lead, 1)
    assert (ledger(lead), score_of(lead)) == ({"": 7}, 7)


@pytest.mark.parametrize(
    ("scores", "proposed"),
    [
        ([59], [False]),
        ([60], [True]),
        ([60, 45], [True, True]),
        ([60, 44], [True, False]),
        ([60, 44, 59], [True, False, False]),
        ([60, 44, 60], [True, False, True]),
    ],
)
def test_a_lead_is_proposed_at_the_upper_threshold_until_below_the_lower(scores, proposed):
    rule, lead = fit_rule(0), lead_at(job_title="CTO")
    seen = []
    for score in scores:
        rule.points = score
        rule.save()
        score_leads([lead.pk], at=AT)
        seen.append(proposed_at(lead) is not None)
    assert seen == proposed


def test_a_proposal_keeps_its_instant():
    fit_rule(60)
    lead = lead_at(job_title="CTO")
    for hours in (0, 5):
        score_leads([lead.pk], at=AT + timedelta(hours=hours))
    assert proposed_at(lead) == AT


@pytest.mark.parametrize("stage", [S.MQL, S.SAL, S.SQL, S.OPPORTUNITY])
def test_no_score_pulls_a_lead_back_from_sales(stage, rep):
    rule, lead = fit_rule(80), lead_at(stage, owner=rep, job_title="CTO")
    rule.points = 1
    rule.save()
    before = facts(lead)
    score_leads([lead.pk], at=AT)
    after = facts(lead)
    assert after["lead"].pop("score") == 1
    assert before["lead"].pop("score") == 80
    assert after == before


def test_history_is_scored_but_not_proposed():
    fit_rule(60)
    lead = lead_at(job_title="CTO")
    assert (lead.score, lead.proposed_at) == (60, None)


def test_the_setting_makes_mqls_by_rule_with_evidence():
    fit_rule(60)
    funnel(mql_making=MqlMaking.MAKE)
    lead = lead_at(job_title="CTO")
    score_leads([lead.pk], at=AT)
    lead.refresh_from_db()
    assert (lead.stage, lead.mql_at) == (S.MQL, AT)
    row = StageTransition.objects.get(lead=lead, to_stage=S.MQL)
    assert (row.cause, row.actor) == ("rule", None)
    assert row.evidence["score"] == 60


def test_a_lead_that_lacks_a_criterion_stays_proposed():
    fit_rule(60)
    funnel(mql_making=MqlMaking.MAKE)
    define(S.MQL, {"kind": "filled", "field": "contact.phone", "required": True})
    lead = lead_at(job_title="CTO")
    score_leads([lead.pk], at=AT)
    lead.refresh_from_db()
    assert (lead.stage, lead.proposed_at) == (S.LEAD, AT)


def test_scoring_again_changes_nothing():
    fit_rule(20)
    engagement_rule(10, half_life_days=30, counting=ScoreCounting.ONCE)
    lead = touched(lead_at(job_title="CTO"), 1, 40)
    before = list(ScorePart.objects.order_by("id").values()), facts(lead)
    score_leads([lead.pk], at=AT)
    assert (list(ScorePart.objects.order_by("id").values()), facts(lead)) == before


def test_a_score_leaves_the_version_of_the_row():
    lead = lead_at(job_title="CTO")
    fit_rule(20)
    score_leads([lead.pk], at=AT)
    assert Lead.objects.get().version == lead.version


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_statements_does_not_grow(number):
    leads = [lead_at(job_title="CTO", email=f"p{n}@acme.example") for n in range(number)]
    for lead in leads:
        touched(lead, *range(number))
    fit_rule(20)
    engagement_rule(10, TouchKind.WEBINAR)
    with CaptureQueriesContext(connection) as statements:
        score_leads([lead.pk for lead in leads], at=AT)
    asked = [one["sql"] for one in statements if "SAVEPOINT" not in one["sql"]]
    # leads, the house, whose touches, touches, parts; parts and leads written.
    assert len(asked) == 7
    assert_sums()
