"""History told by the thousand: leads that began or went on long ago. Part of the gate.

The same rules and the same rows as `leads.services.moves`, without an object a row: the way of a
lead is worked out once for all that go it (`leads.travelling`), and every table is written by one
statement. Only what is told afterwards enters here: no role or criteria are asked beyond the right
to bring in history, nobody is assigned, nothing is proposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, overload

from django.db import connection

from accounts.models import User
from accounts.rules import standing
from leads.enums import Cause, LifecycleStage
from leads.lifecycle import RANK, Position, stage_at_field
from leads.models import Lead, StageTransition
from leads.moving import NO_HISTORY_RIGHT
from leads.rules import imports_history
from leads.services.copying import NULL, Copier, or_null, quoted, stamp
from leads.signals import stages_changed
from leads.travelling import Leg

AT_COLUMNS = [stage_at_field(stage) for stage in LifecycleStage]
LEADS = Copier(
    Lead, "id", "contact_id", "product_line_id", "source_id", "campaign_id", "owner_id",
    "persona_id", "returning", "score", "created_at", "stage", "disposition", *AT_COLUMNS,
    "stage_at", "closed_at", "queue_id", "attempts", "attempts_brought", "attributes",
    "competitor_id", "sql_type_id",
)  # fmt: skip
TRANSITIONS = Copier(
    StageTransition, "lead_id", "from_stage", "from_disposition", "to_stage", "to_disposition",
    "inferred", "reason", "effective_at", "cause", "actor_id", "recorded_at",
)  # fmt: skip
GO_ON_SQL = f"""
    UPDATE leads_lead AS old SET stage = new.stage, disposition = new.disposition,
        {", ".join(f"{name} = COALESCE(new.{name}, old.{name})" for name in AT_COLUMNS[1:])},
        stage_at = CASE WHEN new.entered THEN new.stage_at ELSE old.stage_at END,
        closed_at = new.closed_at, returned_at = NULL, version = old.version + 1
    FROM unnest(%s::bigint[], %s::text[], %s::text[], {"%s::timestamptz[], " * 5}
        %s::timestamptz[], %s::timestamptz[], %s::boolean[])
        AS new(id, stage, disposition, {", ".join(AT_COLUMNS[1:])}, stage_at, closed_at, entered)
    WHERE old.id = new.id
"""  # noqa: S608  # fixed names
FIRST_MQL_SQL = """
    UPDATE leads_contact AS old SET first_mql_at = LEAST(old.first_mql_at, new.at)
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS new(id, at)
    WHERE old.id = new.id AND (old.first_mql_at IS NULL OR old.first_mql_at > new.at)
