"""Whose figures a person may see: his own, his teams' where he heads them, a manager all."""

from __future__ import annotations

from typing import Any

from accounts.models import Membership, User
from accounts.rules import Standing
from leads.rules import ranks_everybody


def ranked_people(user: Any, standing: Standing) -> set[int] | None:
    """Return the ids of the people whose single figures `user` may see; None means everybody's.

    At most one statement.
    """
    if ranks_everybody(standing):
        return None
    if not isinstance(user, User):
        return set()
    headed = standing.headed_team_ids
    if not headed:
        return {user.pk}
    members = Membership.objects.filter(team_id__in=headed).values_list("user_id", flat=True)
    return {user.pk, *members}
