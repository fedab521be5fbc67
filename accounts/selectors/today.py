"""What administrators and heads find on Today: the installation, its people, who is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts.enums import TeamKind
from accounts.models import Membership, Team, User
from accounts.selectors.deliveries import failed_deliveries
from accounts.selectors.people import managed_absences
from jobs import health

WEEK = timedelta(days=7)
MOST = 6


def installation(user: Any, at: datetime) -> Mapping[str, Any]:
    """Return the installation's state, its parts and the mails given up within a week."""
    found = health.check(at=at)
    return {
        "status": found.status,
        "troubled": [part.name for part in found.parts if part.status != "ok"],
        "failed_mails": len(failed_deliveries(since=at - WEEK)),
    }


def waiting_invitations(user: Any, at: datetime) -> Mapping[str, Any]:
    """Return the people who have not accepted yet, the longest waiting first; one statement."""
    waiting = User.objects.active().filter(joined_at__isnull=True)
    return {"people": list(waiting.order_by("invited_at", "id")[:MOST])}


def gaps(user: Any, at: datetime) -> Mapping[str, Any]:
    """Return what is still to be set up: sides without a root team, teams without a head (roots
    first), people who have come but hold no role; three statements."""
    there = set(Team.objects.filter(parent=None).values_list("kind", flat=True))
    headless = Team.objects.filter(head=None).order_by(F("parent_id").asc(nulls_first=True), "name")
    held = Membership.objects.filter(user=OuterRef("pk"))
    here = User.objects.active().filter(~Exists(held), joined_at__isnull=False)
    found = {
        "sides_missing": [k for k in (TeamKind.MARKETING, TeamKind.SALES) if k not in there],
        "headless": list(headless[:MOST]),
        "roleless": list(here.order_by("name", "id")[:MOST]),
    }
    return {**found, "found": any(found.values())}


def away(user: Any, at: datetime) -> Mapping[str, Any]:
    """Return who of the people that `user` manages is away within a week; one statement."""
    today = timezone.localtime(at).date()
    soon = managed_absences(user).filter(last_on__gte=today, first_on__lte=today + WEEK)
    return {"today": today, "absences": list(soon.order_by("first_on", "id")[:MOST])}
