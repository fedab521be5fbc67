"""Workload: what each holds now, and how soon he tried, told to those who may see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import Team, User
from leads.enums import ActivityKind, Direction, Disposition, LifecycleStage
from leads.models import Activity, Lead
from leads.services.facts import derive_all_due
from reporting.panels import PANELS
from tests.conftest import AT
from tests.factories import member
from tests.leads.records import HOUR, lead_at
from tests.reporting.asking import rows_of, view_of

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
PANEL = PANELS["workload"]
TICK = timedelta(microseconds=1)


def tried(lead: Lead, by: User, at: datetime, **said: Any) -> None:
    """A call at `at`, counted on the lead as the product does."""
    Activity.objects.create(
        lead=lead, actor=by, occurred_at=at, logged_at=at,
        **{"kind": ActivityKind.CALL, "direction": Direction.OUTBOUND, **said},
    )  # fmt: skip


def first_tried(lead: Lead, after: timedelta, n: int = 1) -> None:
    """The lead was tried `n` times, first so long after it was accepted."""
    assert lead.sal_at is not None
    Lead.objects.filter(pk=lead.pk).update(attempts=n, first_attempt_at=lead.sal_at + after)


@pytest.fixture
def other(sales: Team) -> User:
    """Greta, another rep."""
    return member("greta@acme.test", Role.REP, team=sales, name="Greta Ferrari")


@pytest.fixture
def leads(rep: User, other: User) -> list[Lead]:
    """Accepted on 27 February at 08:00 UTC: three of Bruno, of which one is lost; one of Greta;
    an MQL of nobody."""
    made = [
        lead_at(S.SAL, owner=rep, email="a@acme.example"),
        lead_at(S.SAL, owner=rep, email="b@acme.example"),
        lead_at(S.SQL, D.LOST, owner=rep, email="c@acme.example"),
        lead_at(S.SAL, owner=other, email="d@acme.example"),
        lead_at(S.MQL, email="e@acme.example"),
    ]
    first_tried(made[0], 2 * HOUR, n=2)
    first_tried(made[2], 5 * HOUR)
    first_tried(made[3], -HOUR)  # before it was accepted: no answer to that
    tried(made[0], rep, AT - timedelta(days=4))
    tried(made[0], other, AT - timedelta(days=4))
    tried(made[2], rep, AT - timedelta(days=4))
    tried(made[2], rep, AT - timedelta(days=4), kind=ActivityKind.NOTE, text="Out")
    tried(made[2], rep, AT - timedelta(days=4), direction=Direction.INBOUND)
    derive_all_due()
    return made


def test_what_each_holds_and_does(
    leads: list[Lead], rep: User, other: User, manager_sales: User
) -> None:
    found = rows_of(PANEL.count(view_of(manager_sales, days="2026-02")))
    assert found == {
        str(rep.pk): [2, 1, 2, 2, 2, Fraction(2)],
        str(other.pk): [1, 0, 1, 1, 0, None],
        "none": [1, 0, 0, 0, 0, None],
    }
    assert list(found) == [str(rep.pk), str(other.pk), "none"]


def test_the_period_is_of_what_was_done_not_of_what_is_held(
    leads: list[Lead], rep: User, manager_sales: User
) -> None:
    end = view_of(manager_sales, days="2026-02").span.end
    tried(leads[1], rep, end - TICK)
    tried(leads[1], rep, end)
    for days, told in (("2026-02", [2, 1, 3, 3]), ("2026-03", [2, 1, 1, 1])):
        assert rows_of(PANEL.count(view_of(manager_sales, days=days)))[str(rep.pk)][:4] == told


def test_people_see_themselves_and_what_is_nobodys(
    leads: list[Lead], rep: User, other: User, marketer: User, sales: Team
) -> None:
    for user in (rep, other):
        seen = list(rows_of(PANEL.count(view_of(user, days="2026-02"))))
        assert seen == [str(user.pk), "none"]
    assert list(rows_of(PANEL.count(view_of(marketer, days="2026-02")))) == ["none"]
    sales.head = other  # who heads a team sees its people
    sales.save()
    head = User.objects.get(pk=other.pk)
    assert len(rows_of(PANEL.count(view_of(head, days="2026-02")))) == 3
    assert PANEL.of_persons


def test_a_number_has_its_rows(leads: list[Lead], rep: User, manager_sales: User) -> None:
    assert PANEL.rows is not None
    view = view_of(manager_sales, days="2026-02")
    told = {}
    for key, column in ((str(rep.pk), "open"), (str(rep.pk), "untried"), ("none", "open")):
        found = PANEL.rows(view, key, column)
        assert found is not None
        told[key, column] = {fact.pk for fact in found}
    assert list(told.values()) == [
        {leads[0].pk, leads[1].pk}, {leads[1].pk}, {leads[4].pk},
    ]  # fmt: skip
    assert PANEL.rows(view, str(rep.pk), "attempts") is None
