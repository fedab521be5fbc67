"""Many leads that go the same way: the way is worked out once. Pure: no ORM, no now.

For history told by the thousand. What one step does to one lead is said in `leads.services.checks`
and `leads.services.applying`; a test holds both to the same rows and the same refusals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from leads import moving
from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import RANK, Position, is_allowed, passed_stages, position

Shape = tuple[LifecycleStage | None, Disposition]
REFUSALS = {
    "closed": moving.ALREADY_CLOSED,
    "already_there": moving.ALREADY_MOVED,
    "not_in_table": moving.NOT_IN_TABLE,
}


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of a way: where it leads, the transitions that tell it, or why it is not allowed.

    `rows` are (from stage, from disposition, to stage, to disposition, inferred). `enters` is the
    stage that the lead is in afterwards, if that is another one; `closes` whether the row ends.
    """

    here: Position | None
    there: Position
    rows: tuple[tuple[str | None, str | None, str, str, bool], ...] = ()
    enters: LifecycleStage | None = None
    closes: bool = False
    refusal: str = ""


@lru_cache(maxsize=4_096)
def way_of(start: Position | None, shapes: tuple[Shape, ...]) -> tuple[Leg, ...]:
    """Return the legs of `shapes` from `start` (None: the row begins), up to one not allowed."""
    legs: list[Leg] = []
    here = start
    for stage, disposition in shapes:
        leg = _leg(here, stage, disposition)
        legs.append(leg)
        if leg.refusal:
            break
        here = leg.there
    return tuple(legs)


def _leg(here: Position | None, stage: LifecycleStage | None, disposition: Disposition) -> Leg:
    there = position(stage or _stage(here), disposition)
    refusal = _refusal(here, there) if here is not None else ""
    if refusal:
        return Leg(here, there, refusal=refusal)
    passed = passed_stages(here.stage if here else None, there.stage)
    stops = [position(one) for one in passed]
    pairs = zip([here, *stops], [*stops, there], strict=True)
    rows = [_row(one, other, inferred=other is not there) for one, other in pairs]
    enters = there.stage if here is None or here.stage is not there.stage else None
    return Leg(here, there, tuple(rows), enters, not there.is_open)


def _stage(here: Position | None) -> LifecycleStage:
    if here is None:
        raise ValueError("a row begins with a stage")
    return here.stage


def _row(
    start: Position | None, stop: Position, *, inferred: bool
) -> tuple[str | None, str | None, str, str, bool]:
    return (
        start.stage.value if start else None,
        start.disposition.value if start else None,
        stop.stage.value,
        stop.disposition.value,
        inferred,
    )


def _refusal(here: Position, there: Position) -> str:
    if not here.is_open:
        return "closed"
    if here == there:
        return "already_there"
    return "" if is_allowed(here, there) else "not_in_table"


def labels(here: Position | None, there: Position) -> dict[str, Any]:
    """Return the names of both ends for a refusal: a close is called by its disposition."""
    closed = there.disposition not in (Disposition.OPEN, Disposition.WON)
    return {
        "stage": here.stage.label if here else "",
        "target": there.disposition.label if closed else there.stage.label,
    }


@dataclass(frozen=True, slots=True)
class Stumble:
    """The step of a way that may not be made, and why."""

    step: int
    code: str
    message: Any


def stumble(
    way: Sequence[Leg],
    instants: Sequence[datetime | None],
    *,
    since: datetime | None,
    at: datetime,
) -> Stumble | None:
    """Return which step may not be made, None when all may.

    `since` is the last known instant of the lead's life; `at` is now. An unknown instant never
    contradicts.
    """
    for n, leg in enumerate(way):
        if leg.refusal:
            return _not_allowed(n, leg)
        instant = instants[n]
        if instant is None:
            continue
        if instant > at or (since is not None and instant < since):
            return _untimely(n, leg, instant, since, at)
        if leg.enters is not None:
            since = instant
    return None


def _not_allowed(n: int, leg: Leg) -> Stumble:
    names = {**labels(leg.here, leg.there), "who": "%(who)s"}
    names["disposition"] = leg.here.disposition.label if leg.here else ""
    return Stumble(n, leg.refusal, REFUSALS[leg.refusal] % names)


def _untimely(n: int, leg: Leg, instant: datetime, since: datetime | None, at: datetime) -> Stumble:
    names = {**labels(leg.here, leg.there), "when": f"{instant:%Y-%m-%d}"}
    if instant > at:
        return Stumble(n, "in_the_future", moving.IN_THE_FUTURE % names)
    return Stumble(n, "out_of_order", moving.OUT_OF_ORDER % {**names, "since": f"{since:%Y-%m-%d}"})


def is_beyond(here: Position, shape: Shape) -> bool:
    """Tell whether a known lead has not gone this step yet: a later stage, or a close."""
    stage, disposition = shape
    if stage is None:
        return disposition is not here.disposition
    return RANK[stage] > RANK[here.stage]
