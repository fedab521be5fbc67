"""How long the passes over clocks take while ever more clocks run; prints JSON.

    python benchmarks/clocks.py 10000 100000 1000000

Builds a database of its own for each size (the name is that of DATABASE_URL with `test_` before
it) and drops it again. Of the running clocks 1 000 fall due; the reference is one raw UPDATE of as
many rows of the same table. `recalculate` counts anew the due instants of at most 100 000 clocks of
one calendar after a day of it was closed. Each pass is timed three times on other rows, the median
is printed. Seconds are of the wall.
"""

# ruff: noqa: E402  # Django must be set up before its models are imported

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DEBUG"] = "0"
os.environ.setdefault("SECRET_KEY", "benchmark-" * 6)
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("BASE_URL", "http://localhost")
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("SMARKETING_EMBEDDED", "1")  # a socket without a password will do
os.environ["DJANGO_SETTINGS_MODULE"] = "smarketing.settings"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import get_runner, override_settings

from accounts.enums import TeamKind
from accounts.models import BusinessCalendar, CalendarException, Team, User
from accounts.services.organisation import ensure_organisation
from sla.enums import CommitmentKind, Side
from sla.models import Agreement, Commitment, EscalationLevel, Recalculation
from sla.services.breaching import note_breaches
from sla.services.escalating import escalate
from sla.services.recalculating import recalculate
from sla.services.telling import tell

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DUE_AT_ONCE, ROUNDS, MOST_COUNTED_ANEW = 1_000, 3, 100_000
SPREAD = timedelta(hours=1)
FILL = """
    INSERT INTO leads_contact (email, given_name, family_name, sort_key, phone, job_title, country,
        city, system_of_record, captured_through, attributes, version, created_at)
    SELECT 'p' || n || '@acme.example', 'P', 'N' || n, n::text, '', 'CTO', '', '', '', 'bench',
        '{}', 1, %(at)s FROM generate_series(1, %(n)s) AS n;
    INSERT INTO leads_lead (contact_id, owner_id, stage, disposition, origin, "returning", score,
        attributes, attempts, version, created_at, lead_at, mql_at, stage_at)
    SELECT id, %(owner)s, 'MQL', 'OPEN', 'marketing', false, 0, '{}', 0, 1, %(at)s, %(at)s, %(at)s,
        %(at)s FROM leads_contact;
    INSERT INTO sla_clock (lead_id, commitment_id, owner_id, calendar_id, started_at, started_by,
        started_by_id, target, held, due_at, risk_at, escalate_at, stopped_by, trouble)
    SELECT id, %(commitment)s, %(owner)s,
        CASE WHEN n <= %(moving)s THEN %(moved)s ELSE %(calendar)s END, at, 'TRANSITION', id,
        interval '4 hours', interval '0', at + interval '4 hours', at + interval '3 hours',
        at + interval '4 hours', '', ''
    FROM (
        SELECT id, n, %(at)s + CASE WHEN n <= %(due)s THEN (n - 1) / %(batch)s * interval '1 minute'
            ELSE %(spread)s END AS at
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM leads_lead) AS l
    ) AS planned
"""
RAW = """
    UPDATE sla_clock SET breached_at = due_at WHERE id IN (
        SELECT id FROM sla_clock WHERE id %% 7 = 3 ORDER BY id LIMIT %s
    )
"""


def timed(work: Callable[[], Any]) -> float:
    """Return how many milliseconds `work` took."""
    begin = time.perf_counter()
    work()
    return round((time.perf_counter() - begin) * 1000, 1)


def fill(size: int) -> int:
    """Write a promise and its running clocks; return the calendar that will change."""
    house = ensure_organisation()
    owner = User.objects.create(email="b@acme.example", name="Bruno", joined_at=AT)
    Team.objects.create(name="Sales", kind=TeamKind.SALES, head=owner)
    agreement = Agreement.objects.create(number=1, created_at=AT)
    promise = Commitment.objects.create(
        agreement=agreement, side=Side.SALES, kind=CommitmentKind.TIME_TO_DECIDE, target_minutes=240
    )
    EscalationLevel.objects.create(commitment=promise, share=1, tell_manager=True)
    calendar = house.calendar
    moved = BusinessCalendar.objects.create(
        name="Moved", zone=calendar.zone, weekly=calendar.weekly
    )
    with connection.cursor() as cursor:
        cursor.execute(
            FILL,
            {
                "n": size, "at": AT, "owner": owner.pk, "commitment": promise.pk,
                "calendar": calendar.pk, "moved": moved.pk, "spread": SPREAD,
                "due": DUE_AT_ONCE * ROUNDS, "batch": DUE_AT_ONCE, "moving": MOST_COUNTED_ANEW,
            },
        )  # fmt: skip
        cursor.execute("ANALYZE")
    return moved.pk


def median(work: Callable[[datetime], Any], *, later: timedelta = timedelta(0)) -> float:
    """Return the median of `work` at the instants at which another 1 000 have fallen due."""
    due = AT + timedelta(hours=4) + TICK + later
    return statistics.median(
        timed(lambda at=due + n * timedelta(minutes=1): work(at)) for n in range(ROUNDS)
    )


def raw_update() -> float:
    """Return the median of one UPDATE of as many rows, taken back each time."""
    times = []
    with connection.cursor() as cursor:
        for _round in range(ROUNDS):
            cursor.execute("BEGIN")
            times.append(timed(lambda: cursor.execute(RAW, [DUE_AT_ONCE])))
            cursor.execute("ROLLBACK")
    return statistics.median(times)


def measure(size: int) -> dict[str, Any]:
    """Fill the database and return the times, in milliseconds."""
    calendar_id = fill(size)
    idle = statistics.median(timed(lambda: note_breaches(at=AT)) for _ in range(ROUNDS))
    idle_ladder = statistics.median(timed(lambda: escalate(at=AT)) for _ in range(ROUNDS))
    raw = raw_update()
    breaches = median(lambda at: note_breaches(at=at))
    ladder = median(lambda at: escalate(at=at))
    digest = timed(lambda: tell(at=AT + timedelta(hours=4, minutes=3)))
    CalendarException.objects.create(
        calendar_id=calendar_id, on=AT.date(), windows=[["09:00", "12:00"]], note="Strike"
    )
    asked = Recalculation.objects.create(calendar_id=calendar_id, asked_at=AT)
    moved: list[int] = []
    anew = timed(lambda: moved.append(recalculate(asked.pk, at=AT + timedelta(hours=4, minutes=3))))
    return {
        "running clocks": size,
        "idle breach pass": idle,
        "idle escalation pass": idle_ladder,
        "1 000 breaches": breaches,
        "raw UPDATE of 1 000": raw,
        "ratio": round(breaches / raw, 2),
        "1 000 levels reached": ladder,
        "3 000 told as one digest": digest,
        "recalculated": moved[0],
        "recalculating": anew,
    }


def main() -> None:
    """Measure each size that was asked for."""
    sizes = [int(one) for one in sys.argv[1:]] or [10_000, 100_000]
    runner = get_runner(settings)(verbosity=0, interactive=False)
    for size in sizes:
        with override_settings(DEBUG=False):
            old = runner.setup_databases()
            try:
                print(json.dumps(measure(size), indent=2), flush=True)
            finally:
                runner.teardown_databases(old)


if __name__ == "__main__":
    main()
