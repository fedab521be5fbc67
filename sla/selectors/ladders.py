"""What the escalation pass reads: clocks at the next level of their ladder, ladders, teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Case, F, When

from accounts.models import Team
from sla.enums import Side
from sla.ladder import Holder, Level, Node
from sla.models import EscalationLevel
from sla.promises import Target

# What a level waits for: open, not set apart, its instant past, and not held just now.
TO_ESCALATE = """
    clock.outcome IS NULL AND clock.parked_at IS NULL AND clock.escalate_at < %(at)s
    AND (clock.paused_until IS NULL OR clock.paused_until <= %(at)s OR clock.paused_at > %(at)s)
"""
REACHED_SQL = f"""
    SELECT clock.id, clock.commitment_id, promise.side, promise.team_id, promise.warning_share,
        clock.started_at, clock.target, clock.target_days, clock.held, clock.calendar_id,
        (SELECT c.xmin::text || c.ctid::text FROM accounts_businesscalendar c
            WHERE c.id = clock.calendar_id),
        CASE WHEN person.is_active THEN person.id END,
        ARRAY(SELECT m.team_id FROM accounts_membership m
            WHERE m.user_id = clock.owner_id AND m.team_id IS NOT NULL ORDER BY m.id),
        queue.team_id,
        (SELECT max(level.share) FROM sla_escalationnotice note
            JOIN sla_escalationlevel level ON level.id = note.level_id
            WHERE note.clock_id = clock.id)
    FROM sla_clock clock
    JOIN sla_commitment promise ON promise.id = clock.commitment_id
    LEFT JOIN accounts_user person ON person.id = clock.owner_id
    LEFT JOIN leads_queue queue ON queue.id = clock.queue_id
    WHERE {TO_ESCALATE} AND (%(only)s::bigint IS NULL OR clock.id = %(only)s)
    ORDER BY clock.escalate_at, clock.id LIMIT %(most)s FOR UPDATE OF clock SKIP LOCKED
"""  # noqa: S608  # fixed text


@dataclass(frozen=True)
class WaitingClock:
    """A clock whose next level was reached; `told` is the highest share told of it so far."""

    pk: int
    commitment_id: int
    holder: Holder
    warning_share: Decimal
    started_at: datetime
    target: Target
    held: timedelta
    calendar_id: int
    calendar_stamp: str
    told: Decimal | None


def clocks_to_escalate(at: datetime, most: int, only: int | None = None) -> list[WaitingClock]:
    """Lock and return at most `most` clocks at their next level, those that others hold left out.

    One statement; the caller's transaction holds the rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(REACHED_SQL, {"at": at, "most": most, "only": only})
        return [
            WaitingClock(
                pk=pk,
                commitment_id=commitment,
                holder=Holder(
                    side=Side(side),
                    owner_id=owner,
                    owner_teams=tuple(owner_teams),
                    queue_team=queue_team,
                    promised_by=team,
                ),
                warning_share=warning,
                started_at=started_at,
                target=Target(target, days),
                held=held,
                calendar_id=calendar,
                calendar_stamp=stamp,
                told=told,
            )
            for (
                pk, commitment, side, team, warning, started_at, target, days, held, calendar,
                stamp, owner, owner_teams, queue_team, told,
            ) in cursor.fetchall()
        ]  # fmt: skip


def ladders_of(commitment_ids: Collection[int]) -> dict[int, list[Level]]:
    """Return the ladders of commitments, lowest level first; one statement."""
    found: dict[int, list[Level]] = defaultdict(list)
    rows = EscalationLevel.objects.filter(commitment__in=commitment_ids).order_by("share")
    for row in rows:
        found[row.commitment_id].append(
            Level(
                id=row.pk,
                share=row.share,
                tell_owner=row.tell_owner,
                tell_manager=row.tell_manager,
                tell_head=row.tell_head,
                reroute=row.reroute,
            )
        )
    return found


def team_tree() -> dict[int, Node]:
    """Return all teams with their heads, as far as these are active; one statement."""
    head = Case(When(head__is_active=True, then=F("head_id")))
    rows = Team.objects.annotate(active_head=head).values_list(
        "pk", "kind", "parent", "active_head"
    )
    return {
        pk: Node(id=pk, kind=kind, parent_id=parent, head_id=active_head)
        for pk, kind, parent, active_head in rows
    }
