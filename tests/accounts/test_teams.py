"""Teams form one tree a side; heads act within theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, TeamKind
from accounts.models import Membership, Team, User
from accounts.services.people import deactivate
from accounts.services.teams import change_team, create_team, remove_team
from smarketing.errors import BadInput, NotAllowed, Refused
from tests.factories import UserFactory

NEW: dict[str, Any] = {
    "name": "Sales Italy",
    "kind": "",
    "parent": None,
    "head": None,
    "calendar": None,
}


def facts_of(team: Team, **changes: Any) -> dict[str, Any]:
    team.refresh_from_db()
    facts = {name: getattr(team, name) for name in ("name", "kind", "parent", "head", "calendar")}
    return facts | changes


def test_a_sub_team_is_of_its_parents_side(administrator: User, sales: Team) -> None:
    team = create_team(**NEW | {"parent": sales, "kind": TeamKind.MARKETING}, by=administrator)
    assert (team.kind, team.parent) == ("SALES", sales)


def test_the_head_becomes_a_manager_of_the_team(
    administrator: User, sales: Team, rep: User
) -> None:
    team = create_team(**NEW | {"parent": sales, "head": rep}, by=administrator)
    assert Membership.objects.filter(user=rep, team=team, role=Role.MANAGER).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Marketing", "kind": TeamKind.OTHER}, "name"),
        ({"kind": TeamKind.SALES}, "kind"),
    ],
)
def test_a_senseless_team_is_refused(
    changes: dict[str, Any], field: str, administrator: User, sales: Team, marketing: Team
) -> None:
    with pytest.raises(BadInput) as refusal:
        create_team(**NEW | {"kind": TeamKind.OTHER} | changes, by=administrator)
    assert list(refusal.value.fields) == [field]
    assert Team.objects.count() == 2


def test_an_inactive_head_is_refused(administrator: User, sales: Team) -> None:
    gone = UserFactory(email="gone@acme.test", is_active=False)
    with pytest.raises(BadInput) as refusal:
        create_team(**NEW | {"parent": sales, "head": gone}, by=administrator)
    assert list(refusal.value.fields) == ["head"]
    assert Team.objects.count() == 1


def test_a_team_never_comes_to_stand_below_itself(administrator: User, sales: Team) -> None:
    italy = create_team(**NEW | {"parent": sales}, by=administrator)
    north = create_team(**NEW | {"name": "North", "parent": italy}, by=administrator)
    for parent in (italy, north):
        with pytest.raises(BadInput) as refusal:
            change_team(italy, **facts_of(italy, parent=parent), by=administrator)
        assert list(refusal.value.fields) == ["parent"]
    italy.refresh_from_db()
    assert italy.parent == sales


def test_the_side_stays_while_people_or_teams_depend_on_it(
    administrator: User, marketing: Team, rep: User, sales: Team
) -> None:
    with pytest.raises(Refused) as refusal:
        change_team(sales, **facts_of(sales, parent=marketing), by=administrator)
    assert refusal.value.code == "team_kind_in_use"
    sales.refresh_from_db()
    assert (sales.kind, sales.parent) == ("SALES", None)


def test_a_head_renames_his_team_and_shapes_those_below(
    manager_sales: User, sales: Team, rep: User
) -> None:
    change_team(sales, **facts_of(sales, name="Sales Europe"), by=manager_sales)
    italy = create_team(**NEW | {"parent": sales, "head": rep}, by=manager_sales)
    again = User.objects.get(pk=manager_sales.pk)  # a request later: rights are read once each
    change_team(italy, **facts_of(italy, head=None), by=again)
    sales.refresh_from_db()
    italy.refresh_from_db()
    assert (sales.name, italy.head) == ("Sales Europe", None)


def test_a_head_does_not_reach_beyond_his_team(
    manager_sales: User, marketing: Team, sales: Team, rep: User
) -> None:
    with pytest.raises(NotAllowed):
        create_team(**NEW | {"parent": marketing}, by=manager_sales)
    with pytest.raises(NotAllowed):
        create_team(**NEW | {"kind": TeamKind.OTHER}, by=manager_sales)
    with pytest.raises(NotAllowed):
        change_team(marketing, **facts_of(marketing, name="Mine"), by=manager_sales)
    with pytest.raises(NotAllowed):
        change_team(sales, **facts_of(sales, head=rep), by=manager_sales)
    with pytest.raises(NotAllowed):
        remove_team(sales, by=manager_sales)
    assert list(Team.objects.values_list("name", "head__email")) == [
        ("Marketing", None),
        ("Sales", "dario@acme.test"),
    ]


def test_only_an_empty_team_is_removed(administrator: User, sales: Team, rep: User) -> None:
    with pytest.raises(Refused) as refusal:
        remove_team(sales, by=administrator)
    assert refusal.value.code == "team_in_use"
    italy = create_team(**NEW | {"parent": sales}, by=administrator)
    remove_team(italy, by=administrator)
    assert list(Team.objects.values_list("name", flat=True)) == ["Sales"]


def test_a_head_who_leaves_meanwhile_is_refused(
    administrator: User, sales: Team, rep: User, at: datetime
) -> None:
    """The person was read before he was deactivated; the database is asked again, under a lock."""
    team = create_team(**NEW | {"parent": sales}, by=administrator)
    deactivate(User.objects.get(pk=rep.pk), by=administrator, at=at)
    assert rep.is_active
    with pytest.raises(BadInput) as refused, CaptureQueriesContext(connection) as statements:
        change_team(team, **facts_of(team, head=rep), by=administrator)
    assert list(refused.value.fields) == ["head"]
    asked = [q["sql"] for q in statements if "FOR UPDATE" in q["sql"]]
    assert any('FROM "accounts_user"' in sql for sql in asked)
    assert facts_of(team)["head"] is None
