"""What should be there and is not: clocks are derived from the record, ladders from commitments.

Clocks start in the transaction of what starts them, so there is nothing to find while all is well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

from leads.services.gate import lock_leads
from sla.clock_rules import starts_on
from sla.enums import AgreementState
from sla.models import Agreement, EscalationNotice
from sla.selectors.missing import Missing, missing_clocks, unheard_assignments
from sla.selectors.rulebook import promises_in_force
from sla.services.attempts import follow_attempts
from sla.services.clocks import ClockKeeper, Instant, runs, subject_of

BATCH = 1_000
# An undo may let a clock run again; what it has to tell is kept for longer than anyone may undo.
KEEP_UNTOLD = timedelta(hours=1)

log = structlog.get_logger(__name__)

# A level is left and nothing waits for it: the pass is sent there to see for itself.
LADDERS_SQL = """
    UPDATE sla_clock AS clock SET escalate_at = clock.started_at
    WHERE clock.outcome IS NULL AND clock.escalate_at IS NULL AND clock.parked_at IS NULL
        AND clock.trouble = '' AND clock.started_at < %(at)s
        AND (SELECT max(level.share) FROM sla_escalationlevel level
                WHERE level.commitment_id = clock.commitment_id)
            > (SELECT COALESCE(max(level.share), 0) FROM sla_escalationnotice note
                JOIN sla_escalationlevel level ON level.id = note.level_id
                WHERE note.clock_id = clock.id)
"""


def start_missing_clocks(*, since: datetime, at: datetime, most: int = BATCH) -> int:
    """Start the clocks that entries and handovers since `since` should have started; return how
    many.

    Only those under the agreement in force, from the day on which it is; never for history. Each
    starts at the instant of its entry or assignment, so that it may be late at once: the passes
    find it. Run again it starts nothing.
    """
    agreement = Agreement.objects.filter(state=AgreementState.IN_FORCE).first()
    if agreement is None or agreement.in_force_from is None:
        return 0
    promises = promises_in_force(agreement)
    begins, started = max(since, agreement.in_force_from), 0
    for search in (missing_clocks, unheard_assignments):
        last: Missing | None = None
        while found := search(promises, since=begins, at=at, after=last, most=most):
            started += _start(found, at=at)
            last = found[-1]
    return started


def _start(found: Sequence[Missing], *, at: datetime) -> int:
    with transaction.atomic():
        leads = lock_leads(one.lead_id for one in found)
        keeper = ClockKeeper(leads.values(), at=at)
        begun = [one for one in found if _begin(keeper, one)]
        if not begun:
            return 0
        keeper.write()
        follow_attempts([leads[one.lead_id] for one in begun], at=at)
    log.warning("clocks_were_missing", clocks=len(begun))
    return len(begun)


def _begin(keeper: ClockKeeper, one: Missing) -> bool:
    """Start a missing clock where, with the lead locked, it is still missing."""
    desk, promise = keeper.desks[one.lead_id], keeper.book.by_id[one.commitment_id]
    event = one.event
    starts = (
        desk.lead.stage == event.stage
        and not runs(desk, promise)
        and starts_on(promise, event, has_owner=desk.lead.owner_id is not None, is_running=False)
        and promise.is_about(subject_of(desk))
    )
    if starts:
        keeper.start(desk, promise, Instant(event.at, event.told, event.told_id))
    return starts


def send_back_to_ladders(*, at: datetime) -> int:
    """Let the pass look again at open clocks that have levels left but wait for none."""
    with connection.cursor() as cursor:
        cursor.execute(LADDERS_SQL, {"at": at})
        return int(cursor.rowcount)


def forget_untold(*, at: datetime) -> int:
    """Delete what was to be told of clocks that ended before anybody was; return how many."""
    rows = EscalationNotice.objects.filter(
        sent_at__isnull=True, clock__stopped_at__lt=at - KEEP_UNTOLD
    )
    return rows.delete()[0]
