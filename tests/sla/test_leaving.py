"""What the promise tells an undo of imports and an erasure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from leads.enums import LifecycleStage
from sla.models import Clock, Pause
from sla.selectors.touched import leads_with_clocks
from sla.services.pausing import pause_clock
from smarketing.registry import erasure_steps, untouched_vetoes
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import HOUR, fresh_mql, only_clock

pytestmark = pytest.mark.django_db


def test_a_lead_with_a_clock_is_not_taken_out_with_its_import(rep: User, marketer: User) -> None:
    in_force(promise())
    running = fresh_mql(marketer, rep)
    other = lead_at(LifecycleStage.MQL, email="b@acme.example", owner=rep)
    assert leads_with_clocks([running.pk, other.pk]) == {running.pk}
    assert untouched_vetoes["clocks"].touched([other.pk]) == set()


def test_an_erasure_blanks_why_clocks_were_held_and_nothing_else(rep: User, marketer: User) -> None:
    in_force(promise())
    for email in ("a@acme.example", "b@acme.example"):
        clock = only_clock(fresh_mql(marketer, rep, email))
        pause_clock(
            clock.pk,
            reason=f"{email} is ill",
            until=AT + timedelta(days=1),
            actor=rep,
            at=AT + HOUR,
        )
    before = list(Clock.objects.order_by("id").values())
    person = Clock.objects.earliest("id").lead.contact_id
    step = erasure_steps["pauses"]
    assert [step.erase([person], AT), step.erase([person], AT)] == [1, 0]
    reasons = Pause.objects.order_by("id").values_list("reason", flat=True)
    assert list(reasons) == ["–", "b@acme.example is ill"]
    assert list(Clock.objects.order_by("id").values()) == before
