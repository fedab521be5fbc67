"""Who may do what with people and settings: the one place that decides it.

A person's standing (roles, teams, headed teams) is read once per user object, by two queries, and
kept on it: a request asks as often as it likes. After a change of roles, ask a fresh object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.enums import ORGANISATION_ROLES, Role, TeamKind
from accounts.models import BusinessCalendar, Membership, Organisation, Team, User


@dataclass(frozen=True)
class Standing:
    """What a person holds: roles, teams by role, and the teams he heads with all below them."""

    roles: frozenset[Role]
    team_ids: frozenset[int]
    kinds: frozenset[TeamKind]
    headed_team_ids: frozenset[int]


NOBODY = Standing(frozenset(), frozenset(), frozenset(), frozenset())


def standing(user: Any) -> Standing:
    """Return the standing of `user`; a visitor and an inactive person hold nothing."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    cached: Standing | None = getattr(user, "_standing", None)
    if cached is None:
        cached = _read_standing(user)
        user._standing = cached  # type: ignore[attr-defined]  # cached for this object's life
    return cached


def _read_standing(user: User) -> Standing:
    held = list(Membership.objects.filter(user=user).values_list("role", "team_id", "team__kind"))
    return Standing(
        roles=frozenset(Role(role) for role, _team, _kind in held),
        team_ids=frozenset(team for _role, team, _kind in held if team is not None),
        kinds=frozenset(TeamKind(kind) for _role, _team, kind in held if kind is not None),
        headed_team_ids=frozenset(_with_descendants(user)),
    )


def _with_descendants(user: User) -> set[int]:
    """Return the teams that `user` heads and every team below them; teams are few."""
    rows = list(Team.objects.values_list("id", "parent_id", "head_id"))
    headed = {team for team, _parent, head in rows if head == user.pk}
    while True:
        below = {team for team, parent, _head in rows if parent in headed} - headed
        if not below:
            return headed
        headed |= below


def holds(user: Any, *roles: Role) -> bool:
    """Tell whether `user` holds at least one of `roles`, anywhere."""
    return bool(standing(user).roles & set(roles))


def is_administrator(user: Any) -> bool:
    """Tell whether `user` runs the installation."""
    return holds(user, Role.ADMINISTRATOR)


def is_member(user: Any) -> bool:
    """Tell whether `user` holds any role: people without one see nothing yet."""
    return bool(standing(user).roles)


def heads(user: Any, team: Team | int | None) -> bool:
    """Tell whether `user` heads `team` or one above it."""
    team_id = team.pk if isinstance(team, Team) else team
    return team_id in standing(user).headed_team_ids


def heads_any_team(user: Any) -> bool:
    """Tell whether `user` heads at least one team."""
    return bool(standing(user).headed_team_ids)


def can_manage_people(user: Any) -> bool:
    """Tell whether `user` may open the pages of people and teams, as far as his rows reach."""
    return is_administrator(user) or heads_any_team(user)


def can_assign(user: Any, role: Role | str, team: Team | int | None) -> bool:
    """Tell whether `user` may give or take `role` in `team`: heads only team roles, below them."""
    if is_administrator(user):
        return True
    return Role(role) not in ORGANISATION_ROLES and heads(user, team)


def can_oversee(user: Any, person: User) -> bool:
    """Tell whether `person` works in a team that `user` heads, or `user` is an administrator."""
    return is_administrator(user) or bool(
        standing(person).team_ids & standing(user).headed_team_ids
    )


def can_edit_absences_of(user: Any, person: User) -> bool:
    """Tell whether `user` may enter when `person` is away: his own, and of those he oversees."""
    return isinstance(user, User) and (user == person or can_oversee(user, person))


def can_set_working_time_of(user: Any, person: User) -> bool:
    """Tell whether `user` may choose by which calendar `person` works: of those he oversees."""
    return can_oversee(user, person)


def can_edit_team(user: Any, team: Team) -> bool:
    """Tell whether `user` may rename `team` and choose its working time."""
    return is_administrator(user) or heads(user, team)


def can_place_team(user: Any, parent: Team | int | None) -> bool:
    """Tell whether `user` may make teams below `parent` and choose their heads."""
    return is_administrator(user) or (parent is not None and heads(user, parent))


def editable_calendars(user: Any) -> QuerySet[BusinessCalendar]:
    """The calendars that `user` may change: all for administrators; for a head, those by which
    teams of his work and nobody else: no other team, no person of others, not the organisation."""
    if is_administrator(user):
        return BusinessCalendar.objects.all()
    headed = standing(user).headed_team_ids
    of_it = {"calendar": OuterRef("pk")}
    of_his = Membership.objects.filter(user=OuterRef("pk"), team__in=headed)
    return BusinessCalendar.objects.filter(
        Exists(Team.objects.filter(**of_it, pk__in=headed)),
        ~Exists(Team.objects.filter(**of_it).exclude(pk__in=headed)),
        ~Exists(User.objects.filter(~Exists(of_his), **of_it)),
        ~Exists(Organisation.objects.filter(**of_it)),
    )


def can_edit_calendar(user: Any, calendar: BusinessCalendar) -> bool:
    """Tell whether `user` may change `calendar`, see `editable_calendars`; at most one query."""
    return is_administrator(user) or editable_calendars(user).filter(pk=calendar.pk).exists()
