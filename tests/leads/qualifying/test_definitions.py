"""Definitions are proposed, put in force by managers, and never change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from leads.criteria_words import Lexicon
from leads.enums import LifecycleStage, Responsible, VersionState
from leads.models import StageDefinition
from leads.selectors.definitions import history_of, stage_cards
from leads.services.definitions import (
    Wording,
    activate_definitions,
    propose_definition,
    withdraw_definition,
)
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused
from tests.conftest import AT
from tests.leads.qualifying.records import BUDGET, FILLED_PHONE, SCORE_60

pytestmark = pytest.mark.django_db
S = LifecycleStage
DAY = timedelta(days=1)


def wording(stage: LifecycleStage = S.MQL, *criteria: dict[str, object]) -> Wording:
    return Wording(
        stage=stage, prose=" Worth a call. ", responsible=Responsible.SHARED, criteria=criteria
    )


def everything() -> list[dict[str, object]]:
    return list(StageDefinition.objects.order_by("id").values())


def test_a_proposal_is_the_next_version_and_a_draft(marketer: User) -> None:
    row = propose_definition(wording(S.MQL, FILLED_PHONE), actor=marketer, at=AT)
    assert (row.version, row.state, row.prose) == (2, "DRAFT", "Worth a call.")
    assert (row.criteria, row.created_by, row.created_at) == ([FILLED_PHONE], marketer, AT)
    assert row.in_force_from is None
    again = propose_definition(wording(S.MQL), actor=marketer, at=AT)
    assert again.version == 3


def test_reps_and_facilitators_do_not_propose(rep: User, facilitator: User) -> None:
    before = everything()
    for user in (rep, facilitator):
        with pytest.raises(NotAllowed):
            propose_definition(wording(), actor=user, at=AT)
    assert everything() == before


def test_criteria_that_cannot_be_checked_are_refused(marketer: User) -> None:
    before = everything()
    with pytest.raises(BadInput) as refused:
        propose_definition(wording(S.MQL, {"kind": "filled"}), actor=marketer, at=AT)
    assert refused.value.fields == {"criteria": ["Line 1: Choose a field."]}
    with pytest.raises(BadInput):  # where a lead begins nobody has answered anything
        propose_definition(wording(S.LEAD, BUDGET), actor=marketer, at=AT)
    assert everything() == before


def test_a_manager_puts_versions_in_force_and_retires_the_earlier_at_once(
    marketer: User, manager_sales: User
) -> None:
    rows = [propose_definition(wording(s, SCORE_60), actor=marketer, at=AT) for s in (S.MQL, S.SQL)]
    changed = activate_definitions([r.pk for r in rows], actor=manager_sales, at=AT + DAY)
    assert [row.pk for row in changed] == [row.pk for row in rows]
    for stage in (S.MQL, S.SQL):
        states = StageDefinition.objects.filter(stage=stage).order_by("version")
        assert [(r.state, r.superseded_at) for r in states] == [
            ("RETIRED", AT + DAY),
            ("IN_FORCE", None),
        ]
        assert states[1].in_force_from == AT + DAY
    assert StageDefinition.objects.filter(state="IN_FORCE").count() == len(S)


def test_putting_in_force_again_changes_nothing(marketer: User, manager_sales: User) -> None:
    row = propose_definition(wording(), actor=marketer, at=AT)
    activate_definitions([row.pk], actor=manager_sales, at=AT)
    before = everything()
    assert activate_definitions([row.pk], actor=manager_sales, at=AT + DAY) == []
    assert everything() == before


def test_what_may_not_be_put_in_force_changes_nothing(
    marketer: User, rep: User, manager_sales: User
) -> None:
    first, second, other = (
        propose_definition(wording(s), actor=marketer, at=AT) for s in (S.MQL, S.MQL, S.SQL)
    )
    old = StageDefinition.objects.get(stage=S.MQL, version=1)
    activate_definitions([first.pk], actor=manager_sales, at=AT)
    before = everything()
    for user in (marketer, rep):
        with pytest.raises(NotAllowed):
            activate_definitions([second.pk], actor=user, at=AT)
    with pytest.raises(Refused) as refused:
        activate_definitions([other.pk, old.pk], actor=manager_sales, at=AT)
    assert refused.value.code == "superseded"
    with pytest.raises(BadInput):
        activate_definitions([first.pk, second.pk], actor=manager_sales, at=AT)
    with pytest.raises(NotFound):
        activate_definitions([other.pk, 999_999], actor=manager_sales, at=AT)
    assert everything() == before


def test_the_system_puts_in_force_without_a_person(marketer: User) -> None:
    row = propose_definition(wording(), actor=marketer, at=AT)
    assert activate_definitions([row.pk], actor=None, at=AT)[0].state == VersionState.IN_FORCE


def test_only_a_proposal_is_withdrawn(marketer: User, rep: User, manager_sales: User) -> None:
    row = propose_definition(wording(), actor=marketer, at=AT)
    with pytest.raises(NotAllowed):
        withdraw_definition(row.pk, actor=rep, at=AT)
    withdraw_definition(row.pk, actor=marketer, at=AT + DAY)
    row.refresh_from_db()
    assert (row.state, row.in_force_from, row.superseded_at) == ("RETIRED", None, AT + DAY)
    in_force = StageDefinition.objects.get(stage=S.MQL, state="IN_FORCE")
    with pytest.raises(Refused):
        withdraw_definition(in_force.pk, actor=manager_sales, at=AT)
    with pytest.raises(Refused):
        activate_definitions([row.pk], actor=manager_sales, at=AT)


def test_a_version_never_changes_its_words(marketer: User) -> None:
    row = propose_definition(wording(), actor=marketer, at=AT)
    for change in ({"prose": "Else."}, {"criteria": [SCORE_60]}, {"version": 9}):
        with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
            StageDefinition.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        row.delete()


def test_the_cards_show_what_is_in_force_and_what_is_proposed(
    marketer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    proposal = propose_definition(wording(S.SQL, FILLED_PHONE), actor=marketer, at=AT)
    with django_assert_num_queries(1):
        cards = stage_cards(Lexicon())
    assert [card.stage for card in cards] == list(S)
    mql, sql = cards[1], cards[3]
    assert [(one.words, one.required) for one in mql.criteria] == [
        ("Company is filled in", False),
        ("Score is at least 60", False),
    ]
    assert [one.pk for one in sql.proposals] == [proposal.pk]


def test_the_history_says_what_each_version_changed(marketer: User) -> None:
    propose_definition(wording(S.MQL, FILLED_PHONE, SCORE_60), actor=marketer, at=AT)
    newest, first = history_of(S.MQL, Lexicon())
    assert (newest.version.version, first.version.version, first.changes) == (2, 1, [])
    assert [(c.label, c.removed, c.added) for c in newest.changes] == [
        ("What it means", (first.version.prose,), ("Worth a call.",)),
        (
            "Criteria",
            ("Company is filled in (a wish)", "Score is at least 60 (a wish)"),
            ("Phone is filled in", "Score is at least 60"),
        ),
    ]
