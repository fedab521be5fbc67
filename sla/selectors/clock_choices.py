"""What the list of clocks can be narrowed to besides states and kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Team, User

MOST = 200
WHO_HOLD = (Role.REP, Role.MARKETER, Role.MANAGER)


@dataclass(frozen=True)
class ClockChoices:
    """People and teams as (value, label)."""

    owner: list[tuple[str, Any]]
    team: list[tuple[str, Any]]


def clock_choices() -> ClockChoices:
    """Return people who may hold leads, and all teams, by name; two statements."""
    people = User.objects.active().filter(memberships__role__in=WHO_HOLD).distinct()
    found = people.order_by("name", "pk").values_list("pk", "name")[:MOST]
    teams = Team.objects.order_by("kind", "name").values_list("pk", "name")[:MOST]
    return ClockChoices(
        owner=[("me", _("Mine")), ("nobody", _("Nobody’s yet")), *((str(p), n) for p, n in found)],
        team=[(str(pk), name) for pk, name in teams],
    )
