"""Who holds which role in which team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import rules
from accounts.enums import ORGANISATION_ROLES, TEAM_KINDS_OF_ROLE, Role
from accounts.models import Membership, Team, User
from accounts.selectors.people import other_administrators
from accounts.services.notices import notify
from smarketing.errors import BadInput, NotAllowed, Refused

ROLES_CHANGED = "roles_changed"


class Held(NamedTuple):
    """A role in a team; organisation roles have no team."""

    role: Role
    team_id: int | None = None


def change_roles(person: User, wanted: Iterable[Held], *, by: User, at: datetime) -> bool:
    """Make `person` hold just the roles `wanted`, tell him, and return whether any differed.

    Raises NotAllowed when `by` may not give or take one of those that differ, BadInput for a role
    that does not fit its team, Refused for the last administrator and for the head of a team who
    would lose the manager role there. Then nothing has changed.
    """
    wanted = set(wanted)
    with transaction.atomic():
        lock_administrators()
        held = {
            Held(Role(role), team)
            for role, team in Membership.objects.filter(user=person).values_list("role", "team")
        }
        gained, lost = wanted - held, held - wanted
        _check_rights(gained | lost, by)
        _check_fit(gained)
        _check_losses(person, lost)
        for role, team_id in lost:
            Membership.objects.filter(user=person, role=role, team=team_id).delete()
        Membership.objects.bulk_create(
            Membership(user=person, role=role, team_id=team_id)
            for role, team_id in sorted(gained, key=lambda h: (h.role, h.team_id or 0))
        )
        if (gained or lost) and person.joined_at is not None and person != by:
            _tell(person, wanted, by=by, at=at)
    return bool(gained or lost)


def lock_administrators() -> None:
    """Let one change at a time decide who is the last administrator."""
    list(
        Membership.objects.select_for_update()
        .filter(role=Role.ADMINISTRATOR)
        .order_by("pk")
        .values_list("pk")
    )


def refuse_last_administrator(person: User) -> None:
    """Raise Refused when nobody but `person` could run the installation."""
    if not other_administrators(person).exists():
        raise Refused(
            _("%(name)s is the last administrator. Make somebody else administrator first.")
            % {"name": person.name},
            code="last_administrator",
        )


def _check_rights(changed: Iterable[Held], by: User) -> None:
    if not all(rules.can_assign(by, held.role, held.team_id) for held in changed):
        raise NotAllowed(_("You may give and take roles only in the teams that you head."))


def _check_fit(gained: Iterable[Held]) -> None:
    kinds = dict(Team.objects.values_list("pk", "kind"))
    reasons: list[Any] = []
    for role, team_id in sorted(gained, key=lambda h: (h.role, h.team_id or 0)):
        if role in ORGANISATION_ROLES:
            fits = team_id is None
        else:
            fits = team_id is not None and kinds.get(team_id) in TEAM_KINDS_OF_ROLE[role]
        if not fits:
            reasons.append(_("The role %(role)s does not fit this team.") % {"role": role.label})
    if reasons:
        raise BadInput(_("The roles were not changed."), fields={"roles": reasons})


def _check_losses(person: User, lost: set[Held]) -> None:
    if Held(Role.ADMINISTRATOR) in lost:
        refuse_last_administrator(person)
    teams = [held.team_id for held in lost if held.role == Role.MANAGER and held.team_id]
    headed = list(person.headed_teams.filter(pk__in=teams).values_list("name", flat=True))
    if headed:
        raise Refused(
            _("%(name)s heads %(teams)s. Choose another head first.")
            % {"name": person.name, "teams": ", ".join(headed)},
            code="heads_a_team",
        )


def _tell(person: User, wanted: Iterable[Held], *, by: User, at: datetime) -> None:
    names = dict(Team.objects.values_list("pk", "name"))
    with translation.override(person.language):
        spoken = sorted(
            f"{held.role.label} ({names[held.team_id]})" if held.team_id else str(held.role.label)
            for held in wanted
        )
        roles = ", ".join(spoken) or _("without a role")
    notify([person], ROLES_CHANGED, {"by": by.name, "roles": roles}, url=reverse("profile"), at=at)
