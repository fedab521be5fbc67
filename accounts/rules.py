"""Who may do what with people and settings: the one place that decides it.

A person's standing (roles, teams, headed teams) is read once per user object, by two queries, and
kept on it: a request asks as often as it likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.enums import Role, TeamKind
from accounts.models import Membership, Team, User


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
    held = list(
        Membership.objects.filter(user=user).values_list("role", "team_id", "team__kind")
    )
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


def heads(user: Any, team: Team) -> bool:
    """Tell whether `user` heads `team` or one above it."""
    return team.pk in standing(user).headed_team_ids
