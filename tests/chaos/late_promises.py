"""Late promises in the database of a whole stack; run by its own `manage.py shell`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import DatabaseError, connection, connections
from django.db.models import F

from accounts.enums import Role, TeamKind
from accounts.models import BusinessCalendar, Notice, User
from accounts.services.organisation import ensure_organisation
from leads.enums import LifecycleStage
from leads.models import Lead
from leads.services.decisions import By, qualify_leads
from sla.models import Agreement, Breach, Clock, EscalationLevel, EscalationNotice
from sla.services.telling import LATE
from sla.tasks import BREACHES, ESCALATIONS
from smarketing import time_source
from tests.factories import TeamFactory, member
from tests.leads.records import lead_at
from tests.sla.promising import in_force, promise

AT_ONCE = 3  # as many as are told one by one
DAY = timedelta(days=1)
# The row that the pass is going to write, by the point at which it is to be met.
ROWS = {
    "breach": "INSERT INTO sla_breach (clock_id, at, noted_at) VALUES (%(clock)s, now(), now())",
    "escalation": """
        INSERT INTO sla_escalationnotice (clock_id, level_id, recipient_id, reached_at)
        VALUES (%(clock)s, %(level)s, %(person)s, now())""",
    "telling": """
        INSERT INTO accounts_notice
            (recipient_id, kind, params, url, dedupe_key, created_at, in_inbox)
        VALUES (%(person)s, %(kind)s, '{}', '', %(key)s, now(), true)""",
}


def prepare() -> None:
    """An agreement in force, a marketer, and a rep of a house that never closes."""
    organisation = ensure_organisation()
    BusinessCalendar.objects.filter(pk=organisation.calendar_id).update(always_open=True)
    for kind, role, who in (
        (TeamKind.MARKETING, Role.MARKETER, "alice"),
        (TeamKind.SALES, Role.REP, "bruno"),
    ):
        member(f"{who}@acme.test", role, team=TeamFactory(name=kind.label, kind=kind), name=who)
    in_force(promise(levels=[("1.0", {})]), since=time_source.now() - 30 * DAY)
    assert Agreement.objects.count() == 1


def meet(point: str) -> None:
    """Make promises late, let the worker run into a row of ours, say so, and stand there."""
    clocks, level = _running(point), EscalationLevel.objects.get()
    rep = User.objects.get(email="bruno@acme.test")
    last = clocks[-1]
    values = {
        "clock": last,
        "level": level.pk,
        "person": rep.pk,
        "kind": LATE,
        "key": f"clock:{last}:{level.pk}",
    }
    ours = connections.create_connection("default")
    ours.set_autocommit(autocommit=False)
    with ours.cursor() as cursor:
        cursor.execute(ROWS[point], values)
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    _make_late(clocks)
    current_app.send_task(BREACHES if point == "breach" else ESCALATIONS)
    _eventually(lambda: _is_waited_for(pid))
    sys.stdout.write(f"{json.dumps(clocks)}\n")
    sys.stdout.flush()
    sys.stdin.read()


def settle(clocks: list[int]) -> None:
    """Wait until all is noted and told, then say what there is: `found`."""
    _eventually(lambda: _is_settled(clocks))
    sys.stdout.write(json.dumps(_found(clocks)))


def _running(point: str) -> list[int]:
    marketer = User.objects.get(email="alice@acme.test")
    rep = User.objects.get(email="bruno@acme.test")
    now = time_source.now()
    names = [f"{point}{Lead.objects.count() + n}@acme.example" for n in range(AT_ONCE)]
    leads = [
        lead_at(LifecycleStage.LEAD, email=name, owner=rep, at=now - timedelta(seconds=1)).pk
        for name in names
    ]
    qualify_leads(leads, by=By(actor=marketer), at=now)
    return list(Clock.objects.filter(lead__in=leads).order_by("pk").values_list("pk", flat=True))


def _make_late(clocks: list[int]) -> None:
    """A day passes at once for all of them."""
    dates = ("started_at", "due_at", "risk_at", "escalate_at")
    Clock.objects.filter(pk__in=clocks).update(**{name: F(name) - DAY for name in dates})


def _is_waited_for(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks "
            "WHERE NOT granted AND %s = ANY(pg_blocking_pids(pid)))",
            [pid],
        )
        return bool(cursor.fetchone()[0])


def _is_settled(clocks: list[int]) -> bool:
    told = EscalationNotice.objects.filter(clock__in=clocks, sent_at__isnull=False)
    return Breach.objects.filter(clock__in=clocks).count() == told.count() == len(clocks)


def _found(clocks: list[int]) -> dict[str, Any]:
    """How many of each there are, and how many at the instant of the promise."""
    breaches = Breach.objects.filter(clock__in=clocks)
    levels = EscalationNotice.objects.filter(clock__in=clocks)
    notices = Notice.objects.filter(kind=LATE).values_list("dedupe_key", flat=True)
    return {
        "breaches": [breaches.count(), breaches.filter(at=F("clock__due_at")).count()],
        "levels": [levels.count(), levels.filter(reached_at=F("clock__due_at")).count()],
        "notices": sorted(int(key.split(":")[1]) for key in notices),
    }


def _eventually(is_so: Callable[[], bool], seconds: float = 200.0) -> None:
    ends = time.monotonic() + seconds
    while True:
        try:
            if is_so():
                return
        except DatabaseError:  # the server is on its way back
            connection.close()
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.2)
