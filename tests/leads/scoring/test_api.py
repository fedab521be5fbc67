"""The score, touches and own fields by REST: what the pages do, in the one shape."""

from __future__ import annotations

import pytest

from leads.enums import RunState
from leads.models import Campaign, CustomAttribute, Lead, ScoreRule, ScoreRun, Source, Touch
from tests.leads.api.conftest import caller
from tests.leads.records import facts, lead_at
from tests.leads.scoring.made import engagement_rule, fit_rule, score_of, touched

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"
RULE = {
    "kind": "FIT",
    "name": "Title",
    "points": 60,
    "criterion": {"kind": "filled", "field": "contact.job_title"},
}


@pytest.fixture
def manager_api(manager_marketing):
    return caller(manager_marketing)


def test_a_rule_is_added_changed_and_taken_out_of_use(manager_api):
    made = manager_api.post(f"{V1}score-rules/", RULE)
    assert made.status_code == 201
    pk = made.json()["id"]
    changed = manager_api.post(f"{V1}score-rules/{pk}/change/", {**RULE, "points": 50}).json()
    assert (changed["points"], changed["in_use"]) == (50, True)
    unused = manager_api.post(f"{V1}score-rules/{pk}/use/", {"in_use": False}).json()
    assert (unused["in_use"], ScoreRule.objects.count()) == (False, 1)
    assert manager_api.get(f"{V1}score-rules/").json() == [unused]


def test_a_wrong_rule_is_refused_at_its_field(manager_api):
    wrong = {**RULE, "criterion": {"kind": "score_at_least", "value": 3}}
    response = manager_api.post(f"{V1}score-rules/", wrong)
    assert (response.status_code, list(response.json()["fields"])) == (422, ["criterion"])
    assert ScoreRule.objects.count() == 0


def test_a_marketer_reads_and_previews_but_sets_nothing(marketer_api):
    lead_at(job_title="CTO")
    shown = marketer_api.post(f"{V1}score-rules/preview/", {"rule": RULE}).json()
    assert (shown["total"], shown["up"], shown["down"]) == (1, 1, 0)
    assert [one["after"] for one in shown["examples"]] == [60]
    refused = marketer_api.post(f"{V1}score-rules/", RULE)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (ScoreRule.objects.count(), ScoreRun.objects.count()) == (0, 0)


def test_thresholds_are_set_and_followed_by_a_recalculation(manager_api):
    told = {"enter": 70, "leave": 50, "making": "MAKE"}
    assert manager_api.post(f"{V1}score-thresholds/", told).json() == told
    assert manager_api.get(f"{V1}score-thresholds/").json() == told
    run = manager_api.get(f"{V1}score-recalculation/").json()
    assert (run["state"], run["done"]) == (RunState.WAITING, 0)
    again = manager_api.post(f"{V1}score-recalculation/")
    assert (again.status_code, again.json()["id"] > run["id"]) == (202, True)


def test_a_ledger_sums_to_the_score(rep_api):
    fit_rule(20)
    engagement_rule(10, half_life_days=30)
    lead = touched(lead_at(job_title="CTO", score=5), 0)
    body = rep_api.get(f"{V1}leads/{lead.pk}/score/").json()
    assert (body["score"], body["proposed_at"]) == (35, None)
    assert [(one["points"], one["words"]) for one in body["parts"]] == [
        (20, "Job title is filled in"),
        (10, "Webinar"),
        (5, ""),
    ]


def test_touches_are_recorded_once_and_read_newest_first(marketer_api):
    engagement_rule(10)
    Campaign.objects.create(name="Fair", key="fair", channel="event")
    lead = lead_at()
    path = f"{V1}contacts/{lead.contact_id}/touches/"
    old, new = "2026-01-05T10:00:00Z", "2026-01-06T10:00:00Z"
    told = [
        {"kind": "WEBINAR", "occurred_at": old, "outside_id": "a", "campaign": "FAIR"},
        {"kind": "WEBINAR", "occurred_at": new, "outside_id": "b", "source": "Zoom"},
    ]
    first = marketer_api.post(path, {"touches": told})
    again = marketer_api.post(path, {"touches": told})
    assert (first.status_code, len(first.json()), again.json()) == (201, 2, [])
    rows = marketer_api.get(path).json()["results"]
    assert [(r["occurred_at"], (r["campaign"] or {}).get("name")) for r in rows] == [
        (new, None),
        (old, "Fair"),
    ]
    assert (Touch.objects.count(), score_of(lead), Source.objects.get().name) == (2, 20, "Zoom")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"), ({"campaign": "None"}, "campaign")],
)
def test_a_wrong_touch_leaves_nothing_behind(wrong, field, marketer_api):
    lead = lead_at()
    before = facts(lead)
    told = [{"kind": "FORM", "source": "New"}, {"kind": "FORM", **wrong}]
    path = f"{V1}contacts/{lead.contact_id}/touches/"
    response = marketer_api.post(path, {"touches": told})
    assert (response.status_code, list(response.json()["fields"])) == (422, [field])
    assert (Touch.objects.count(), Source.objects.count(), facts(lead)) == (0, 0, before)


def test_own_fields_are_defined_and_written(manager_api, rep_api):
    told = {"subject": "LEAD", "name": "Plants", "kind": "NUMBER"}
    made = manager_api.post(f"{V1}attributes/", told).json()
    assert (made["key"], made["in_use"]) == ("plants", True)
    lead = lead_at()
    path = f"{V1}own-fields/lead/{lead.pk}/"
    version = rep_api.get(path).json()["version"]
    done = rep_api.post(path, {"version": version, "values": {"plants": 4}})
    assert done.json() == {"version": version + 1, "values": {"plants": 4}}
    late = rep_api.post(path, {"version": version, "values": {"plants": 5}})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    wrong = rep_api.post(path, {"version": version + 1, "values": {"plants": "many"}})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["plants"])
    assert Lead.objects.get().attributes == {"plants": 4}
    assert CustomAttribute.objects.count() == 1


def test_the_facilitator_reads_no_rules(facilitator):
    assert caller(facilitator).get(f"{V1}score-rules/").status_code == 403
