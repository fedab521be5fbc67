"""Settings of the score: read, changed, previewed before, recalculated after."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import RunState, ScoreCounting, ScoreKind
from leads.models import FunnelSettings, Lead, ScorePart, ScoreRule, ScoreRun
from leads.scoring import Thresholds
from leads.selectors.score_preview import Plan, bins, preview
from leads.selectors.score_rules import rules_with
from leads.selectors.scoring import rules_in_use
from leads.services.recalculating import continue_run, start_run
from leads.services.score_rules import RuleFacts, save_rule, save_thresholds, use_rule
from leads.tasks import recalculate_scores, sweep_score_runs
from smarketing.errors import BadInput, NotAllowed
from tests.conftest import AT
from tests.leads.records import facts, lead_at
from tests.leads.scoring.made import (
    DAY,
    assert_sums,
    engagement_rule,
    fit_rule,
    ledger,
    proposed_at,
    score_of,
    touched,
)

pytestmark = pytest.mark.django_db
USUAL = Thresholds(enter=60, leave=45)
PAGE, FIT = "/settings/scoring/", "/settings/scoring/new/fit/"
TITLE = {"kind": "filled", "field": "contact.job_title"}
TYPED = {
    "name": "Has a title",
    "points": "60",
    "criterion-kind": "filled",
    "criterion-field": "contact.job_title",
}


def told(**fields):
    return RuleFacts(
        **{"kind": ScoreKind.FIT, "name": "Title", "points": 60, "criterion": TITLE, **fields}
    )


def work():
    while continue_run(at=AT):
        pass


# Keeping rules


def test_a_saved_rule_counts_after_the_recalculation(manager_marketing):
    lead = lead_at(job_title="CTO")
    rule = save_rule(told(), by=manager_marketing, at=AT)
    assert (rule.criterion, score_of(lead)) == ({**TITLE, "required": False}, 0)
    work()
    assert (ledger(lead), proposed_at(lead)) == ({"Title": 60}, AT)


def test_a_rule_taken_out_of_use_leaves_the_ledgers(manager_marketing):
    rule, lead = fit_rule(60), lead_at(job_title="CTO")
    use_rule(rule, in_use=False, by=manager_marketing, at=AT)
    work()
    assert (ledger(lead), ScoreRule.objects.count()) == ({}, 1)
    use_rule(ScoreRule.objects.get(), in_use=True, by=manager_marketing, at=AT)
    work()
    assert ledger(lead) == {"Fit 60": 60}


def test_new_thresholds_propose_after_the_recalculation(administrator):
    fit_rule(30)
    lead = lead_at(job_title="CTO")
    save_thresholds(enter=30, leave=20, making="PROPOSE", by=administrator, at=AT)
    work()
    assert proposed_at(lead) == AT


@pytest.mark.parametrize("who", ["marketer", "rep", "facilitator"])
def test_others_do_not_set_the_score(who, request):
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        save_rule(told(), by=person, at=AT)
    with pytest.raises(NotAllowed):
        save_thresholds(enter=30, leave=20, making="PROPOSE", by=person, at=AT)
    assert (ScoreRule.objects.count(), ScoreRun.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"points": 0}, "points"),
        ({"points": 1_001}, "points"),
        ({"criterion": None}, "criterion"),
        ({"criterion": {"kind": "score_at_least", "value": 5}}, "criterion"),
        ({"criterion": {"kind": "touch_within", "days": 5}}, "criterion"),
        ({"criterion": {"kind": "filled", "field": "contact.shoes"}}, "criterion"),
        ({"kind": ScoreKind.ENGAGEMENT}, "touch_kind"),
        ({"kind": ScoreKind.ENGAGEMENT, "touch_kind": "FORM", "cap": 0}, "cap"),
        (
            {"kind": ScoreKind.ENGAGEMENT, "touch_kind": "FORM", "half_life_days": 0},
            "half_life_days",
        ),
        (
            {
                "kind": ScoreKind.ENGAGEMENT,
                "touch_kind": "FORM",
                "counting": ScoreCounting.PER_PERIOD,
                "per_period": 2,
            },
            "period_days",
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(changes, field, manager_marketing):
    with pytest.raises(BadInput) as refusal:
        save_rule(told(**changes), by=manager_marketing, at=AT)
    assert list(refusal.value.fields) == [field]
    assert (ScoreRule.objects.count(), ScoreRun.objects.count()) == (0, 0)


@pytest.mark.parametrize(("enter", "leave"), [(60, 60), (60, 61)])
def test_the_lower_threshold_lies_below_the_upper(enter, leave, manager_marketing):
    with pytest.raises(BadInput):
        save_thresholds(enter=enter, leave=leave, making="PROPOSE", by=manager_marketing, at=AT)
    assert FunnelSettings.objects.get().mql_leave_score == 45


# The recalculation


def test_a_recalculation_goes_on_where_it_stands(manager_marketing):
    leads = [lead_at(job_title="CTO", email=f"p{n}@acme.example") for n in range(3)]
    fit_rule(20)
    run = start_run(asked_by=manager_marketing, at=AT)
    assert (run.state, run.total) == (RunState.WAITING, 3)
    assert continue_run(at=AT, size=2) == 2
    run.refresh_from_db()
    assert (run.state, run.done, run.last_lead_id) == (RunState.RUNNING, 2, leads[1].pk)
    assert [score_of(lead) for lead in leads] == [20, 20, 0]
    assert continue_run(at=AT, size=2) == 1
    run.refresh_from_db()
    assert (run.state, run.done, run.finished_at) == (RunState.DONE, 3, AT)
    assert continue_run(at=AT) is None
    assert_sums()


def test_a_new_recalculation_ends_the_one_that_goes_on(manager_marketing):
    first = start_run(asked_by=manager_marketing, at=AT)
    second = start_run(asked_by=manager_marketing, at=AT + DAY)
    first.refresh_from_db()
    assert (first.finished_at, second.finished_at) == (AT + DAY, None)


def test_the_task_and_the_sweep_do_the_work_once(manager_marketing):
    lead_at(job_title="CTO")
    fit_rule(20)
    start_run(asked_by=manager_marketing, at=AT)
    assert [recalculate_scores(), recalculate_scores(), sweep_score_runs()] == [1, 0, 0]
    assert_sums()


# The preview


def test_a_preview_tells_who_would_cross_the_threshold_and_writes_nothing():
    engagement_rule(60)
    up = lead_at(job_title="CTO", email="up@acme.example", given_name="Ugo")
    down = touched(lead_at(email="down@acme.example", given_name="Dora"), 1)
    same = lead_at(email="same@acme.example")
    rule = fit_rule(60)
    kept = [facts(one) for one in (up, down, same)], list(ScorePart.objects.values())
    now = Plan([one for one in rules_in_use() if one.id != rule.pk], USUAL)
    then = Plan([one for one in rules_in_use() if one.id == rule.pk], USUAL)
    shown = preview(now, then, at=AT)
    assert (shown.total, shown.computed, shown.up, shown.down, shown.changed) == (3, 3, 1, 1, 2)
    assert (shown.proposed_before, shown.proposed_after) == (1, 1)
    assert [shown.before[n] for n in (1, 7)] == [2, 1]
    assert [shown.after[n] for n in (1, 7)] == [2, 1]
    assert {(c.lead.pk, c.before, c.after) for c in shown.examples} == {
        (up.pk, 0, 60),
        (down.pk, 60, 0),
    }
    assert ([facts(one) for one in (up, down, same)], list(ScorePart.objects.values())) == kept


def test_a_preview_is_what_the_recalculation_then_makes(manager_marketing):
    engagement_rule(30, half_life_days=30)
    leads = [touched(lead_at(email=f"p{n}@acme.example", job_title="CTO"), n) for n in range(3)]
    rule = fit_rule(35)
    ScoreRule.objects.filter(pk=rule.pk).update(is_active=False)
    rule.is_active = True
    now = Plan(rules_in_use(), USUAL)
    shown = preview(now, Plan(rules_with(rule), USUAL), at=AT)
    use_rule(rule, in_use=True, by=manager_marketing, at=AT)
    work()
    proposed = Lead.objects.filter(proposed_at__isnull=False).count()
    assert (shown.proposed_after, shown.up) == (proposed, proposed)
    assert list(shown.after) == bins(score_of(lead) for lead in leads)


@pytest.mark.parametrize("number", [1, 3])
def test_a_preview_costs_the_same_for_many(number):
    fit_rule(20)
    engagement_rule(10)
    for n in range(number):
        touched(lead_at(email=f"p{n}@acme.example"), 1)
    now = Plan(rules_in_use(), USUAL)
    with CaptureQueriesContext(connection) as statements:
        preview(now, Plan(list(now.rules), USUAL), at=AT)
    # count, leads, brought; twice whose touches and touches.
    assert len(statements) == 7


@pytest.mark.parametrize(
    ("score", "place"), [(-1, 0), (0, 1), (9, 1), (10, 2), (99, 10), (100, 11), (5_000, 11)]
)
def test_scores_are_shown_by_tens(score, place):
    assert bins([score]).index(1) == place


# The pages


def test_the_page_tells_the_rules_in_words(client, marketer):
    fit_rule(20)
    engagement_rule(10, half_life_days=30, cap=40)
    client.force_login(marketer)
    page = client.get(PAGE).content.decode()
    assert "Job title is filled in" in page
    assert "Each time, at most 40 points, halves in 30 days" in page
    assert "Save" not in page


def test_a_script_gets_the_preview_alone_and_nothing_is_kept(client, manager_marketing):
    lead_at(job_title="CTO", given_name="Anna")
    client.force_login(manager_marketing)
    response = client.post(FIT, {**TYPED, "preview": "1"}, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert (response.status_code, page.strip().startswith('<div id="score-preview"')) == (200, True)
    assert '<strong class="num">1</strong> <span>lead would be proposed' in page
    assert ScoreRule.objects.count() == 0


def test_a_half_typed_rule_is_previewed_as_things_are(client, manager_marketing):
    client.force_login(manager_marketing)
    typed = {**TYPED, "points": "", "preview": "1"}
    response = client.post(FIT, typed, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "so this shows the rules as they are" in response.content.decode()


def test_saving_keeps_the_rule_and_shows_the_progress(client, manager_marketing):
    lead_at(job_title="CTO")
    client.force_login(manager_marketing)
    response = client.post(FIT, TYPED, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(PAGE, 302)]
    assert ("Recalculating scores" in page, 'hx-trigger="every 2s"' in page) == (True, True)
    work()
    done = client.get(f"{PAGE}progress/").content.decode()
    assert ("Last recalculated: 1 lead," in done, "hx-trigger" in done) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"points": "0"}, "A rule gives or takes at least one point."),
        ({"name": ""}, "This field is required."),
        ({"criterion-field": ""}, "field"),
    ],
)
def test_a_wrong_rule_comes_back_with_what_was_typed(wrong, words, client, manager_marketing):
    client.force_login(manager_marketing)
    response = client.post(FIT, {**TYPED, **wrong})
    page = response.content.decode()
    assert (response.status_code, words in page) == (422, True)
    assert ('value="Has a title"' in page) is ("name" not in wrong)
    assert ScoreRule.objects.count() == 0


def test_an_engagement_rule_is_changed(client, manager_marketing):
    rule = engagement_rule(10, half_life_days=30)
    client.force_login(manager_marketing)
    path = f"{PAGE}{rule.pk}/"
    assert 'value="30"' in client.get(path).content.decode()
    typed = {
        "name": "Webinars", "touch_kind": "WEBINAR", "points": "12", "counting": "PER_PERIOD",
        "per_period": "2", "period_days": "7", "cap": "", "half_life_days": "",
    }  # fmt: skip
    assert client.post(path, typed).status_code == 302
    rule.refresh_from_db()
    assert (rule.points, rule.half_life_days, rule.per_period, rule.period_days) == (12, None, 2, 7)


def test_the_ledger_explains_the_score(client, marketer):
    fit_rule(20)
    engagement_rule(10, half_life_days=30)
    lead = touched(lead_at(job_title="CTO", score=5), 1, 2)
    client.force_login(marketer)
    page = client.get(f"/leads/{lead.pk}/score/").content.decode()
    for words in ("Brought along", "Fit 20", "Job title is filled in", "WEBINAR 10", "Gone by"):
        assert words in page
