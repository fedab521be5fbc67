"""What the ladder has to tell becomes notices: in working hours, a few alone, many as one digest.

The rows of the escalation pass wait until their recipient is at work. Of one clock only the highest
level is told; more than three clocks at once are one digest. One teller works at a time and only
when the pass has caught up, so that a backlog is one digest a person and not one a batch.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError, connection, transaction
from django.urls import reverse
from django.utils.translation import override

from accounts.business_time import BusinessTime, BusinessTimeError
from accounts.enums import Telling as When
from accounts.models import User
from accounts.selectors.calendars import business_times_of_people
from accounts.services.notices import Telling, notify_each
from leads.models import Lead
from sla.enums import CommitmentKind
from sla.selectors.ladders import TO_ESCALATE
from sla.services.chatting import post_to_chat

DUE_SOON, LATE, DIGEST = "clock_due_soon", "clock_late", "clocks_digest"
MOST_ALONE = 3
ONE_TELLER = 0x74656C6C  # a name of ours among advisory locks

log = structlog.get_logger(__name__)

LOCK_SQL = "SELECT pg_try_advisory_xact_lock(%s)"
WHO_SQL = f"""
    SELECT DISTINCT note.recipient_id, person.telling FROM sla_escalationnotice note
    JOIN sla_clock open ON open.id = note.clock_id AND open.outcome IS NULL
    JOIN accounts_user person ON person.id = note.recipient_id AND person.is_active
    WHERE note.sent_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM sla_clock clock WHERE {TO_ESCALATE})
"""  # noqa: S608  # fixed text
TELL_SQL = """
    WITH told AS (
        UPDATE sla_escalationnotice AS note SET sent_at = %(at)s
        FROM sla_clock clock, unnest(%(people)s::bigint[], %(until)s::timestamptz[])
            AS listener(id, until)
        WHERE clock.id = note.clock_id AND clock.outcome IS NULL AND note.sent_at IS NULL
            AND note.recipient_id = listener.id AND note.reached_at < listener.until
        RETURNING note.recipient_id, note.clock_id, note.level_id
    ), highest AS (
        SELECT DISTINCT ON (told.recipient_id, told.clock_id) told.*, level.share
        FROM told JOIN sla_escalationlevel level ON level.id = told.level_id
        ORDER BY told.recipient_id, told.clock_id, level.share DESC
    ), ranked AS (
        SELECT highest.*, clock.lead_id, promise.kind,
            row_number() OVER (
                PARTITION BY recipient_id ORDER BY clock.due_at, clock.id
            ) AS place,
            count(*) OVER (PARTITION BY recipient_id) AS total,
            count(*) FILTER (WHERE clock.due_at < %(at)s) OVER (PARTITION BY recipient_id) AS late
        FROM highest JOIN sla_clock clock ON clock.id = highest.clock_id
        JOIN sla_commitment promise ON promise.id = clock.commitment_id
    )
    SELECT recipient_id, clock_id, level_id, share, lead_id, kind, total, late
    FROM ranked WHERE place <= %(most)s ORDER BY recipient_id, place
