"""Clocks that an attempt stops: the first one, or the n-th.

What counts is the record as it is now. Attempts told out of order or taken back change the verdict
as if they had been told in order: the earliest instant counts, and a clock whose stop was taken
back runs again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from leads.enums import Disposition
from leads.models import Activity, Lead
from leads.models.activities import IS_ATTEMPT
from sla.clock_rules import Verdict
from sla.clock_state import credited_at
from sla.enums import ClockScope, CommitmentKind, Told
from sla.models import Clock
from sla.promises import Promise
from sla.selectors.running import OpenClock
from sla.services.clock_writing import reopen_clocks
from sla.services.clocks import ClockKeeper, Desk, Instant

BY_ATTEMPTS = (CommitmentKind.TIME_TO_FIRST_ATTEMPT, CommitmentKind.ATTEMPTS)


@dataclass(frozen=True)
class Attempt:
    """One human outbound activity: when it happened, and when that was told."""

    pk: int
    occurred_at: datetime
    logged_at: datetime


def follow_attempts(leads: Iterable[Lead], *, at: datetime) -> None:
    """Let the clocks of `leads` follow their attempts as they are recorded now.

    One statement where no clock waits for attempts or was stopped by one, at most eight else.
    """
    found = {lead.pk: lead for lead in leads}
    concerned = _concerned(found)
    if not concerned:
        return
    reopen_clocks([clock.pk for clock in concerned if clock.outcome is not None])
    keeper = ClockKeeper(found.values(), at=at)
    waiting = [
        (desk, clock, promise)
        for desk in keeper.desks.values()
        for clock in desk.standing.clocks
        if (promise := keeper.book.by_id.get(clock.commitment_id)) is not None
        and promise.kind in BY_ATTEMPTS
    ]
    attempts = _attempts_of(found)
    for desk, clock, promise in waiting:
        _judge(keeper, desk, clock, promise, attempts[desk.lead.pk])
    keeper.write()


def _judge(
    keeper: ClockKeeper, desk: Desk, clock: OpenClock, promise: Promise, all_of: list[Attempt]
) -> None:
    stop = stop_of(promise, clock, all_of)
    if stop is not None:
        keeper.end(desk, clock, Verdict.STOP, stop)
    elif desk.lead.disposition != Disposition.OPEN and desk.lead.closed_at is not None:
        # It ran again only because its stop was taken back, and the lead is closed.
        keeper.end(desk, clock, Verdict.CANCEL, Instant(desk.lead.closed_at, Told.ACTIVITY, 0))


def stop_of(promise: Promise, clock: OpenClock, attempts: Sequence[Attempt]) -> Instant | None:
    """Return when the promised attempt counts and which it was; None while it is missing.

    A clock of the lead is stopped by an attempt from before its start too: the person was reached
    for already. One of an owner waits for what happens in his time.
    """
    counted = []
    for attempt in attempts:
        instant = credited_at(attempt.occurred_at, attempt.logged_at, target=clock.promised)
        early = attempt.occurred_at < clock.started_at
        first_of_lead = (
            promise.kind is CommitmentKind.TIME_TO_FIRST_ATTEMPT
            and promise.scope is ClockScope.LEAD
        )
        if not early or first_of_lead:
            counted.append((max(instant, clock.started_at), attempt.pk))
    wanted = promise.attempts if promise.kind is CommitmentKind.ATTEMPTS else 1
    counted.sort()
    if len(counted) < wanted:
        return None
    at, told_id = counted[wanted - 1]
    return Instant(at, Told.ACTIVITY, told_id)


def _concerned(leads: Mapping[int, Lead]) -> list[Clock]:
    """Return the clocks that wait for an attempt or were stopped by one."""
    rows = Clock.objects.filter(
        Q(outcome__isnull=True) | Q(stopped_by=Told.ACTIVITY),
        commitment__kind__in=BY_ATTEMPTS,
        lead__in=list(leads),
        voided_at__isnull=True,
    )
    return list(rows.only("pk", "outcome"))


def _attempts_of(leads: Mapping[int, Lead]) -> dict[int, list[Attempt]]:
    rows = Activity.objects.filter(IS_ATTEMPT, lead__in=list(leads)).order_by("occurred_at", "pk")
    found: dict[int, list[Attempt]] = defaultdict(list)
    for row in rows.only("lead_id", "occurred_at", "logged_at"):
        found[row.lead_id].append(Attempt(row.pk, row.occurred_at, row.logged_at))
    return found
