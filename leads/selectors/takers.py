"""Who may get leads: the people of a side, and the colleagues of a person."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.enums import Role, TeamKind
from accounts.models import Membership, User
from accounts.rules import standing

OF_SALES = Q(role=Role.REP) | Q(role=Role.MANAGER, team__kind=TeamKind.SALES)
OF_MARKETING = Q(role=Role.MARKETER) | Q(role=Role.MANAGER, team__kind=TeamKind.MARKETING)
SIDES = {TeamKind.SALES: OF_SALES, TeamKind.MARKETING: OF_MARKETING}


def people_of(*sides: TeamKind) -> Any:
    """Return the active people who have come and may own leads of one of `sides`, by name."""
    held = Q()
    for side in sides:
        held |= SIDES[side]
    rows = Membership.objects.filter(held, user=OuterRef("pk"))
    here = User.objects.active().filter(Exists(rows), joined_at__isnull=False)
    return here.order_by("name", "pk")


def people_of_sales(*, also: Collection[int] = ()) -> list[User]:
    """Return who may sit in a pool: the people of Sales, and those who sit there already."""
    here = people_of(TeamKind.SALES)
    known = Q(pk__in=list(also)) | Q(pk__in=here.order_by().values("pk"))
    return list(User.objects.filter(known).order_by("name", "pk"))


def people_to_give_to(user: User, sides: Collection[TeamKind], *, all_of_them: bool) -> list[User]:
    """Return to whom `user` may give leads of `sides`: to all of them, or to his colleagues."""
    people = people_of(*sides)
    if not all_of_them:
        shared = Membership.objects.filter(user=OuterRef("pk"), team__in=standing(user).team_ids)
        people = people.filter(Exists(shared)).exclude(pk=user.pk)
    return list(people)
