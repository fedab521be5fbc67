"""Corrective actions: who decides, and what a refusal leaves as it was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Notice, User
from leads.enums import LifecycleStage
from sla.enums import ActionState, CommitmentKind, Side
from sla.models import CorrectiveAction
from sla.services.corrective_actions import Answer, decide_action, drop_action, finish_action
from smarketing.errors import BadInput, DomainError, NotAllowed, NotFound, Refused
from tests.conftest import AT
from tests.sla.promising import in_force
from tests.sla.test_measuring import figure

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def missed(side: Side = Side.SALES) -> CorrectiveAction:
    """A miss of February that nobody has answered yet."""
    said = figure(CommitmentKind.VOLUME, side=side, stage=LifecycleStage.SQL)
    row = in_force(said).commitments.get()
    return CorrectiveAction.objects.create(
        commitment=row, missed_on=date(2026, 2, 1), side=side, opened_at=AT
    )


def answer(owner: User, **said: Any) -> Answer:
    """Two more calls a day."""
    given = {"what": " Two more calls a day ", "due_on": TODAY, "expected": Decimal(12)}
    return Answer(owner=owner, **{**given, **said})


def refused(error: type[DomainError], action: CorrectiveAction, what: Any) -> DomainError:
    """What was said, after nothing changed."""
    before = CorrectiveAction.objects.filter(pk=action.pk).values().get()
    with pytest.raises(error) as caught:
        what()
    assert CorrectiveAction.objects.filter(pk=action.pk).values().get() == before
    return caught.value


def test_a_manager_decides_and_the_owner_is_told(manager_sales: User, rep: User) -> None:
    action = decide_action(missed().pk, answer(rep), actor=manager_sales, at=AT)
    action.refresh_from_db()
    assert (action.state, action.what) == (ActionState.DECIDED, "Two more calls a day")
    assert (action.owner, action.due_on, action.expected) == (rep, TODAY, Decimal(12))
    decide_action(action.pk, answer(rep, what="Three"), actor=manager_sales, at=AT)
    assert list(Notice.objects.values_list("recipient", "url")) == [
        (rep.pk, f"/sla/actions/{action.pk}/")
    ]


def test_who_owns_his_own_action_is_not_told(manager_sales: User) -> None:
    decide_action(missed().pk, answer(manager_sales), actor=manager_sales, at=AT)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("who", ["rep", "manager_marketing", "facilitator", "administrator"])
def test_others_are_refused(who: str, rep: User, request: pytest.FixtureRequest) -> None:
    actor, action = request.getfixturevalue(who), missed()
    refused(NotAllowed, action, lambda: decide_action(action.pk, answer(rep), actor=actor, at=AT))
    refused(NotAllowed, action, lambda: drop_action(action.pk, "No", actor=actor, at=AT))
    refused(NotAllowed, action, lambda: finish_action(action.pk, "Yes", actor=actor, at=AT))


@pytest.mark.parametrize("who", ["manager_sales", "manager_marketing"])
def test_what_both_promised_either_answers(
    who: str, rep: User, request: pytest.FixtureRequest
) -> None:
    action, actor = missed(Side.BOTH), request.getfixturevalue(who)
    decide_action(action.pk, answer(rep), actor=actor, at=AT)
    action.refresh_from_db()
    assert action.state == ActionState.DECIDED


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"what": "  "}, "what"),
        ({"what": "x" * 4_001}, "what"),
        ({"due_on": date(2026, 3, 2)}, "due_on"),
    ],
)
def test_wrong_input_names_its_field(
    said: dict[str, Any], field: str, manager_sales: User, rep: User
) -> None:
    action = missed()
    error = refused(
        BadInput, action,
        lambda: decide_action(action.pk, answer(rep, **said), actor=manager_sales, at=AT),
    )  # fmt: skip
    assert isinstance(error, BadInput)
    assert list(error.fields) == [field]


def test_the_owner_works_for_a_team(manager_sales: User, newcomer: User) -> None:
    action = missed()
    error = refused(
        BadInput, action,
        lambda: decide_action(action.pk, answer(newcomer), actor=manager_sales, at=AT),
    )  # fmt: skip
    assert isinstance(error, BadInput)
    assert list(error.fields) == ["owner"]


def test_done_after_it_was_decided_by_its_owner(manager_sales: User, rep: User) -> None:
    action = missed()
    error = refused(
        Refused, action, lambda: finish_action(action.pk, "Yes", actor=manager_sales, at=AT)
    )
    assert error.code == "undecided"
    decide_action(action.pk, answer(rep), actor=manager_sales, at=AT)
    refused(BadInput, action, lambda: finish_action(action.pk, " ", actor=rep, at=AT))
    finish_action(action.pk, "Calls are up", actor=rep, at=AT)
    action.refresh_from_db()
    assert (action.state, action.closing_note, action.closed_at) == (
        ActionState.DONE, "Calls are up", AT,
    )  # fmt: skip
    for again in (finish_action, drop_action):
        error = refused(
            Refused, action, lambda again=again: again(action.pk, "x", actor=manager_sales, at=AT)
        )
        assert error.code == "ended"


def test_dropped_with_a_reason(manager_sales: User) -> None:
    action = missed()
    drop_action(action.pk, "August", actor=manager_sales, at=AT)
    action.refresh_from_db()
    assert (action.state, action.owner, action.closing_note) == ("DROPPED", None, "August")


def test_what_is_not_there(manager_sales: User) -> None:
    with pytest.raises(NotFound):
        drop_action(1, "x", actor=manager_sales, at=AT)
