"""Daily work by REST: activities, next steps, snooze, timeline, packet, inbox."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.enums import Scope
from leads.enums import LifecycleStage
from leads.models import Activity, Lead, NextStep, Snooze
from smarketing import time_source
from tests.leads.api.conftest import caller
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
S = LifecycleStage


@pytest.fixture
def lead(rep):
    return lead_at(S.MQL, owner=rep, given_name="Anna")


def test_an_activity_is_logged_once_by_its_key(rep_api, lead):
    url, body = f"/api/v1/leads/{lead.pk}/activities/", {"kind": "CALL", "connected": False}
    first = rep_api.post(url, body, format="json", headers={"Idempotency-Key": "k1"})
    again = rep_api.post(url, body, format="json", headers={"Idempotency-Key": "k1"})
    assert (first.status_code, first.json()) == (201, again.json())
    row = Activity.objects.get()
    assert first.json()["is_attempt"] is True
    assert first.json()["actor"]["email"] == "bruno@acme.test"
    assert [one["id"] for one in rep_api.get(url).json()] == [row.pk]
    assert Lead.objects.get(pk=lead.pk).attempts == 1
    assert rep_api.delete(f"/api/v1/activities/{row.pk}/").status_code == 204
    assert rep_api.get(f"/api/v1/activities/{row.pk}/").status_code == 404
    assert Lead.objects.get(pk=lead.pk).attempts == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "SHOUT"}, 400),
        ({"kind": "NOTE"}, 422),
        ({"kind": "CALL", "occurred_at": "2199-01-01T00:00:00Z"}, 422),
    ],
)
def test_what_says_nothing_is_refused(rep_api, lead, body, status):
    answer = rep_api.post(f"/api/v1/leads/{lead.pk}/activities/", body, format="json")
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message", "fields"}
    assert Activity.objects.count() == 0


def test_another_persons_entry_stays(rep_api, marketer, lead):
    rep_api.post(f"/api/v1/leads/{lead.pk}/activities/", {"kind": "CALL"}, format="json")
    row = Activity.objects.get()
    assert caller(marketer).delete(f"/api/v1/activities/{row.pk}/").status_code == 403
    assert Activity.objects.get().deleted_at is None


def test_a_step_is_planned_moved_and_done(rep_api, lead):
    soon = time_source.now() + timedelta(days=1)
    url = f"/api/v1/leads/{lead.pk}/next-steps/"
    made = rep_api.post(url, {"kind": "CALL", "due_at": soon.isoformat()}, format="json")
    pk = made.json()["id"]
    assert (made.status_code, [s["id"] for s in rep_api.get(url).json()]) == (201, [pk])
    later = (soon + timedelta(days=1)).isoformat()
    moved = rep_api.post(f"/api/v1/next-steps/{pk}/move/", {"due_at": later}, format="json")
    assert moved.status_code == 200
    assert NextStep.objects.get().due_at == soon + timedelta(days=1)
    past = rep_api.post(
        f"/api/v1/next-steps/{pk}/move/", {"due_at": "2020-01-01T00:00:00Z"}, format="json"
    )
    assert past.status_code == 422
    assert rep_api.post(f"/api/v1/next-steps/{pk}/done/").json()["done_at"] is not None
    assert rep_api.post(f"/api/v1/next-steps/{pk}/drop/").status_code == 409
    assert rep_api.post("/api/v1/next-steps/999999/done/").status_code == 404


def test_snooze_and_inbox(rep_api, lead):
    until = (time_source.now() + timedelta(days=1)).isoformat()
    assert [row["id"] for row in rep_api.get("/api/v1/inbox/").json()["results"]] == [lead.pk]
    body = {"until": until, "reason": "Fair"}
    assert rep_api.post(f"/api/v1/leads/{lead.pk}/snooze/", body, format="json").status_code == 204
    assert rep_api.get("/api/v1/inbox/").json() == {
        "counts": {"mine": 0, "queue": 0, "snoozed": 1}, "results": [],
    }  # fmt: skip
    (row,) = rep_api.get("/api/v1/inbox/?show=snoozed").json()["results"]
    assert (row["id"], row["contact"]["given_name"]) == (lead.pk, "Anna")
    assert rep_api.post(f"/api/v1/leads/{lead.pk}/unsnooze/").status_code == 204
    assert Snooze.objects.count() == 0


def test_the_timeline_by_cursor(rep_api, lead):
    for n in range(3):
        body = {"kind": "NOTE", "text": f"n{n}"}
        rep_api.post(f"/api/v1/leads/{lead.pk}/activities/", body, format="json")
    url = f"/api/v1/leads/{lead.pk}/timeline/"
    first = rep_api.get(f"{url}?kind=notes&size=2").json()
    rest = rep_api.get(f"{url}?kind=notes&size=2&after={first['next']}").json()
    assert [one["text"] for one in first["results"] + rest["results"]] == ["n2", "n1", "n0"]
    assert rest["next"] is None
    assert first["results"][0] == {
        **first["results"][0], "kind": "note", "who": "Bruno Conti", "title": "Note", "facts": [],
        "undone": False,
    }  # fmt: skip


def test_the_packet(rep_api, lead):
    packet = rep_api.get(f"/api/v1/leads/{lead.pk}/packet/").json()
    assert packet["lead"]["id"] == lead.pk
    assert (packet["touches"], packet["earlier_cycles"], packet["company_open"]) == ([], [], 0)
    assert packet["opening_line"] == ""


def test_reading_needs_the_scope_and_what_is_not_seen_is_404(rep, lead, organisation, newcomer):
    writer = caller(rep, Scope.LEADS_WRITE)
    for path in ("timeline", "packet"):
        assert writer.get(f"/api/v1/leads/{lead.pk}/{path}/").status_code == 403
        assert caller(rep).get(f"/api/v1/leads/999999/{path}/").status_code == 404
