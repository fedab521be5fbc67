"""What Today shows of clocks: a person's own, and what is late by team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from accounts.models import Membership
from sla.enums import ClockState
from sla.querysets import stands
from sla.selectors.clocks import listed_clocks, open_counts, shown, visible_clocks

MOST = 6


def my_clocks(user: Any, at: datetime) -> Mapping[str, Any]:
    """Return the person's clocks that are late or at risk, what is due first on top, and how many
    stand how; two statements."""
    mine = listed_clocks(user).filter(owner=user.pk)
    counts = open_counts(visible_clocks(user).filter(owner=user.pk), at)
    urgent = mine.filter(stands(ClockState.BREACHED, at) | stands(ClockState.AT_RISK, at))
    rows = urgent.order_by("due_at", "pk")[:MOST]
    return {
        "rows": [shown(row, at) for row in rows],
        "late": counts[ClockState.BREACHED],
        "at_risk": counts[ClockState.AT_RISK],
        "open": sum(counts.values()),
    }


@dataclass(frozen=True)
class LateTeam:
    """How many clocks of a team are late now; `team_id` None: of a side, held by nobody."""

    team_id: int | None
    name: str
    late: int


def late_by_team(user: Any, at: datetime) -> Mapping[str, Any]:
    """Return the latest clocks, and how many are late by team of whoever holds the lead, the most
    first; three statements."""
    late = stands(ClockState.BREACHED, at)
    rows = [shown(row, at) for row in listed_clocks(user).filter(late).order_by("due_at")[:MOST]]
    counts = open_counts(visible_clocks(user), at)
    teams = _by_team(user, late) if rows else []
    return {
        "rows": rows,
        "teams": teams,
        "late": counts[ClockState.BREACHED],
        "at_risk": counts[ClockState.AT_RISK],
    }


def _by_team(user: Any, late: Q) -> list[LateTeam]:
    """Return late clocks by the first team of their owner, else by their queue's."""
    first = (
        Membership.objects.filter(team__isnull=False).order_by("user", "pk").distinct("user")
    ).values_list("user", "team", "team__name")
    team_of = {person: (team, name) for person, team, name in first}
    found: dict[tuple[int | None, str], int] = {}
    rows = (
        visible_clocks(user)
        .filter(late)
        .order_by()
        .values_list("owner", "queue__team", "queue__team__name")
    )
    for owner, team, name, n in rows.annotate(n=Count("pk")):
        key = team_of.get(owner) or (team, name or "")
        found[key] = found.get(key, 0) + n
    teams = [LateTeam(team, name, n) for (team, name), n in found.items()]
    return sorted(teams, key=lambda one: (-one.late, one.name))
