"""How the clocks of leads stand, and all that starting or stopping one needs: one statement."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

# One row a clock, or one with empty clock columns for a lead without any. The stamps tell whether
# what a process remembers of commitments and calendars still holds: a row of PostgreSQL that was
# written anew lies elsewhere or belongs to another transaction.
STANDING_SQL = """
    WITH house AS (
        SELECT
            COALESCE((
                SELECT string_agg(a.id || a.state, ',' ORDER BY a.id) FROM sla_agreement a
                WHERE a.state IN ('IN_FORCE', 'SUPERSEDED')
            ) || COALESCE((SELECT max(ended_at)::text FROM sla_commitment), '') || (
                SELECT string_agg(t.id || ':' || COALESCE(t.parent_id, 0), ',' ORDER BY t.id)
                FROM accounts_team t
            ), '') AS rulebook,
            (SELECT jsonb_object_agg(c.id, c.xmin::text || c.ctid::text)
                FROM accounts_businesscalendar c) AS calendars,
            (SELECT calendar_id FROM accounts_organisation) AS house_calendar,
            (SELECT jsonb_object_agg(t.kind, t.calendar_id) FROM accounts_team t
                WHERE t.parent_id IS NULL AND t.kind <> 'OTHER' AND t.calendar_id IS NOT NULL
            ) AS side_calendars
    )
    SELECT house.rulebook, house.calendars, house.house_calendar, house.side_calendars,
        lead.id, lead.next_due_at, lead.next_risk_at,
        COALESCE(person.calendar_id, (
            SELECT t.calendar_id FROM accounts_membership m JOIN accounts_team t ON t.id = m.team_id
            WHERE m.user_id = lead.owner_id AND t.calendar_id IS NOT NULL ORDER BY m.id LIMIT 1
        )),
        queue_team.calendar_id,
        ARRAY(SELECT m.team_id FROM accounts_membership m
            WHERE m.user_id = lead.owner_id AND m.team_id IS NOT NULL),
        queue.team_id,
        clock.id, clock.commitment_id, clock.owner_id, clock.queue_id, clock.calendar_id,
        clock.started_at, clock.due_at, clock.risk_at, clock.paused_at, clock.paused_until,
        clock.breached_at, clock.target
    FROM house, unnest(%s::bigint[]) AS asked(id)
    JOIN leads_lead lead ON lead.id = asked.id
    LEFT JOIN accounts_user person ON person.id = lead.owner_id
    LEFT JOIN leads_queue queue ON queue.id = lead.queue_id
    LEFT JOIN accounts_team queue_team ON queue_team.id = queue.team_id
    LEFT JOIN sla_clock clock ON clock.lead_id = lead.id AND clock.outcome IS NULL
    ORDER BY lead.id, clock.id
"""


@dataclass
class OpenClock:
    """An open clock as it stands in the database."""

    pk: int
    commitment_id: int
    owner_id: int | None
    queue_id: int | None
    calendar_id: int
    started_at: datetime
    due_at: datetime
    risk_at: datetime
    paused_at: datetime | None
    paused_until: datetime | None
    breached_at: datetime | None
    target: timedelta | None

    @property
    def promised(self) -> timedelta:
        """Business time promised; told in days, the whole time from start to due."""
        return self.due_at - self.started_at if self.target is None else self.target


@dataclass
class LeadStanding:
    """One lead: its open clocks, whose working time counts, and in which teams it lies."""

    lead_id: int
    next_due_at: datetime | None
    next_risk_at: datetime | None
    owner_calendar: int | None
    queue_calendar: int | None
    team_ids: frozenset[int]
    clocks: list[OpenClock] = field(default_factory=list)


@dataclass
class RunningClocks:
    """What was read: the leads asked for, and the stamps of what is remembered elsewhere."""

    rulebook_stamp: str = ""
    calendar_stamps: dict[int, str] = field(default_factory=dict)
    house_calendar: int = 0
    side_calendars: dict[str, int] = field(default_factory=dict)
    leads: dict[int, LeadStanding] = field(default_factory=dict)


def running_clocks(lead_ids: Collection[int]) -> RunningClocks:
    """Return how the clocks of these leads stand now; one statement, however many there are."""
    found = RunningClocks()
    with connection.cursor() as cursor:
        cursor.execute(STANDING_SQL, [sorted(set(lead_ids))])
        for row in cursor.fetchall():
            _read(found, row)
    return found


def _read(found: RunningClocks, row: tuple[Any, ...]) -> None:
    stamp, calendars, house_calendar, sides, lead_id = row[:5]
    if not found.leads:
        found.rulebook_stamp = stamp
        found.calendar_stamps = {int(pk): mark for pk, mark in (_json(calendars) or {}).items()}
        found.house_calendar = house_calendar or 0
        found.side_calendars = _json(sides) or {}
    lead = found.leads.get(lead_id)
    if lead is None:
        teams = frozenset(row[9]) | ({row[10]} if row[10] is not None else frozenset())
        lead = LeadStanding(lead_id, row[5], row[6], row[7], row[8], frozenset(teams))
        found.leads[lead_id] = lead
    if row[11] is not None:
        lead.clocks.append(OpenClock(*row[11:]))


def _json(value: Any) -> Any:
    """Raw cursors hand JSON over as text or as values, as the connection was set up."""
    return json.loads(value) if isinstance(value, str) else value