"""


@dataclass(frozen=True)
class Told:
    """One clock that a recipient hears of; `total` and `late` count all that he hears of now."""

    recipient_id: int
    clock_id: int
    level_id: int
    share: Decimal
    lead_id: int
    kind: str
    total: int
    late: int

    @property
    def is_alone(self) -> bool:
        """Tell whether the clock has a notice of its own."""
        return self.total <= MOST_ALONE


def tell(*, at: datetime) -> int:
    """Write the notices for everybody who is at work at `at`; return how many people are told.

    Who wants to hear of it once a day is told of what was reached before his day began, together.

    Nothing happens while another teller works or levels wait for the pass. Run twice, in parallel
    or after a crash, each level reaches a person once. At most 26 statements, however many rows.
    Who cannot be told waits, alone, until he can: the others are told.
    """
    try:
        with transaction.atomic():
            if not _is_only_teller():
                return 0
            count = _tell(_who_waits(at), at)
            if count:
                post_to_chat(at=at)
            return count
    except OperationalError:  # the database is away or stopped us: the next tick tries again
        raise
    except (DatabaseError, BusinessTimeError) as error:
        log.warning("telling_failed", error=str(error))
        return _tell_one_by_one(at)


def _is_only_teller() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SQL, [ONE_TELLER])
        return bool(cursor.fetchone()[0])


def _who_waits(at: datetime) -> dict[int, str]:
    """Return who has something to hear, and when he wants to; nobody while levels wait."""
    with connection.cursor() as cursor:
        cursor.execute(WHO_SQL, {"at": at})
        return dict(cursor.fetchall())


def _tell_one_by_one(at: datetime) -> int:
    """Find whom the failure is about; it happens as often as rows are broken, so never."""
    with transaction.atomic():
        if not _is_only_teller():
            return 0
        people = _who_waits(at)
        count = sum(_tell_alone(pk, telling, at) for pk, telling in sorted(people.items()))
        try:
            with transaction.atomic():
                post_to_chat(at=at)
        except OperationalError:
            raise
        except DatabaseError as error:
            log.error("chat_not_told", error=str(error))
        return count


def _tell_alone(pk: int, telling: str, at: datetime) -> int:
    try:
        with transaction.atomic():
            return _tell({pk: telling}, at)
    except OperationalError:
        raise
    except (DatabaseError, BusinessTimeError) as error:
        log.error("person_not_told", person=pk, error=str(error))
        return 0


def _tell(people: Mapping[int, str], at: datetime) -> int:
    listeners = _at_work(people, at)
    if not listeners:
        return 0
    values: dict[str, Any] = {
        "at": at,
        "people": [one.pk for one in listeners],
        "until": [one.until for one in listeners],
        "most": MOST_ALONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL_SQL, values)
        told = [Told(*row) for row in cursor.fetchall()]
    return _write(told, {one.pk for one in listeners if one.is_daily}, at)


@dataclass(frozen=True)
class Listener:
    """Somebody at work, who hears of what was reached before `until`."""

    pk: int
    until: datetime
    is_daily: bool


def _at_work(people: Mapping[int, str], at: datetime) -> list[Listener]:
    if not people:
        return []
    calendars = business_times_of_people(people)
    return [
        _listener(pk, calendar, When(people[pk]), at)
        for pk, calendar in sorted(calendars.items())
        if calendar.is_open(at)
    ]


def _listener(pk: int, calendar: BusinessTime, telling: When, at: datetime) -> Listener:
    if telling is not When.DAILY:
        return Listener(pk, at, is_daily=False)
    midnight = at.astimezone(calendar.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Listener(pk, calendar.next_opening(midnight), is_daily=True)


def _write(told: Sequence[Told], daily: Collection[int], at: datetime) -> int:
    if not told:
        return 0
    people = User.objects.in_bulk({one.recipient_id for one in told})
    leads = Lead.objects.select_related("contact").only(
        "contact__given_name", "contact__family_name", "contact__email"
    )
    names = {
        lead.pk: lead.contact.name for lead in leads.filter(pk__in={one.lead_id for one in told})
    }
    alone = [one for one in told if one.is_alone and one.recipient_id not in daily]
    together = [one for one in told if not one.is_alone or one.recipient_id in daily]
    soon = [_single(one, people, names) for one in alone if one.share < 1]
    late = [_single(one, people, names) for one in alone if one.share >= 1]
    many = [_digest(people[pk], rows, names) for pk, rows in _by_person(together)]
    for kind, tellings in ((DUE_SOON, soon), (LATE, late), (DIGEST, many)):
        if tellings:
            notify_each(tellings, kind, at=at)
    return len(people)


def _by_person(told: Sequence[Told]) -> list[tuple[int, list[Told]]]:
    return [(pk, list(rows)) for pk, rows in groupby(told, key=lambda one: one.recipient_id)]


def _single(one: Told, people: Mapping[int, User], names: Mapping[int, str]) -> Telling:
    recipient = people[one.recipient_id]
    return Telling(
        recipient=recipient,
        params={"promise": promise_words(one.kind, recipient), "name": names[one.lead_id]},
        url=reverse("lead-detail", args=[one.lead_id]),
        dedupe_key=f"clock:{one.clock_id}:{one.level_id}",
    )


def _digest(recipient: User, rows: Sequence[Told], names: Mapping[int, str]) -> Telling:
    first = rows[0]
    return Telling(
        recipient=recipient,
        params={
            "late": first.late,
            "soon": first.total - first.late,
            "names": ", ".join(names[one.lead_id] for one in rows),
        },
        url=reverse("clock-list"),
        dedupe_key=f"clocks:{first.clock_id}:{first.level_id}:{first.total}",
    )


def promise_words(kind: str, reader: User) -> str:
    """Return what was promised in the reader's language."""
    with override(reader.language):
        return str(CommitmentKind(kind).label)
