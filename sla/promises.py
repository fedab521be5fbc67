"""Timed commitments as the rules of clocks read them. Pure: no database, no now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from leads.enums import LifecycleStage
from sla.enums import ClockScope, CommitmentKind, Side


@dataclass(frozen=True)
class Target:
    """Business time from the start, or the end of the n-th business day."""

    duration: timedelta | None = None
    days: int | None = None


@dataclass(frozen=True)
class Band:
    """Another target for leads with at least this score."""

    score_from: int
    duration: timedelta


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a promise may ask of a lead: what it is about, and who holds it, in which teams."""

    product_line_id: int | None = None
    persona_id: int | None = None
    source_id: int | None = None
    country: str = ""
    score: int = 0
    team_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One timed commitment. `team_ids` is its team with all below; None: the whole side.

    `shares` are the levels of its ladder, ascending.
    """

    commitment_id: int
    kind: CommitmentKind
    side: Side
    target: Target
    team_ids: frozenset[int] | None = None
    scope: ClockScope = ClockScope.LEAD
    stage: LifecycleStage | None = None
    attempts: int = 1
    warning_share: Decimal = Decimal("0.75")
    bands: tuple[Band, ...] = ()
    shares: tuple[Decimal, ...] = ()
    product_line_id: int | None = None
    persona_id: int | None = None
    source_id: int | None = None
    country: str = ""
    score_from: int | None = None
    score_below: int | None = None
    ended_at: datetime | None = None

    def is_about(self, subject: Subject) -> bool:
        """Tell whether a lead lies in the scope; what is left empty does not narrow."""
        asked = (
            (self.product_line_id, subject.product_line_id),
            (self.persona_id, subject.persona_id),
            (self.source_id, subject.source_id),
            (self.country.casefold() or None, subject.country.casefold()),
        )
        if any(wanted is not None and wanted != had for wanted, had in asked):
            return False
        if self.team_ids is not None and not self.team_ids & subject.team_ids:
            return False
        return self._has_score(subject.score)

    def _has_score(self, score: int) -> bool:
        if self.score_from is not None and score < self.score_from:
            return False
        return self.score_below is None or score < self.score_below

    def target_for(self, score: int) -> Target:
        """Return the target for a lead of this score: of the highest band that it reaches."""
        reached = [band for band in self.bands if score >= band.score_from]
        if not reached:
            return self.target
        return Target(duration=max(reached, key=lambda band: band.score_from).duration)


def promises_of(promises: Collection[Promise], *kinds: CommitmentKind) -> list[Promise]:
    """Return the promises of `kinds`, in order."""
    return [promise for promise in promises if promise.kind in kinds]
