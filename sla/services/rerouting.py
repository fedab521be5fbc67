"""Re-routing: a level of the ladder gives a late lead to somebody else, with a cap and a cooldown.

The escalation pass asks for it by a row without a recipient; here it is done, or given up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Count, Max
from django.urls import reverse

from accounts.business_time import BusinessTimeError
from accounts.models import User
from accounts.selectors.calendars import business_time_of
from accounts.services.notices import Telling, notify_each
from leads.models import Assignment
from leads.services.rerouting import reroute_leads
from sla.models import EscalationNotice

REROUTED = "lead_rerouted"
BATCH = 200
ONE_AT_A_TIME = 0x726F7574  # a name of ours among advisory locks

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Before:
    """How often a lead was re-routed already, and when last."""

    times: int = 0
    last_at: datetime | None = None


def reroute(*, at: datetime) -> int:
    """Give away what late levels ask for; return how many leads changed hands.

    A lead goes at most as often as its commitment allows, counted over all its clocks, and not
    again within the cooldown, in business time of the clock: until then the row waits. Where the
    cap is reached or nobody else is free the row is dropped and the lead stays: its people were
    told. One runs at a time; a crash leaves either everything or nothing done. A lead that cannot
    be given away waits, alone, until it can: the others go.
    """
    try:
        with transaction.atomic():
            return _give(_asked(), at) if _is_only_one() else 0
    except OperationalError:  # the database is away or stopped us: the next tick tries again
        raise
    except (DatabaseError, BusinessTimeError) as error:
        log.warning("rerouting_failed", error=str(error))
        return _reroute_one_by_one(at)


def _is_only_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        return bool(cursor.fetchone()[0])


def _give(asked: Sequence[EscalationNotice], at: datetime) -> int:
    before = _before({row.clock.lead_id for row in asked})
    ready = [row for row in asked if not _is_waiting(row, before, at)]
    if not ready:
        return 0
    wanted = {row.clock.lead_id: row.clock.owner_id for row in ready if _is_allowed(row, before)}
    given = reroute_leads(wanted, at=at)
    _close(ready, {row.lead_id for row in given}, at)
    _tell(given, at)
    return len(given)


def _reroute_one_by_one(at: datetime) -> int:
    """Find the lead that spoils the batch; it happens as often as rows are broken, so never."""
    with transaction.atomic():
        if not _is_only_one():
            return 0
        by_lead: dict[int, list[EscalationNotice]] = defaultdict(list)
        for row in _asked():
            by_lead[row.clock.lead_id].append(row)
        return sum(_give_alone(lead_id, rows, at) for lead_id, rows in by_lead.items())


def _give_alone(lead_id: int, rows: Sequence[EscalationNotice], at: datetime) -> int:
    try:
        with transaction.atomic():
            return _give(rows, at)
    except OperationalError:
        raise
    except (DatabaseError, BusinessTimeError) as error:
        log.error("lead_not_rerouted", lead=lead_id, error=str(error))
        return 0


def _asked() -> list[EscalationNotice]:
    rows = EscalationNotice.objects.filter(
        recipient__isnull=True, sent_at__isnull=True, clock__outcome__isnull=True
    )
    related = rows.select_related("clock__commitment", "clock__calendar")
    return list(related.prefetch_related("clock__calendar__exceptions").order_by("pk")[:BATCH])


def _before(lead_ids: set[int]) -> dict[int, Before]:
    rows = (
        EscalationNotice.objects.filter(
            recipient__isnull=True, sent_at__isnull=False, clock__lead__in=lead_ids
        )
        .order_by()
        .values_list("clock__lead")
        .annotate(Count("pk"), Max("sent_at"))
    )
    return {lead: Before(times, last_at) for lead, times, last_at in rows}


def _is_allowed(row: EscalationNotice, before: Mapping[int, Before]) -> bool:
    known = before.get(row.clock.lead_id, Before())
    return known.times < row.clock.commitment.most_reroutes


def _is_waiting(row: EscalationNotice, before: Mapping[int, Before], at: datetime) -> bool:
    """Tell whether it may be done, but not yet."""
    known = before.get(row.clock.lead_id, Before())
    if known.last_at is None or not _is_allowed(row, before):
        return False
    cooldown = timedelta(minutes=row.clock.commitment.reroute_cooldown_minutes)
    return business_time_of(row.clock.calendar).elapsed(known.last_at, at) < cooldown


def _close(ready: Sequence[EscalationNotice], given: set[int], at: datetime) -> None:
    """Mark one row of each lead that changed hands, and drop what came to nothing."""
    done: dict[int, int] = {}
    for row in ready:
        if row.clock.lead_id in given:
            done.setdefault(row.clock.lead_id, row.pk)
    marked = set(done.values())
    EscalationNotice.objects.filter(pk__in=marked).update(sent_at=at)
    EscalationNotice.objects.filter(
        pk__in=[row.pk for row in ready if row.pk not in marked]
    ).delete()


def _tell(given: Sequence[Assignment], at: datetime) -> None:
    """Tell those from whom leads were taken; who gets them hears of it as of any assignment."""
    taken = [row for row in given if row.from_owner_id is not None]
    if not taken:
        return
    ids = {pk for row in taken for pk in (row.from_owner_id, row.owner_id) if pk is not None}
    people = User.objects.in_bulk(ids)
    tellings = [
        Telling(
            recipient=people[row.from_owner_id or 0],
            params={"name": row.lead.contact.name, "owner": people[row.owner_id or 0].name},
            url=reverse("lead-detail", args=[row.lead_id]),
            dedupe_key=f"{REROUTED}:{row.pk}",
        )
        for row in taken
    ]
    notify_each(tellings, REROUTED, at=at)
