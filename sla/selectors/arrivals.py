"""When an MQL arriving now would be due, by the promises in force that count in one calendar."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts.business_time import BusinessTime, BusinessTimeError
from accounts.models import Organisation, Team, User
from leads.enums import LifecycleStage
from sla.clock_rules import start_of
from sla.deadlines import due_of
from sla.enums import AgreementState, Side
from sla.models import Agreement, Commitment
from sla.promises import Promise, Target
from sla.selectors.rulebook import promises_in_force


@dataclass(frozen=True)
class Arrival:
    """One promise, for leads from a score on where its bands give them another target."""

    commitment: Commitment
    score_from: int | None
    due_at: datetime | None


def arrivals(calendar_id: int | None, wanted: BusinessTime, *, at: datetime) -> list[Arrival]:
    """Return by when each promise about a new MQL would have to be kept, counted by `wanted`.

    Only promises that somebody keeps who works by the calendar; for one that is not stored yet,
    all of them. At most eight statements; nothing without an agreement in force.
    """
    agreement = Agreement.objects.filter(state=AgreementState.IN_FORCE).first()
    if agreement is None:
        return []
    promises = [
        promise
        for promise in promises_in_force(agreement)
        if start_of(promise) is LifecycleStage.MQL
    ]
    if calendar_id is not None:
        working = _Working(calendar_id)
        promises = [promise for promise in promises if working.keeps(promise)]
    rows = Commitment.objects.in_bulk([promise.commitment_id for promise in promises])
    return [
        Arrival(rows[promise.commitment_id], score, _due(wanted, at, target))
        for promise in promises
        for score, target in _targets(promise)
    ]


def _targets(promise: Promise) -> list[tuple[int | None, Target]]:
    bands = sorted(promise.bands, key=lambda band: -band.score_from)
    return [
        *((band.score_from, Target(duration=band.duration)) for band in bands),
        (None, promise.target),
    ]


def _due(wanted: BusinessTime, at: datetime, target: Target) -> datetime | None:
    try:
        return due_of(wanted, at, target)
    except BusinessTimeError:  # it closes for good before that
        return None


class _Working:
    """Which teams have members or queues whose time a calendar counts."""

    def __init__(self, calendar_id: int) -> None:
        self.calendar_id = calendar_id
        self.teams = list(Team.objects.all())
        self.house = Organisation.objects.values_list("calendar", flat=True).first()
        own = User.objects.active().filter(calendar=calendar_id, memberships__team__isnull=False)
        of_people = set(own.values_list("memberships__team", flat=True))
        roots = {
            team.kind: team.calendar_id or self.house
            for team in self.teams
            if team.parent_id is None
        }
        self.of_team = {
            team.pk
            for team in self.teams
            if team.pk in of_people
            or (team.calendar_id or roots.get(team.kind, self.house)) == calendar_id
        }

    def keeps(self, promise: Promise) -> bool:
        """Tell whether a clock of `promise` may count in the calendar."""
        teams = set(self._teams(promise))
        return bool(self.of_team & teams) if teams else self.house == self.calendar_id

    def _teams(self, promise: Promise) -> Collection[int]:
        if promise.team_ids is not None:
            return promise.team_ids
        both = promise.side is Side.BOTH
        return [team.pk for team in self.teams if both or team.kind == promise.side]
