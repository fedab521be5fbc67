"""People, teams and absences as their managers see them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Absence, Membership, Organisation, Team, User
from accounts.rules import is_administrator, standing
from smarketing.registry import OpenWork, open_work_sources


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


def managed_absences(user: User) -> QuerySet[Absence]:
    """Return the absences that `user` may change: his own, and of the people he manages."""
    people = managed_people(user).values("pk")
    return Absence.objects.filter(Q(user=user) | Q(user__in=people)).select_related(
        "user", "deputy"
    )


def open_work_of(person: User) -> list[OpenWork]:
    """Return the piles of open work that `person` would leave behind, as each app counts them."""
    piles = (source.count(person) for source in open_work_sources)
    return [pile for pile in piles if pile is not None and pile.count > 0]


def other_administrators(person: User) -> QuerySet[Membership]:
    """Return the administrator roles held by active people other than `person` who have joined."""
    return Membership.objects.filter(
        role="ADMINISTRATOR", user__is_active=True, user__joined_at__isnull=False
    ).exclude(user=person)
