"""Marketing acknowledges what Sales says, once; both teams comment; the world is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Notice
from leads.models import Feedback, FeedbackComment
from leads.services.feedback import LONGEST_COMMENT, acknowledge, comment
from leads.signals import feedback_changed
from smarketing.errors import BadInput, NotAllowed
from tests.conftest import AT
from tests.leads.feedback.records import accepted, rejected

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def told() -> Iterator[list[tuple[str, list[int]]]]:
    """What the signal said."""
    heard: list[tuple[str, list[int]]] = []

    def hear(sender: Any, feedback: list[Feedback], what: str, at: Any, **more: Any) -> None:
        heard.append((what, [row.pk for row in feedback]))

    feedback_changed.connect(hear)
    yield heard
    feedback_changed.disconnect(hear)


def test_whoever_acknowledges_first_stays(marketer, manager_marketing, rep, told):
    row = rejected(rep)
    assert acknowledge([row.pk], actor=marketer, at=AT) == [row]
    assert acknowledge([row.pk], actor=manager_marketing, at=LATER) == []
    row.refresh_from_db()
    assert (row.acknowledged_by, row.acknowledged_at) == (marketer, AT)
    assert told == [("acknowledged", [row.pk])]


def test_only_marketing_acknowledges(rep, manager_sales, facilitator, administrator):
    row = rejected(rep)
    for person in (rep, manager_sales, facilitator, administrator):
        with pytest.raises(NotAllowed):
            acknowledge([row.pk], actor=person, at=AT)
    row.refresh_from_db()
    assert row.acknowledged_at is None


def test_what_was_undone_is_left_out(marketer, rep):
    row = rejected(rep, voided_at=AT)
    assert acknowledge([row.pk], actor=marketer, at=AT) == []
    row.refresh_from_db()
    assert row.acknowledged_at is None


@pytest.mark.parametrize("n", [1, 3])
def test_acknowledging_costs_the_same_for_one_and_for_three(
    n, marketer, rep, django_assert_num_queries
):
    ids = [rejected(rep, email=f"p{i}@acme.example").pk for i in range(n)]
    _ = marketer.pk
    acknowledge([], actor=marketer, at=AT)  # the standing is read once a person
    with django_assert_num_queries(5):  # savepoint twice, lock, update
        assert len(acknowledge(ids, actor=marketer, at=AT)) == n


def test_both_teams_comment_and_who_spoke_before_is_told(marketer, rep, manager_sales, told):
    row = rejected(rep, given_name="Anna", family_name="Verdi")
    comment([row], " He asked for a price. ", actor=marketer, at=AT)
    assert FeedbackComment.objects.get().text == "He asked for a price."
    assert told == [("commented", [row.pk])]
    notice = Notice.objects.get()
    assert (notice.recipient, notice.url) == (rep, f"/feedback/{row.pk}/")
    assert notice.params == {"by": "Alice Rossi", "lead": "Anna Verdi"}
    comment([row], "Not to me.", actor=rep, at=LATER)
    assert Notice.objects.filter(recipient=marketer).count() == 1


def test_neutral_people_do_not_comment(facilitator, administrator, rep):
    row = rejected(rep)
    for person in (facilitator, administrator):
        with pytest.raises(NotAllowed):
            comment([row], "Hm.", actor=person, at=AT)
    assert FeedbackComment.objects.count() == 0


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST_COMMENT + 1)])
def test_an_empty_or_endless_comment_is_refused(text, marketer, rep):
    row = rejected(rep)
    with pytest.raises(BadInput) as refused:
        comment([row], text, actor=marketer, at=AT)
    assert list(refused.value.fields) == ["text"]
    assert FeedbackComment.objects.count() == 0


@pytest.mark.parametrize("n", [1, 3])
def test_commenting_costs_the_same_for_one_and_for_three(
    n, marketer, rep, django_assert_num_queries
):
    rows = [accepted(rep, email=f"p{i}@acme.example") for i in range(n)]
    acknowledge([], actor=marketer, at=AT)
    with django_assert_num_queries(8):
        assert len(comment(rows, "Thank you.", actor=marketer, at=AT)) == n
