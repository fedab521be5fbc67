"""What our people do on leads: logged by sets, counted on the lead, taken back by whoever erred.

The counts on a lead (`attempts`, `first_attempt_at`, `last_activity_at`) are always those of its
activities, however late, early or withdrawn these are; attempts that were made before the lead was
brought in are added. They are no decision, so they leave the
lead's `version` alone: somebody who logs a call stands in nobody's way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import TextField, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rules import standing
from leads.enums import ActivityKind, Direction
from leads.folding import words
from leads.models import Activity, Lead
from leads.rules import decides_on_leads
from leads.signals import activities_logged, activities_withdrawn
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

LONGEST_TEXT = 10_000
EARLIEST = datetime.fromisoformat("1990-01-01T00:00:00+00:00")
REACHING = frozenset({ActivityKind.CALL, ActivityKind.MEETING})

COUNT_SQL = """
    UPDATE leads_lead AS lead SET
        attempts = counted.attempts + lead.attempts_brought,
        first_attempt_at = counted.first_attempt_at,
        last_activity_at = counted.last_activity_at
    FROM (
        SELECT asked.id,
            count(a.id) FILTER (WHERE a.is_attempt) AS attempts,
            min(a.occurred_at) FILTER (WHERE a.is_attempt) AS first_attempt_at,
            max(a.occurred_at) AS last_activity_at
        FROM unnest(%s::bigint[]) AS asked(id)
        LEFT JOIN LATERAL (
            SELECT id, occurred_at,
                direction = 'OUTBOUND' AND kind <> 'NOTE' AND NOT is_automatic AS is_attempt
            FROM leads_activity WHERE lead_id = asked.id AND deleted_at IS NULL
        ) AS a ON true
        GROUP BY asked.id
    ) AS counted
    WHERE lead.id = counted.id
    RETURNING lead.id, lead.attempts, lead.first_attempt_at, lead.last_activity_at
"""


@dataclass(frozen=True, kw_only=True)
class NewActivity:
    """One action to be logged; without `occurred_at` it happened now.

    `connected` tells of a call or a meeting whether the person was reached; None: not said.
    """

    lead_id: int
    kind: ActivityKind
    direction: Direction = Direction.OUTBOUND
    connected: bool | None = None
    text: str = ""
    occurred_at: datetime | None = None
    is_automatic: bool = False


def log_activities(
    new: Sequence[NewActivity], *, actor: User | None, at: datetime
) -> list[Activity]:
    """Log `new` in order, all or none; send one `activities_logged` inside the transaction.

    An action may be told late, never ahead of `at`. Raises BadInput for values that say nothing,
    NotFound for a lead that is not there, NotAllowed when the actor does not work on leads; the
    number of statements does not grow with the list.
    """
    _check_right(actor)
    rows = [_row(one, actor, at) for one in new]
    if not rows:
        return []
    with transaction.atomic():
        leads = _lock([one.lead_id for one in new])
        for row in rows:
            if row.lead_id not in leads:
                raise NotFound(_("There is no such lead."))
            row.lead = leads[row.lead_id]
        Activity.objects.bulk_create(rows, batch_size=1_000)
        _count(leads)
        activities_logged.send(sender=Activity, activities=rows, at=at)
    return rows


def withdraw_activity(activity_id: int, *, actor: User, at: datetime) -> Activity:
    """Take back an own entry on the day it was logged (the organisation's day).

    Doing so again changes nothing. Raises NotAllowed for another's entry, Refused after the day.
    """
    with transaction.atomic():
        activity = (
            Activity.objects.select_for_update(of=("self",))
            .select_related("lead")
            .filter(pk=activity_id)
            .first()
        )
        if activity is None:
            raise NotFound(_("There is no such entry."))
        if activity.actor_id != actor.pk:
            raise NotAllowed(_("Only the person who logged an entry can take it back."))
        if activity.deleted_at is not None:
            return activity
        zone = ZoneInfo(Organisation.objects.values_list("zone", flat=True).first() or "UTC")
        if not same_day(activity.logged_at, at, zone):
            message = _("An entry can be taken back on the day it was logged.")
            raise Refused(message, code="too_late")
        leads = _lock([activity.lead_id])
        activity.deleted_at = at
        activity.save(update_fields=["deleted_at"])
        _count(leads)
        activity.lead = leads[activity.lead_id]
        activities_withdrawn.send(sender=Activity, activities=[activity], at=at)
    return activity


def same_day(logged_at: datetime, at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether both instants lie in one day of `zone`."""
    return logged_at.astimezone(zone).date() == at.astimezone(zone).date()


def search_words(text: str) -> SearchVector:
    """Return the folded words of a note, as PostgreSQL is to store them."""
    return SearchVector(Value(" ".join(words(text)), output_field=TextField()), config="simple")


def _check_right(actor: User | None) -> None:
    if actor is not None and not decides_on_leads(standing(actor)):
        raise NotAllowed(_("Working on leads is for Marketing and Sales."))


def _row(one: NewActivity, actor: User | None, at: datetime) -> Activity:
    text, occurred_at = one.text.strip(), one.occurred_at or at
    wrong: dict[str, list[object]] = {}
    if one.kind is ActivityKind.NOTE and not text:
        wrong["text"] = [_("Write the note.")]
    if len(text) > LONGEST_TEXT or "\x00" in text:
        wrong["text"] = [_("Keep it under 10 000 characters.")]
    if occurred_at > at:
        wrong["occurred_at"] = [_("This has not happened yet: plan it as a next step.")]
    if occurred_at < EARLIEST:
        wrong["occurred_at"] = [_("This lies too far back.")]
    if wrong:
        raise BadInput(_("This cannot be logged."), fields=wrong)
    return Activity(
        lead_id=one.lead_id,
        actor=actor,
        kind=one.kind,
        direction=one.direction,
        connected=one.connected if one.kind in REACHING else None,
        is_automatic=one.is_automatic,
        text=text,
        occurred_at=occurred_at,
        logged_at=at,
        search=search_words(text) if text else None,
    )


def _lock(lead_ids: Sequence[int]) -> dict[int, Lead]:
    """Lock the leads in id order, so that two lists never wait for each other."""
    rows = (
        Lead.objects.select_for_update(of=("self",))
        .select_related("contact", "owner")
        .defer("contact__search", "owner__password")
        .filter(pk__in=set(lead_ids))
        .order_by("pk")
    )
    return {lead.pk: lead for lead in rows}


def _count(leads: dict[int, Lead]) -> None:
    """Write on each lead what its activities say, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SQL, [list(leads)])
        for pk, attempts, first_attempt_at, last_activity_at in cursor.fetchall():
            lead = leads[pk]
            lead.attempts = attempts
            lead.first_attempt_at = first_attempt_at
            lead.last_activity_at = last_activity_at
