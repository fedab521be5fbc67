"""People, teams and absences as their managers see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.enums import TeamKind
from accounts.models import Absence, Membership, Organisation, Team, User
from accounts.rules import is_administrator, standing
from smarketing.registry import OpenWork, open_work_sources

# The order in which the sides are read.
SIDES = [TeamKind.MARKETING, TeamKind.SALES, TeamKind.OTHER]


def the_organisation() -> Organisation:
    """Return the organisation with its calendar."""
    return Organisation.objects.select_related("calendar").get()


def managed_people(user: User) -> QuerySet[User]:
    """Return the people whose settings `user` may open: everyone, or those of his teams."""
    people = User.objects.all()
    if is_administrator(user):
        return people
    teams = standing(user).headed_team_ids
    in_them = Membership.objects.filter(user=OuterRef("pk"), team__in=teams)
    heads_of_them = Team.objects.filter(head=OuterRef("pk"), pk__in=teams)
    return people.filter(Q(Exists(in_them)) | Q(Exists(heads_of_them)))


def managed_teams(user: User) -> QuerySet[Team]:
    """Return the teams whose settings `user` may open: all, or those he heads and all below."""
    if is_administrator(user):
        return Team.objects.all()
    return Team.objects.filter(pk__in=standing(user).headed_team_ids)


def teams_with_counts(user: User) -> QuerySet[Team]:
    """Return the teams that `user` manages, with head, calendar and `people` (active, counted)."""
    active = Q(memberships__user__is_active=True)
    return (
        managed_teams(user)
        .select_related("head", "calendar")
        .annotate(people=Count("memberships__user", filter=active, distinct=True))
    )


def people_of(team: Team) -> QuerySet[User]:
    """Return the active people who hold a role in `team`, by name."""
    held = Membership.objects.filter(user=OuterRef("pk"), team=team)
    return User.objects.active().filter(Exists(held)).order_by("name", "pk")


def managed_absences(user: User) -> QuerySet[Absence]:
    """Return the absences that `user` may change: his own, and of the people he manages."""
    people = managed_people(user).values("pk")
    return Absence.objects.filter(Q(user=user) | Q(user__in=people)).select_related(
        "user", "deputy"
    )


def people_away(user_ids: Iterable[int], *, at: datetime) -> dict[int, Absence]:
    """Return the absence of each of the people who is away at `at`, as his own zone dates it.

    One statement.
    """
    day = timedelta(days=1)  # no zone is further from the reader's own
    near = Absence.objects.filter(
        user__in=list(user_ids), first_on__lte=(at + day).date(), last_on__gte=(at - day).date()
    ).select_related("user")
    return {
        absence.user_id: absence
        for absence in near
        if absence.first_on <= at.astimezone(ZoneInfo(absence.user.zone)).date() <= absence.last_on
    }


def open_work_of(person: User) -> list[OpenWork]:
    """Return the piles of open work that `person` would leave behind, as each app counts them."""
    piles = (source.count(person) for source in open_work_sources)
    return [pile for pile in piles if pile is not None and pile.count > 0]


def heads_above(person: User) -> QuerySet[User]:
    """Return who leads `person`: for each of his teams the nearest head above him."""
    teams = {team.pk: team for team in Team.objects.all()}
    found: set[int] = set()
    for team_id in person.memberships.exclude(team=None).values_list("team", flat=True):
        team: Team | None = teams[team_id] if team_id else None
        while team is not None and team.head_id in {None, person.pk}:
            team = teams.get(team.parent_id) if team.parent_id else None
        if team is not None and team.head_id:
            found.add(team.head_id)
    return User.objects.filter(pk__in=found, is_active=True)


def other_administrators(person: User) -> QuerySet[Membership]:
    """Return the administrator roles held by active people other than `person` who have joined."""
    return Membership.objects.filter(
        role="ADMINISTRATOR", user__is_active=True, user__joined_at__isnull=False
    ).exclude(user=person)


class TeamInTree(NamedTuple):
    """A team with its depth below the root."""

    team: Team
    depth: int


def team_tree(teams: Iterable[Team]) -> list[TeamInTree]:
    """Return `teams` as a tree read from the top: Marketing, Sales, then others, each by name.

    A team whose parent is not among them stands as a root.
    """
    rows = sorted(teams, key=lambda team: (SIDES.index(TeamKind(team.kind)), team.name))
    known = {team.pk for team in rows}
    below: dict[int | None, list[Team]] = defaultdict(list)
    for team in rows:
        below[team.parent_id if team.parent_id in known else None].append(team)

    def walk(parent: int | None, depth: int) -> Iterator[TeamInTree]:
        for team in below[parent]:
            yield TeamInTree(team, depth)
            yield from walk(team.pk, depth + 1)

    return list(walk(None, 0))


def people_page(
    people: QuerySet[User], *, after: tuple[str, int] | None, limit: int
) -> tuple[list[User], tuple[str, int] | None]:
    """Return the next `limit` people by name after the key `after`, and the key to go on from."""
    rows = people.order_by("name", "pk")
    if after is not None:
        name, pk = after
        rows = rows.filter(Q(name__gt=name) | Q(name=name, pk__gt=pk))
    held = Membership.objects.select_related("team").order_by("role", "team__name")
    found = list(rows.prefetch_related(Prefetch("memberships", held))[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], (last.name, last.pk)


def filter_people(people: QuerySet[User], wanted: Mapping[str, Any]) -> QuerySet[User]:
    """Return `people` that match: `q` in name or address, `team`, `role`, `status`."""
    if words := str(wanted.get("q") or "").strip():
        people = people.filter(Q(name__icontains=words) | Q(email__icontains=words))
    held = Membership.objects.filter(user=OuterRef("pk"))
    if team := wanted.get("team"):
        held = held.filter(team=team)
    if role := wanted.get("role"):
        held = held.filter(role=role)
    if team or role:
        people = people.filter(Exists(held))
    status: dict[Any, dict[str, Any]] = {
        "active": {"is_active": True, "joined_at__isnull": False},
        "invited": {"is_active": True, "joined_at__isnull": True},
        "deactivated": {"is_active": False},
    }
    return people.filter(**status.get(wanted.get("status"), {}))
