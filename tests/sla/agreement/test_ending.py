"""A commitment ends early by both sides; nothing that is late already is let go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, Team, User
from leads.models import Lead
from sla.enums import CommitmentKind, Outcome, Told
from sla.models import Agreement, Breach, Clock, Commitment, CommitmentEnding
from sla.services.drafting import start_draft
from sla.services.ending import (
    AGREED,
    ASKED,
    Wish,
    agree_to_end,
    ask_to_end,
    cancel_of_ended,
    end_agreed,
    take_ending_back,
)
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.sla.agreement.drafts import signed_by
from tests.sla.promising import in_force, promise
from tests.sla.test_clocks import fresh_mql

K = CommitmentKind
TICK, HOUR, DAY = timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1)
WISH = Wish("The fair is over.")
MIDNIGHT = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)  # the 5th begins in Rome


@pytest.fixture
def decide(manager_marketing: User, manager_sales: User) -> Commitment:
    """Four business hours to decide, in force."""
    return in_force(promise()).commitments.get()


@pytest.fixture
def heads(manager_marketing: User, manager_sales: User) -> tuple[User, User]:
    """Of Marketing and of Sales."""
    return manager_marketing, manager_sales


@pytest.fixture
def mql(decide: Commitment, marketer: User, rep: User) -> Lead:
    """A lead that Sales has to decide on since AT."""
    return fresh_mql(marketer, rep)


def ended_at(row: Commitment) -> datetime | None:
    return Commitment.objects.values_list("ended_at", flat=True).get(pk=row.pk)


def test_it_ends_when_both_sides_agree(
    decide: Commitment, manager_marketing: User, manager_sales: User
) -> None:
    asked = ask_to_end(decide.pk, WISH, actor=manager_sales, at=AT)
    assert (asked.side, asked.reason, ended_at(decide)) == ("SALES", "The fair is over.", None)
    assert end_agreed(at=AT + DAY) == 0
    agree_to_end(decide.pk, read=asked.pk, actor=manager_marketing, at=AT + HOUR)
    assert ended_at(decide) == AT + HOUR
    rows = decide.endings.order_by("agreed_at").values_list("side", "head", "reason", "agreed_at")
    assert list(rows) == [
        ("SALES", manager_sales.pk, WISH.reason, AT),
        ("MARKETING", manager_marketing.pk, WISH.reason, AT + HOUR),
    ]
    told = Notice.objects.filter(kind__in=[ASKED, AGREED]).order_by("kind")
    assert list(told.values_list("kind", "recipient")) == [
        (AGREED, manager_sales.pk),
        (ASKED, manager_marketing.pk),
    ]


def test_no_clock_starts_by_what_has_ended(
    decide: Commitment,
    manager_marketing: User,
    manager_sales: User,
    marketer: User,
    rep: User,
) -> None:
    asked = ask_to_end(decide.pk, WISH, actor=manager_sales, at=AT)
    agree_to_end(decide.pk, read=asked.pk, actor=manager_marketing, at=AT)
    fresh_mql(marketer, rep)
    assert Clock.objects.count() == 0


@pytest.mark.parametrize(
    ("after", "outcome"), [(-TICK, Outcome.CANCELLED), (0 * TICK, Outcome.CANCELLED), (TICK, None)]
)
def test_what_runs_in_time_is_cancelled_and_what_is_late_runs_on(
    after: timedelta,
    outcome: Outcome | None,
    decide: Commitment,
    heads: tuple[User, User],
    mql: Lead,
) -> None:
    clock = Clock.objects.get()
    at = clock.due_at + after
    marketing, sales = heads
    asked = ask_to_end(decide.pk, WISH, actor=marketing, at=AT)
    agree_to_end(decide.pk, read=asked.pk, actor=sales, at=at)
    clock.refresh_from_db()
    assert clock.outcome == outcome
    assert clock.stopped_at == (at if outcome else None)
    due = Lead.objects.values_list("next_due_at", flat=True).get(pk=mql.pk)
    assert due == (None if outcome else clock.due_at)
    assert not Breach.objects.exists()
    if outcome:
        second = CommitmentEnding.objects.get(side="SALES")
        assert (clock.stopped_by, clock.stopped_by_id) == (Told.ENDING, second.pk)


def test_on_a_day_it_ends_at_midnight_in_the_organisation(
    decide: Commitment, manager_marketing: User, manager_sales: User, marketer: User, rep: User
) -> None:
    fresh_mql(marketer, rep)
    wish = Wish("From the 5th on.", date(2026, 3, 5))
    asked = ask_to_end(decide.pk, wish, actor=manager_sales, at=AT)
    agree_to_end(decide.pk, read=asked.pk, actor=manager_marketing, at=AT)
    assert (ended_at(decide), end_agreed(at=MIDNIGHT - TICK)) == (None, 0)
    Clock.objects.update(due_at=MIDNIGHT)
    assert (end_agreed(at=MIDNIGHT), ended_at(decide)) == (1, MIDNIGHT)
    assert (end_agreed(at=MIDNIGHT + HOUR), ended_at(decide)) == (0, MIDNIGHT)
    # However late the background comes: as of the instant of the end.
    assert cancel_of_ended(at=MIDNIGHT + HOUR) == 1
    assert Clock.objects.get().stopped_at == MIDNIGHT
    assert cancel_of_ended(at=MIDNIGHT + HOUR) == 0


def test_two_sides_and_two_people(
    decide: Commitment, manager_marketing: User, manager_sales: User, rep: User, facilitator: User
) -> None:
    for stranger in (rep, facilitator):
        with pytest.raises(NotAllowed):
            ask_to_end(decide.pk, WISH, actor=stranger, at=AT)
    asked = ask_to_end(decide.pk, WISH, actor=manager_sales, at=AT)
    with pytest.raises(Refused) as again:
        ask_to_end(decide.pk, WISH, actor=manager_sales, at=AT)
    with pytest.raises(Refused) as alone:
        agree_to_end(decide.pk, read=asked.pk, actor=manager_sales, at=AT)
    with pytest.raises(Refused) as meanwhile:
        ask_to_end(decide.pk, Wish("Mine."), actor=manager_marketing, at=AT)
    codes = [one.value.code for one in (again, alone, meanwhile)]
    assert codes == ["agreed_already", "agreed_already", "asked_meanwhile"]
    assert (CommitmentEnding.objects.count(), ended_at(decide)) == (1, None)


def test_one_person_heads_both_teams(
    decide: Commitment, manager_marketing: User, manager_sales: User, sales: Team
) -> None:
    Team.objects.filter(pk=sales.pk).update(head=manager_marketing)
    asked = ask_to_end(decide.pk, WISH, actor=manager_marketing, at=AT)
    with pytest.raises(Refused) as refusal:
        agree_to_end(decide.pk, read=asked.pk, actor=manager_marketing, at=AT)
    assert (refusal.value.code, ended_at(decide)) == ("agreed_already", None)


def test_a_wish_is_taken_back_until_the_other_agrees(
    decide: Commitment, manager_marketing: User, manager_sales: User
) -> None:
    asked = ask_to_end(decide.pk, WISH, actor=manager_sales, at=AT)
    with pytest.raises(Refused) as not_mine:
        take_ending_back(decide.pk, actor=manager_marketing, at=AT)
    take_ending_back(decide.pk, actor=manager_sales, at=AT)
    with pytest.raises(Refused) as gone:
        agree_to_end(decide.pk, read=asked.pk, actor=manager_marketing, at=AT)
    assert [one.value.code for one in (not_mine, gone)] == ["not_yours", "taken_back"]
    assert (CommitmentEnding.objects.count(), ended_at(decide)) == (0, None)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish("  "), "reason"),
        (Wish("x" * 2_001), "reason"),
        (Wish("So.", date(2026, 3, 2)), "ends_on"),
    ],
)
def test_it_says_why_and_no_day_that_is_over(
    wish: Wish, field: str, decide: Commitment, manager_sales: User
) -> None:
    with pytest.raises(BadInput) as refusal:
        ask_to_end(decide.pk, wish, actor=manager_sales, at=AT)
    assert (list(refusal.value.fields), CommitmentEnding.objects.count()) == ([field], 0)


def test_only_what_is_in_force_ends(
    decide: Commitment, manager_marketing: User, manager_sales: User
) -> None:
    Agreement.objects.update(state="SUPERSEDED", superseded_at=AT)
    with pytest.raises(NotFound):
        ask_to_end(decide.pk, WISH, actor=manager_sales, at=AT)


def test_the_next_version_has_it_no_more(manager_marketing: User, manager_sales: User) -> None:
    version = signed_by(manager_marketing, manager_sales)
    row = version.commitments.get(kind=K.EFFORT)
    asked = ask_to_end(row.pk, WISH, actor=manager_sales, at=AT)
    agree_to_end(row.pk, read=asked.pk, actor=manager_marketing, at=AT)
    draft = start_draft(actor=manager_sales, at=AT, based_on=version)
    assert (version.commitments.count(), draft.commitments.count()) == (13, 12)
    assert not draft.commitments.filter(lineage=row.lineage).exists()


@pytest.mark.parametrize("n", [1, 3])
def test_cancelling_costs_the_same_for_many(
    n: int,
    decide: Commitment,
    mql: Lead,
    django_assert_num_queries: Any,
) -> None:
    clock = Clock.objects.get()
    for other in range(1, n):
        clock.pk, clock.lead = None, lead_at(email=f"{other}@acme.example")
        clock.save(force_insert=True)
    Commitment.objects.filter(pk=decide.pk).update(ended_at=AT)
    with django_assert_num_queries(7):
        assert cancel_of_ended(at=AT) == n


def test_the_clock_tells_why_it_was_let_go(
    client: Client, decide: Commitment, heads: tuple[User, User], mql: Lead, rep: User
) -> None:
    marketing, sales = heads
    asked = ask_to_end(decide.pk, WISH, actor=marketing, at=AT)
    agree_to_end(decide.pk, read=asked.pk, actor=sales, at=AT)
    client.force_login(rep)
    url = reverse("clock-detail", args=[Clock.objects.get(lead=mql).pk])
    words = client.get(url).content.decode()
    assert "Commitment ended early" in words
    assert sales.name in words


def test_heads_end_it_on_its_page(
    client: Client, decide: Commitment, manager_marketing: User, manager_sales: User, rep: User
) -> None:
    url = reverse("agreement-end", args=[decide.pk])
    client.force_login(rep)
    assert client.get(url).status_code == 403
    for head in (manager_sales, manager_marketing):
        head.set_password("a-long-word-of-his-own")
        head.save()
        client.force_login(head)
        proof = client.get(url).url  # type: ignore[attr-defined]
        assert proof.startswith(reverse("account_reauthenticate"))
        client.post(proof, {"password": "a-long-word-of-his-own"})
        if head == manager_sales:
            assert client.post(url, {"reason": ""}).status_code == 422
            assert client.post(url, {"reason": WISH.reason}).status_code == 302
            assert "The other side has yet to agree." in client.get(url).content.decode()
    page = client.get(url).content.decode()
    assert WISH.reason in page
    assert "asks to end it" in client.get(reverse("agreement")).content.decode()
    assert client.post(url, {"read": str(decide.endings.get().pk)}).status_code == 302
    assert ended_at(decide) is not None
    assert client.get(url).status_code == 404
    words = client.get(reverse("agreement")).content.decode()
    assert "Ended early on" in words
    assert WISH.reason in words
