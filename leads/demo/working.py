"""What the demo's people did on their leads: calls, mails, notes, next steps; fresh handoffs.

Every value follows from a lead's number, so that the demo is the same everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from operator import itemgetter

from django.db.models import F

from accounts.models import User
from leads.demo.days import at_work, worked_before
from leads.enums import ActivityKind, Direction, LifecycleStage, NextStepKind
from leads.models import Activity, Lead, NextStep, StageTransition
from leads.moving import Move
from leads.services.activities import NewActivity, log_activities
from leads.services.moves import move_leads

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOME = 4
WORKED = (LifecycleStage.SAL, LifecycleStage.SQL, LifecycleStage.OPPORTUNITY)
# How many hours of work ago Marketing handed over its best leads: the hot ones, and the others.
HOT_AGO = (0.3, 0.7, 1.4)
OTHERS_AGO = (2.2, 4.6, 6.4, 7.1, 9.0)
HOT = 80
K = ActivityKind
# (days after the acceptance, what was done, reached, words); a lead takes as many as had time.
CALLS: list[tuple[int, ActivityKind, bool | None, str]] = [
    (0, K.CALL, False, ""),
    (1, K.EMAIL, None, "Sent the overview and two dates for a call."),
    (2, K.CALL, True, "Their old meters drift after cleaning. They want figures before the audit."),
    (2, K.NOTE, None, "Decides together with the head of quality. Budget comes in January."),
    (5, K.MESSAGE, None, "Reminded of the dates."),
    (
        7,
        K.MEETING,
        True,
        "Walked through the line. Eleven measuring points, three of them critical.",
    ),
    (9, K.NOTE, None, "Compares us with their present supplier; service time matters most."),
    (12, K.CALL, False, ""),
    (15, K.EMAIL, None, "Sent the calculation for eleven points."),
    (21, K.CALL, True, "They asked for a trial on one line before they decide."),
]
STEPS = [
    (NextStepKind.CALL, "Ask for the trial date"),
    (NextStepKind.EMAIL, "Send the case study"),
    (NextStepKind.MEETING, "Visit the plant"),
    (NextStepKind.CALL, ""),
]


def load_work(at: datetime) -> None:
    """Load the work up to `at`; once, whatever there is already."""
    if Activity.objects.exists() or not Lead.objects.exists():
        return
    _hand_over_some(at)
    leads = list(Lead.objects.filter(sal_at__isnull=False).select_related("owner").order_by("id"))
    accepted_by = _who_accepted(leads)
    by_owner: dict[User, list[NewActivity]] = defaultdict(list)
    for lead in leads:
        if (worker := lead.owner or accepted_by.get(lead.pk)) is not None:
            by_owner[worker] += _work(lead, at)
    for owner, new in by_owner.items():
        log_activities(new, actor=owner, at=at)
    _date_the_logging()
    _plan(leads, at)


def _hand_over_some(at: datetime) -> None:
    """Let Marketing hand over promising leads of late, so that inboxes hold something."""
    rows = list(
        Lead.objects.open()
        .filter(stage=LifecycleStage.LEAD, lead_at__gt=at - 60 * DAY)
        .order_by("-score", "-id")
    )
    hot = [row for row in rows if row.score >= HOT][: len(HOT_AGO)]
    others = [row for row in rows if row.score < HOT][: len(OTHERS_AGO)]
    marketers = list(
        User.objects.filter(memberships__role="MARKETER", is_active=True).order_by("email")
    )
    if not marketers:
        return
    fresh = [*zip(HOT_AGO, hot, strict=False), *zip(OTHERS_AGO, others, strict=False)]
    for n, (hours, lead) in enumerate(sorted(fresh, key=itemgetter(0), reverse=True)):
        actor = marketers[n % len(marketers)]
        move = Move(lead_id=lead.pk, to_stage=LifecycleStage.MQL, actor=actor)
        move_leads([move], at=worked_before(at, hours), apply_rest=True)


def _who_accepted(leads: Sequence[Lead]) -> dict[int, User]:
    """Return who took each lead: whoever closed it without an owner worked it until then."""
    rows = StageTransition.objects.filter(
        lead__in=leads, to_stage=LifecycleStage.SAL, actor__is_active=True
    )
    return {row.lead_id: row.actor for row in rows.select_related("actor") if row.actor}


def _work(lead: Lead, at: datetime) -> Iterator[NewActivity]:
    """What its owner did on a lead, from the acceptance to its end or to now."""
    begin = lead.sal_at or at
    until = min(at, lead.closed_at or at)
    many = len(CALLS) if lead.pk % 4 else SOME
    for days, kind, reached, text in CALLS[:many]:
        occurred_at = _called_at(lead, begin, days)
        if occurred_at > until:
            return
        yield NewActivity(
            lead_id=lead.pk, kind=kind, connected=reached, text=text, occurred_at=occurred_at
        )
    answered_at = at_work(begin + 3 * DAY)
    if lead.pk % 3 == 0 and answered_at <= until:
        text = "They wrote back: please call after the shift change."
        yield NewActivity(
            lead_id=lead.pk, kind=K.EMAIL, direction=Direction.INBOUND, text=text,
            occurred_at=answered_at,
        )  # fmt: skip


def _called_at(lead: Lead, begin: datetime, days: int) -> datetime:
    """Return when it was done: the first call soon after, but on some leads the day after."""
    if days == 0 and lead.pk % 9 == 0:
        return at_work(begin + DAY + 5 * HOUR)
    return at_work(begin + days * DAY + timedelta(minutes=8 + lead.pk * 13 % 48))


def _date_the_logging() -> None:
    """The demo's people log at once; only the loading was late."""

    Activity.objects.update(logged_at=F("occurred_at"))


def _plan(leads: list[Lead], at: datetime) -> None:
    """Give most leads in work a next step, some of them overdue."""
    steps = []
    for lead in leads:
        if lead.closed_at is not None or lead.stage not in WORKED or lead.pk % 5 == 0:
            continue
        if lead.owner_id is None:
            continue
        kind, text = STEPS[lead.pk % len(STEPS)]
        due_at = (at + (lead.pk % 9 - 2) * DAY).replace(minute=0, second=0, microsecond=0)
        steps.append(
            NextStep(
                lead=lead, owner_id=lead.owner_id, kind=kind, text=text, due_at=due_at,
                created_by_id=lead.owner_id, created_at=at - 3 * DAY,
            )
        )  # fmt: skip
    NextStep.objects.bulk_create(steps)
