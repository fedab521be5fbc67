"""The timed commitments in force, as the rules of clocks read them.

Read once per process and version: the stamp that comes with every question
(`sla.selectors.running`) says whether what is remembered still holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

from accounts.models import Team
from leads.enums import LifecycleStage
from sla.enums import TIMED, AgreementState, ClockScope, CommitmentKind, Side
from sla.models import Agreement, Commitment
from sla.promises import Band, Promise, Target

REMEMBERED = 8


@dataclass(frozen=True)
class Rulebook:
    """The promises of the version in force, and those of earlier versions whose clocks still run.

    New clocks start by `in_force`; every clock is judged by its own commitment.
    """

    in_force: tuple[Promise, ...] = ()
    by_id: Mapping[int, Promise] = field(default_factory=dict)


@lru_cache(maxsize=REMEMBERED)
def rulebook(stamp: str) -> Rulebook:
    """Return the rulebook as the stamp has it; four statements, then none while the stamp holds.

    An empty stamp means that no agreement has ever been in force.
    """
    if not stamp:
        return Rulebook()
    rows = list(
        Commitment.objects.filter(
            agreement__state__in=[AgreementState.IN_FORCE, AgreementState.SUPERSEDED]
        )
        .select_related("agreement")
        .prefetch_related("bands", "levels")
        .order_by("pk")
    )
    below = teams_below()
    promises = {row.pk: promise_of(row, below) for row in rows if row.is_timed}
    return Rulebook(
        in_force=tuple(
            promises[row.pk]
            for row in rows
            if row.is_timed and row.ended_at is None and row.agreement.in_force
        ),
        by_id=promises,
    )


def promises_in_force(agreement: Agreement) -> list[Promise]:
    """Return the timed promises by which `agreement` starts clocks; four statements."""
    rows = Commitment.objects.filter(agreement=agreement, ended_at__isnull=True, kind__in=TIMED)
    below = teams_below()
    loaded = rows.prefetch_related("bands", "levels").order_by("pk")
    return [promise_of(row, below) for row in loaded]


def promise_of(row: Commitment, below: Mapping[int, frozenset[int]]) -> Promise:
    """Return a timed commitment as the pure rules read it; bands and levels must be loaded."""
    return Promise(
        commitment_id=row.pk,
        kind=CommitmentKind(row.kind),
        side=Side(row.side),
        target=_target(row),
        team_ids=below[row.team_id] if row.team_id is not None else None,
        scope=ClockScope(row.clock_scope),
        stage=LifecycleStage(row.stage) if row.stage else None,
        attempts=row.attempts or 1,
        warning_share=row.warning_share,
        bands=tuple(
            Band(band.score_from, timedelta(minutes=band.target_minutes))
            for band in row.bands.all()
        ),
        shares=tuple(sorted(level.share for level in row.levels.all())),
        product_line_id=row.product_line_id,
        persona_id=row.persona_id,
        source_id=row.source_id,
        country=row.country,
        score_from=row.score_from,
        score_below=row.score_below,
        ended_at=row.ended_at,
    )


def _target(row: Commitment) -> Target:
    if row.target_minutes is not None:
        return Target(duration=timedelta(minutes=row.target_minutes))
    return Target(days=row.target_days)


def teams_below() -> dict[int, frozenset[int]]:
    """Return each team with all teams below it; teams are few."""
    parents = dict(Team.objects.values_list("pk", "parent"))
    found: dict[int, set[int]] = {pk: {pk} for pk in parents}
    for pk in parents:
        for above in _above(pk, parents):
            found[above].add(pk)
    return {pk: frozenset(ids) for pk, ids in found.items()}


def _above(pk: int, parents: Mapping[int, int | None]) -> Iterable[int]:
    parent = parents[pk]
    while parent is not None:
        yield parent
        parent = parents[parent]