"""


@dataclass(slots=True)
class Travel:
    """A lead and the way that it has gone: one that begins, or a known one that went on.

    `instants` and `reasons` go with the legs. What a known lead says beside its id is not written.
    `attempts` were made before; `attributes` are JSON as COPY reads it.
    """

    way: tuple[Leg, ...]
    instants: Sequence[datetime | None]
    reasons: Sequence[str]
    lead_id: int = 0
    contact_id: int = 0
    product_line_id: int | None = None
    source_id: int | None = None
    campaign_id: int | None = None
    owner_id: int | None = None
    persona_id: int | None = None
    returning: bool = False
    score: int = 0
    contact_is_new: bool = False
    queue_id: int | None = None
    attempts: int = 0
    attributes: str = "{}"
    competitor_id: int | None = None
    sql_type_id: int | None = None

    @property
    def end(self) -> Position:
        """Where the lead stands now."""
        return self.way[-1].there

    def entered_at(self, stage: LifecycleStage) -> datetime | None:
        """Return when the lead entered `stage` on this way, as far as known."""
        for leg, instant in zip(self.way, self.instants, strict=True):
            if leg.enters is stage:
                return instant
        return None

    @property
    def closed_at(self) -> datetime | None:
        """When the row ended."""
        return self.instants[-1] if self.way[-1].closes else None

    @property
    def stage_at(self) -> tuple[bool, datetime | None]:
        """Whether the lead entered a stage on this way, and when it did the last one."""
        for leg, instant in zip(reversed(self.way), reversed(self.instants), strict=True):
            if leg.enters is not None:
                return True, instant
        return False, None


def refuse_history(actor: User | None) -> tuple[str, Any] | None:
    """Return why `actor` may not bring in history; None is the operator of the machine."""
    if actor is None or imports_history(standing(actor)):
        return None
    return "no_history_right", NO_HISTORY_RIGHT


def write_history(
    begun: Sequence[Travel],
    gone_on: Sequence[Travel],
    *,
    cause: Cause,
    actor: User | None,
    at: datetime,
) -> None:
    """Write leads that began, those that went on, and the history of both; tell the world.

    Ways and instants were looked at by `leads.travelling.stumble`; contacts, and leads that went
    on, are locked by the caller, who also wrote the first MQL of contacts that are new with
    `entered_at`. At most five statements.
    """
    # Rows that stand beside each other in an index enter it one after the other: a quarter quicker.
    begun = sorted(begun, key=lambda one: stamp(one.instants[0]))
    LEADS.write([_lead_line(one, at) for one in begun])
    _go_on(gone_on)
    tail = (cause.value, or_null(actor.pk if actor else None), stamp(at))
    travels = (*begun, *gone_on)
    TRANSITIONS.write([line for one in travels for line in _transition_lines(one, tail)])
    _keep_first_mql([one for one in travels if not one.contact_is_new])
    if travels:
        told: Any = HistoryTold([one.lead_id for one in travels], at)
        stages_changed.send(sender=Lead, transitions=told, history=True, at=at, action=None)


def _lead_line(one: Travel, at: datetime) -> str:
    """The row as its steps leave it; when it began is when its first step took effect."""
    entered = [NULL] * len(AT_COLUMNS)
    stage_at = NULL
    for leg, instant in zip(one.way, one.instants, strict=True):
        if leg.enters is not None:
            stage_at = stamp(instant)
            entered[RANK[leg.enters]] = stage_at
    entered[0] = stamp(one.instants[0])
    end = one.way[-1]
    return LEADS.line % (
        one.lead_id,
        one.contact_id,
        or_null(one.product_line_id),
        or_null(one.source_id),
        or_null(one.campaign_id),
        or_null(one.owner_id),
        or_null(one.persona_id),
        "t" if one.returning else "f",
        one.score,
        stamp(at),
        end.there.stage.value,
        end.there.disposition.value,
        *entered,
        stage_at,
        stamp(one.instants[-1]) if end.closes else NULL,
        or_null(one.queue_id),
        one.attempts,
        one.attempts,
        one.attributes,
        or_null(one.competitor_id),
        or_null(one.sql_type_id),
    )


def _transition_lines(one: Travel, tail: tuple[object, ...]) -> Iterator[str]:
    for leg, instant, reason in zip(one.way, one.instants, one.reasons, strict=True):
        when, why = stamp(instant), quoted(reason)
        for start, start_end, stop, stop_end, inferred in leg.rows:
            yield TRANSITIONS.line % (
                one.lead_id,
                or_null(start),
                or_null(start_end),
                stop,
                stop_end,
                "t" if inferred else "f",
                why,
                when,
                *tail,
            )


def _go_on(travels: Sequence[Travel]) -> None:
    if not travels:
        return
    entered = [one.stage_at for one in travels]
    columns: list[list[Any]] = [
        [one.lead_id for one in travels],
        [one.end.stage.value for one in travels],
        [one.end.disposition.value for one in travels],
        *([one.entered_at(stage) for one in travels] for stage in list(LifecycleStage)[1:]),
        [instant for _has, instant in entered],
        [one.closed_at for one in travels],
        [has for has, _instant in entered],
    ]
    with connection.cursor() as cursor:
        cursor.execute(GO_ON_SQL, columns)


def _keep_first_mql(travels: Sequence[Travel]) -> None:
    firsts: dict[int, datetime] = {}
    for one in travels:
        instant = one.entered_at(LifecycleStage.MQL)
        if instant is not None:
            firsts[one.contact_id] = min(firsts.get(one.contact_id, instant), instant)
    if firsts:
        with connection.cursor() as cursor:
            cursor.execute(FIRST_MQL_SQL, [list(firsts), list(firsts.values())])


class HistoryTold(Sequence[StageTransition]):
    """The transitions just written, read only if somebody looks: few care for what is long past."""

    def __init__(self, lead_ids: Sequence[int], at: datetime) -> None:
        self._lead_ids, self._at = lead_ids, at

    @cached_property
    def _rows(self) -> list[StageTransition]:
        rows = StageTransition.objects.filter(lead_id__in=self._lead_ids, recorded_at=self._at)
        return list(rows.select_related("lead").order_by("id"))

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> StageTransition: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[StageTransition]: ...
    def __getitem__(self, index: int | slice) -> StageTransition | Sequence[StageTransition]:
        return self._rows[index]
