"""The page on which both teams face each other, and the rows behind each figure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from leads.enums import LifecycleStage
from leads.models import Lead, StageTransition
from sla.enums import CommitmentKind, Side
from sla.models import Agreement, Commitment, CommitmentShare
from sla.services.closing import close_periods
from smarketing import time_source
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.sla.promising import in_force, promise
from tests.sla.test_closing import mqls, qualified, since_march
from tests.sla.test_measuring import END, MARCH, figure

pytestmark = pytest.mark.django_db
K, S = CommitmentKind, LifecycleStage


@pytest.fixture
def lead(manager_marketing: User, manager_sales: User, rep: User) -> Lead:
    """A lead beside which rows of the record are laid."""
    return lead_at(S.LEAD, at=AT)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is AT."""
    monkeypatch.setattr(time_source, "now", lambda: AT)


def shown_to(user: User, name: str = "sla", *args: Any, **asked: str) -> Any:
    """The page as `user` gets it."""
    client = Client()
    client.force_login(user)
    return client.get(reverse(name, args=args), asked)


def test_without_an_agreement_the_page_says_what_to_do(rep: User) -> None:
    assert "No commitment applies to this period" in shown_to(rep).content.decode()


def test_each_side_has_its_own_and_both_the_shared(lead: Lead, rep: User) -> None:
    since_march(
        mqls(),
        figure(K.REVENUE, side=Side.BOTH, target=Decimal(30_000_000)),
        promise(K.TIME_TO_DECIDE),
    )
    qualified(lead, 4)
    context = shown_to(rep).context
    (mine,), (shared,), (theirs,) = (context[key] for key in ("marketing", "shared", "sales"))
    assert (mine.actual, mine.promise, mine.owner) == ("4", "of 10", "Carla Moretti")
    assert (shared.actual, shared.promise) == ("€0", "of €300,000")
    assert shared.owner == "Carla Moretti, Dario Greco"
    assert (theirs.promise, theirs.within) == ("in time, of at least 80%", "4 business hours")
    assert theirs.status == "Too few to tell"
    assert context["period"] == "March 2026"
    assert (context["previous_on"], context["next_on"]) == ("2026-02-01", "")


def test_a_closed_period_shows_what_was_kept_and_what_came_since(
    lead: Lead, rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    since_march(mqls())
    qualified(lead, 9)
    close_periods(at=END)
    qualified(lead, 2)
    monkeypatch.setattr(time_source, "now", lambda: END)
    page = shown_to(rep, on="2026-03-15")
    (mine,) = page.context["marketing"]
    assert (mine.actual, mine.status, mine.correction) == ("9", "Missed", "+2")
    assert page.context["next_on"] == "2026-04-01"


@pytest.mark.parametrize("on", ["yesterday", "1999-12-31", "2027-01-01"])
def test_there_is_no_such_period(on: str, rep: User) -> None:
    assert shown_to(rep, on=on).status_code == 404


def test_the_rows_behind_a_figure_are_those_that_were_counted(lead: Lead, rep: User) -> None:
    row = since_march(mqls()).commitments.get()
    qualified(lead, 3)
    page = shown_to(rep, "commitment", row.pk)
    found = page.context["found"]
    ids = StageTransition.objects.filter(to_stage=S.MQL).values_list("pk", flat=True)
    assert {one.pk for one in found.rows} == set(ids)
    assert found.n == found.standing.now.actual == 3


def test_single_people_are_seen_by_themselves_and_by_managers(
    lead: Lead, marketer: User, rep: User, manager_sales: User
) -> None:
    row = since_march(mqls()).commitments.get()
    qualified(lead, 3, actor=marketer)
    seen = {
        user: [one.user for one in shown_to(user, "commitment", row.pk).context["found"].people]
        for user in (marketer, rep, manager_sales)
    }
    assert seen == {marketer: [marketer], rep: [], manager_sales: [marketer]}


def test_each_person_stands_by_his_part(
    lead: Lead, manager_marketing: User, marketer: User
) -> None:
    draft = Agreement.objects.create(number=1, created_at=AT)
    row = Commitment.objects.create(agreement=draft, **mqls())
    CommitmentShare.objects.create(commitment=row, user=marketer, target=6)
    CommitmentShare.objects.create(commitment=row, user=manager_marketing, target=4)
    Agreement.objects.filter(pk=draft.pk).update(
        state="IN_FORCE", in_force_from=MARCH.start, text_hash="0" * 64
    )
    qualified(lead, 5, actor=marketer)
    found = shown_to(manager_marketing, "commitment", row.pk).context["found"]
    parts = [(one.user, one.actual, one.target) for one in found.people]
    assert parts == [(marketer, 5, 6), (manager_marketing, 0, 4)]


def test_a_draft_is_no_commitment_yet(lead: Lead, rep: User) -> None:
    agreement = in_force(mqls())
    row = agreement.commitments.get()
    type(agreement).objects.filter(pk=agreement.pk).update(state="DRAFT", in_force_from=None)
    assert shown_to(rep, "commitment", row.pk).status_code == 404
    assert shown_to(rep, "commitment", 1).status_code == 404


def statements(user: User, name: str, *args: Any) -> int:
    """How many statements the page sends, signed in and warm."""
    client = Client()
    client.force_login(user)
    client.get(reverse(name, args=args))
    with CaptureQueriesContext(connection) as sent:
        client.get(reverse(name, args=args))
    return len(sent)


def test_statements_do_not_grow_with_commitments_and_rows(lead: Lead, rep: User) -> None:
    one = since_march(mqls(), promise(K.TIME_TO_DECIDE))
    qualified(lead, 1)
    few = statements(rep, "sla"), statements(rep, "commitment", one.commitments.earliest("pk").pk)
    type(one).objects.filter(pk=one.pk).update(state="SUPERSEDED")
    many = in_force(*[mqls() for _n in range(3)], promise(K.TIME_TO_DECIDE), number=2)
    type(one).objects.filter(pk=one.pk).update(in_force_from=AT, superseded_at=AT)
    type(one).objects.filter(pk=many.pk).update(in_force_from=one.in_force_from)
    qualified(lead, 3)
    assert (
        statements(rep, "sla"),
        statements(rep, "commitment", many.commitments.earliest("pk").pk),
    ) == few
