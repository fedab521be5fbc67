"""Definitions, personas and the queue, by REST."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts.enums import Scope
from accounts.models import User
from leads.enums import LifecycleStage
from leads.models import Lead, PersonaComment, PersonaVersion, StageDefinition
from leads.persona_tasks import refresh_personas
from tests.leads.api.conftest import caller
from tests.leads.qualifying.records import BUDGET, FILLED_PHONE, define, of_job, persona
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def marketer_api(marketer: User) -> APIClient:
    """Alice's token."""
    return caller(marketer)


@pytest.fixture
def head_api(manager_marketing: User) -> APIClient:
    """Carla's token."""
    return caller(manager_marketing)


def test_a_definition_is_proposed_and_put_in_force(
    marketer_api: APIClient, head_api: APIClient
) -> None:
    body = {
        "stage": "MQL",
        "prose": "Worth a call.",
        "responsible": "SHARED",
        "criteria": [FILLED_PHONE, BUDGET],
        "longest_stay_days": 2,
    }
    made = marketer_api.post(f"{API}definitions/", body, format="json")
    assert made.status_code == 201
    told = made.json()
    assert (told["version"], told["state"], told["criteria"]) == (
        2,
        "DRAFT",
        [FILLED_PHONE, BUDGET],
    )
    url = f"{API}definitions/{told['id']}/activate/"
    assert marketer_api.post(url).status_code == 403
    answer = head_api.post(url)
    assert (answer.status_code, answer.json()["state"]) == (200, "IN_FORCE")
    listed = marketer_api.get(f"{API}definitions/").json()
    assert [(d["version"], d["state"]) for d in listed if d["stage"] == "MQL"] == [
        (2, "IN_FORCE"),
        (1, "RETIRED"),
    ]


def test_the_same_proposal_sent_again_makes_one(marketer_api: APIClient) -> None:
    body = {"stage": "SQL", "prose": "Wants to talk.", "responsible": "SALES"}
    sent = {"format": "json", "headers": {"Idempotency-Key": "one"}}
    first = marketer_api.post(f"{API}definitions/", body, **sent)
    again = marketer_api.post(f"{API}definitions/", body, **sent)
    assert (first.status_code, again.json()) == (201, first.json())
    assert StageDefinition.objects.filter(stage="SQL").count() == 2


def test_wrong_criteria_are_named_with_their_line(marketer_api: APIClient) -> None:
    body = {
        "stage": "MQL",
        "prose": "x",
        "responsible": "SHARED",
        "criteria": [FILLED_PHONE, {"kind": "filled", "field": "contact.shoe"}],
    }
    answer = marketer_api.post(f"{API}definitions/", body, format="json")
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"criteria": ["Line 2: Choose a field."]}
    assert StageDefinition.objects.filter(stage="MQL").count() == 1


def test_a_persona_from_description_to_comment(
    marketer_api: APIClient, head_api: APIClient, rep: User
) -> None:
    body = {
        "name": "Chief",
        "kind": "BUYER",
        "criteria": [of_job("Chief")],
        "journey": [{"name": "Notices", "questions": ["Why?"]}],
    }
    made = marketer_api.post(f"{API}personas/", body, format="json")
    assert made.status_code == 201
    version = made.json()
    url = f"{API}personas/{version['persona']}/"
    newer = marketer_api.post(f"{url}versions/", {"goals": "Less"}, format="json").json()
    assert (newer["version"], newer["state"]) == (2, "DRAFT")
    activate = f"{API}personas/versions/{version['id']}/activate/"
    assert (marketer_api.post(activate).status_code, head_api.post(activate).status_code) == (
        403,
        200,
    )
    comment = caller(rep).post(f"{url}comments/", {"text": "He decides."}, format="json")
    assert (comment.status_code, PersonaComment.objects.get().author) == (201, rep)
    lead_at(job_title="Chief")
    refresh_personas()
    (listed,) = marketer_api.get(f"{API}personas/").json()
    assert (listed["name"], listed["fitting"], listed["in_force"]["id"]) == (
        "Chief", 1, version["id"],
    )  # fmt: skip
    whole = marketer_api.get(url).json()
    assert [v["version"] for v in whole["versions"]] == [2, 1]
    assert [c["text"] for c in whole["comments"]] == ["He decides."]
    assert marketer_api.get(f"{API}personas/999/").status_code == 404


def test_the_queue_tells_each_criterion(marketer_api: APIClient, rep_api: APIClient) -> None:
    define(LifecycleStage.MQL, FILLED_PHONE, BUDGET)
    lead = lead_at(phone="+39 1", score=70)
    lead_at(LifecycleStage.MQL, email="m@m.example")
    (told,) = marketer_api.get(f"{API}leads/qualify/").json()
    assert (told["lead"]["id"], told["is_ready"], told["all_met"]) == (lead.pk, False, False)
    assert told["criteria"] == [
        {
            "words": "Phone is filled in", "value": "+39 1", "state": "met", "required": True,
            "key": "",
        },
        {
            "words": "Is there a budget?", "value": "", "state": "open", "required": True,
            "key": "budget",
        },
    ]  # fmt: skip
    assert marketer_api.get(f"{API}leads/qualify/?show=proposed").json() == []
    assert rep_api.get(f"{API}leads/qualify/").status_code == 403


def test_reading_needs_no_right_to_write(marketer: User) -> None:
    reader = caller(marketer, Scope.LEADS_READ)
    row = persona("Chief")
    assert reader.get(f"{API}personas/").status_code == 200
    assert reader.post(f"{API}personas/", {"name": "X", "kind": "BUYER"}).status_code == 403
    url = f"{API}personas/{row.pk}/comments/"
    assert reader.post(url, {"text": "x"}, format="json").status_code == 403
    assert (PersonaVersion.objects.count(), Lead.objects.count()) == (1, 0)


@pytest.fixture
def rep_api(rep: User) -> APIClient:
    """Bruno's token."""
    return caller(rep)
