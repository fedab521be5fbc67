"""The clocks of the demo as its year left them: told when things happened, breaches noted.

The year's moves start and stop clocks by themselves. What the demo wrote past the services, the
dates of calls and of acknowledgements, is told to the clocks here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.enums import Role
from accounts.models import User
from leads.models import Activity, Feedback, Lead
from leads.models.activities import IS_ATTEMPT
from sla.clock_rules import Answer, Answered
from sla.enums import CommitmentKind, Told
from sla.models import Breach, Clock
from sla.services.attempts import BY_ATTEMPTS, follow_attempts
from sla.services.breaching import note_breaches
from sla.services.clock_writing import reopen_clocks
from sla.services.clocks import apply_events
from sla.services.pausing import pause_clock

K = CommitmentKind


def load_clocks(at: datetime) -> None:
    """Bring the clocks up to `at`; again it changes nothing."""
    if not Clock.objects.exists() or Clock.objects.filter(pauses__isnull=False).exists():
        return
    _tell_acknowledgements()
    _tell_attempts(at)
    while note_breaches(at=at):
        pass
    _pause_one(at)


def _tell_acknowledgements() -> None:
    open_ones = Clock.objects.filter(
        outcome__isnull=True, commitment__kind=K.TIME_TO_ACKNOWLEDGE_FEEDBACK
    )
    rows = Feedback.objects.filter(
        acknowledged_at__isnull=False, lead__in=open_ones.values("lead")
    ).select_related("lead__contact")
    for row in rows.order_by("acknowledged_at", "pk"):
        assert row.acknowledged_at is not None  # noqa: S101  # filtered above
        said = Answered(row.pk, row.acknowledged_at, Answer.ACKNOWLEDGED)
        apply_events([(row.lead, said)], at=row.acknowledged_at)


def _tell_attempts(at: datetime) -> None:
    """Judge calls by the days on which the demo says that they were logged."""
    by_calls = Clock.objects.filter(commitment__kind__in=BY_ATTEMPTS)
    reopen_clocks(_reached_before_moves())
    leads = Lead.objects.filter(pk__in=by_calls.values("lead")).select_related("contact")
    follow_attempts(leads, at=at)
    Clock.objects.filter(stopped_by=Told.ACTIVITY).update(reported_at=None)
    in_time = Q(clock__stopped_at__lte=F("clock__due_at"), clock__stopped_by=Told.ACTIVITY)
    Breach.objects.filter(in_time).delete()


def _reached_before_moves() -> Sequence[int]:
    """Moves were told before calls: return the clocks that a move stopped or cancelled, although
    enough had been tried before it."""
    made = (
        Activity.objects.filter(
            IS_ATTEMPT, lead=OuterRef("lead"), occurred_at__lte=OuterRef("stopped_at")
        )
        .order_by()
        .values("lead")
        .annotate(n=Count("pk"))
        .values("n")
    )
    stopped = Clock.objects.filter(commitment__kind__in=BY_ATTEMPTS, outcome__isnull=False).exclude(
        stopped_by=Told.ACTIVITY
    )
    reached = stopped.annotate(made=Subquery(made)).filter(
        made__gte=Coalesce("commitment__attempts", 1)
    )
    return list(reached.values_list("pk", flat=True))


def _pause_one(at: datetime) -> None:
    """Let one lead wait for its trade fair."""
    clock = (
        Clock.objects.filter(outcome__isnull=True, due_at__gt=at, owner__isnull=False)
        .filter(commitment__kind=K.TIME_TO_QUALIFY)
        .select_related("owner")
        .order_by("-due_at", "pk")
        .first()
    )
    head = User.objects.active().filter(memberships__role=Role.MANAGER).order_by("email").first()
    if clock is not None and head is not None:
        pause_clock(
            clock.pk,
            reason="Their plant is closed until the trade fair is over.",
            until=at + timedelta(days=5),
            actor=clock.owner or head,
            at=at,
        )
