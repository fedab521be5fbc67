"""The pages of corrective actions: what is shown, decided, refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from leads.enums import LifecycleStage
from sla.enums import ActionState, CommitmentKind, Metric, Side
from sla.forms_actions import scale_of
from sla.models import CorrectiveAction
from sla.selectors.corrective_actions import actions_waiting, listed_actions
from smarketing import time_source
from tests.conftest import AT
from tests.sla.promising import in_force
from tests.sla.test_corrective_actions import missed
from tests.sla.test_measuring import figure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is AT."""
    monkeypatch.setattr(time_source, "now", lambda: AT)


def as_(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def typed(owner: User, **said: Any) -> dict[str, Any]:
    """What a manager types."""
    return {
        "what": "Two calls", "owner": owner.pk, "due_on": "2026-03-31", "expected": "12", **said
    }  # fmt: skip


def test_a_manager_decides_on_the_page(manager_sales: User, rep: User) -> None:
    action = missed()
    client = as_(manager_sales)
    url = reverse("corrective-action-decide", args=[action.pk])
    page = client.post(url, typed(rep), follow=True)
    assert page.redirect_chain == [(reverse("corrective-action", args=[action.pk]), 302)]
    action.refresh_from_db()
    assert (action.state, action.owner, action.due_on, action.expected) == (
        ActionState.DECIDED, rep, date(2026, 3, 31), Decimal(12),
    )  # fmt: skip
    as_(rep).post(
        reverse("corrective-action-finish", args=[action.pk]), {"closing_note": "Calls are up"}
    )
    action.refresh_from_db()
    assert (action.state, action.closing_note) == (ActionState.DONE, "Calls are up")


def test_wrong_input_comes_back_with_what_was_typed(
    manager_sales: User, marketer: User, rep: User
) -> None:
    action = missed()
    client = as_(manager_sales)
    url = reverse("corrective-action-decide", args=[action.pk])
    for said, field in (
        (typed(rep, due_on="2026-03-02"), "due_on"),
        (typed(marketer), "owner"),  # not of the side that missed
        (typed(rep, what=""), "what"),
    ):
        page = client.post(url, said)
        assert page.status_code == 422
        assert list(page.context["decide_form"].errors) == [field]
        assert page.context["decide_form"]["expected"].value() == "12"
    action.refresh_from_db()
    assert action.state == ActionState.OPEN


def test_the_list_shows_what_has_not_ended_first(manager_sales: User, rep: User) -> None:
    action = missed()
    client = as_(rep)
    page = client.get(reverse("corrective-actions"))
    assert [one.pk for one in page.context["actions"]] == [action.pk]
    assert "Leads that become SQL" in page.content.decode()
    as_(manager_sales).post(
        reverse("corrective-action-drop", args=[action.pk]), {"closing_note": "August"}
    )
    assert not client.get(reverse("corrective-actions")).context["actions"]
    for state in ("DROPPED", "all"):
        found = client.get(reverse("corrective-actions"), {"state": state}).context["actions"]
        assert [one.pk for one in found] == [action.pk]
    assert not client.get(
        reverse("corrective-actions"), {"state": "all", "side": "MARKETING"}
    ).context["actions"]


def test_ended_actions_stand_newest_first() -> None:
    older = missed()
    CorrectiveAction.objects.create(
        commitment=older.commitment, missed_on=date(2026, 3, 1), side=older.side, opened_at=AT
    )
    CorrectiveAction.objects.update(state=ActionState.DROPPED, closed_at=AT)
    # What was due first was missed last: the day counts only while something is to be done.
    CorrectiveAction.objects.filter(pk=older.pk).update(due_on=date(2026, 2, 20))
    assert [one.missed_on.month for one in listed_actions("all")] == [3, 2]


def test_today_shows_managers_what_their_side_has_to_answer(
    manager_sales: User, manager_marketing: User, facilitator: User
) -> None:
    action = missed()
    seen = {
        user: [one.pk for one in actions_waiting(user, AT)["actions"]]
        for user in (manager_sales, manager_marketing, facilitator)
    }
    assert seen == {
        manager_sales: [action.pk], manager_marketing: [], facilitator: [action.pk],
    }  # fmt: skip


def test_figures_are_typed_in_the_readers_unit() -> None:
    kinds = CommitmentKind
    agreement = in_force(
        figure(kinds.VOLUME, stage=LifecycleStage.SQL),
        figure(kinds.REVENUE, side=Side.BOTH),
        figure(kinds.RATE, metric=Metric.ACCEPTANCE),
        figure(kinds.QUALITY, metric=Metric.MEAN_FIT),
    )
    found = [
        scale_of(CorrectiveAction(commitment=row)) for row in agreement.commitments.order_by("pk")
    ]
    assert found == [1, 100, Decimal("0.01"), 1]


@pytest.mark.parametrize("n", [1, 3])
def test_statements_of_the_list_do_not_grow(
    n: int, rep: User, django_assert_num_queries: Any
) -> None:
    action = missed()
    for month in range(4, 3 + n):
        CorrectiveAction.objects.create(
            commitment=action.commitment, missed_on=date(2026, month, 1), side=action.side,
            opened_at=AT,
        )  # fmt: skip
    client = as_(rep)
    client.get(reverse("corrective-actions"))
    with django_assert_num_queries(9):
        client.get(reverse("corrective-actions"))
