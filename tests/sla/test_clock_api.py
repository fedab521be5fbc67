"""Clocks by REST: the filters and states of the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from sla.models import Clock, Pause
from smarketing import time_source
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import HOUR, fresh_mql, only_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(rep) -> APIClient:
    """Bruno's program."""
    client = APIClient()
    client.force_authenticate(rep)
    return client


@pytest.fixture
def clock(rep, marketer):
    """A clock that runs for some hours more."""
    in_force(promise(minutes=24_000))
    lead = fresh_mql(marketer, rep)
    now = time_source.now()
    Clock.objects.update(started_at=now, due_at=now + 99 * HOUR, risk_at=now + 80 * HOUR)
    return only_clock(lead)


def ids(answer: Any) -> list[int]:
    return [row["id"] for row in answer.json()["results"]]


def test_the_list_is_narrowed_like_the_page(api, clock):
    row = api.get("/api/v1/clocks/").json()["results"][0]
    assert (row["id"], row["state"], row["target_minutes"]) == (clock.pk, "RUNNING", 24_000)
    assert ids(api.get("/api/v1/clocks/?state=RUNNING&owner=me")) == [clock.pk]
    assert ids(api.get("/api/v1/clocks/?state=BREACHED")) == []
    assert ids(api.get("/api/v1/clocks/?state=any&side=MARKETING")) == []


def test_a_clock_is_held_and_goes_on(api, clock):
    url = f"/api/v1/clocks/{clock.pk}/"
    until = time_source.now() + timedelta(days=2)
    asked = {"reason": "Fair", "until": until.isoformat()}
    assert api.post(f"{url}pause/", asked, format="json").json()["state"] == "PAUSED"
    assert api.post(f"{url}pause/", asked, format="json").status_code == 409
    assert api.post(f"{url}resume/", format="json").json()["state"] == "RUNNING"
    assert Pause.objects.get().reason == "Fair"


def test_a_pause_without_an_end_is_refused(api, clock):
    answer = api.post(f"/api/v1/clocks/{clock.pk}/pause/", {"reason": "Fair"}, format="json")
    assert (answer.status_code, Pause.objects.count()) == (400, 0)
