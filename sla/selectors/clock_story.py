"""Everything that happened to a clock, as it is told on its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.business_time import BusinessTime
from accounts.selectors.calendars import business_time_of
from leads.models import Assignment
from sla.deadlines import NOTHING
from sla.enums import DueChangeCause, Outcome, Told
from sla.models import Breach, Clock, DueChange
from sla.selectors.clocks import ShownClock
from sla.selectors.tellers import teller_of
from sla.wording import business_span, target_words


@dataclass(frozen=True)
class Happening:
    """One line of the story; `moved` are the due instants before and after."""

    at: datetime
    title: str
    icon: str
    tone: str = "neutral"
    text: str = ""
    who: str = ""
    moved: tuple[datetime, datetime] | None = None


@dataclass(frozen=True)
class Story:
    """What the page of a clock shows beside the clock: lines newest first, time used of the span.

    `late_by` is business time past due, up to the stop or up to now.
    """

    lines: list[Happening]
    used: timedelta
    span: timedelta
    late_by: timedelta


def story_of(one: ShownClock, at: datetime) -> Story:
    """Return the story as known at `at`; eight statements at most, however long it is."""
    clock = one.clock
    lines = [*_began(clock), *_pauses(clock, at), *_changes(clock), *_handed(clock, at)]
    lines += [*_told(clock), *_breached(clock, at), *_ended(clock)]
    calendar = business_time_of(clock.calendar)
    until = max(clock.stopped_at or at, clock.started_at)
    span = calendar.elapsed(clock.started_at, clock.due_at) - clock.held
    used = calendar.elapsed(clock.started_at, until) - _held_until(clock, calendar, until)
    late = calendar.elapsed(clock.due_at, until) if until > clock.due_at else NOTHING
    return Story(
        lines=sorted(lines, key=lambda line: line.at)[::-1],
        used=max(used, NOTHING),
        span=max(span, NOTHING),
        late_by=clock.lateness if clock.lateness is not None else late,
    )


def _held_until(clock: Clock, calendar: BusinessTime, until: datetime) -> timedelta:
    """Return the business time held up to `until`: of a pause that lasts, what has passed of it."""
    if clock.paused_at is None or clock.paused_until is None or until >= clock.paused_until:
        return clock.held
    return clock.held - calendar.elapsed(max(until, clock.paused_at), clock.paused_until)


def _began(clock: Clock) -> Iterator[Happening]:
    yield Happening(
        at=clock.started_at,
        title=_("Clock started"),
        icon="player-play",
        tone="accent",
        text=_("%(why)s; %(target)s")
        % {
            "why": Told(clock.started_by).label,
            "target": target_words(clock.target, clock.target_days),
        },
        who=teller_of(Told(clock.started_by), clock.started_by_id),
    )


def _pauses(clock: Clock, at: datetime) -> Iterator[Happening]:
    for pause in clock.pauses.select_related("paused_by", "ended_by"):
        yield Happening(
            pause.paused_at, _("Clock paused"), "player-pause", "paused", pause.reason,
            pause.paused_by.name,
        )  # fmt: skip
        ended = pause.ended_at or (pause.until if pause.until <= at else None)
        if ended is not None:
            held = _("Held for %(span)s of business time") % {"span": business_span(pause.held)}
            who = pause.ended_by.name if pause.ended_by else ""
            yield Happening(ended, _("Clock goes on"), "player-play", "accent", held, who)


def _changes(clock: Clock) -> Iterator[Happening]:
    rows: Any = DueChange.objects.filter(clock=clock).select_related("actor")
    for row in rows:
        yield Happening(
            at=row.changed_at,
            title=_("Due moved: %(why)s") % {"why": DueChangeCause(row.cause).label},
            icon="calendar-event",
            who=row.actor.name if row.actor else "",
            moved=(row.was_due_at, row.due_at),
        )


def _handed(clock: Clock, at: datetime) -> Iterator[Happening]:
    """Return who got the lead while the clock ran."""
    until = clock.stopped_at or at
    rows = Assignment.objects.filter(
        Q(lead=clock.lead_id, voided_at__isnull=True),
        assigned_at__gt=clock.started_at,
        assigned_at__lte=until,
    ).select_related("owner", "queue__team", "actor")
    for row in rows.order_by("assigned_at", "pk"):
        to = row.owner.name if row.owner else str(row.queue)
        yield Happening(
            row.assigned_at, _("Lead goes to %(name)s") % {"name": to}, "user-share",
            text=row.get_cause_display(), who=row.actor.name if row.actor else "",
        )  # fmt: skip


def _told(clock: Clock) -> Iterator[Happening]:
    """Return who was told at which level, as far as the notice has gone."""
    for row in clock.escalations.select_related("level", "recipient").order_by("pk"):
        share = int(row.level.share * 100)
        if row.recipient is None:
            title = _("Re-routed at %(share)d%% of the target") % {"share": share}
            yield Happening(row.reached_at, title, "arrows-split-2", "at-risk")
            continue
        title = _("%(name)s is told at %(share)d%% of the target") % {
            "name": row.recipient.name,
            "share": share,
        }
        text = "" if row.sent_at else _("Waits for working hours")
        yield Happening(row.sent_at or row.reached_at, title, "bell", "at-risk", text)


def _breached(clock: Clock, at: datetime) -> Iterator[Happening]:
    """Return the breach, dated at the due instant, whether the pass has noted it yet or not."""
    breach = Breach.objects.filter(clock=clock).first()
    late_now = clock.outcome is None and at > clock.due_at
    if breach is None and not late_now:
        return
    yield Happening(breach.at if breach else clock.due_at, _("Past due"), "flag", "late")
    if breach is not None and breach.withdrawn_at is not None:
        text = _("It was met in time, and told late.")
        yield Happening(breach.withdrawn_at, _("Breach withdrawn"), "circle-check", text=text)


ENDINGS = {
    Outcome.MET: ("check", "on-track"),
    Outcome.MET_LATE: ("circle-check", "met-late"),
    Outcome.CANCELLED: ("x", "neutral"),
    Outcome.TRANSFERRED: ("user-share", "neutral"),
}


def _ended(clock: Clock) -> Iterator[Happening]:
    if clock.outcome is None or clock.stopped_at is None:
        return
    outcome = Outcome(clock.outcome)
    icon, tone = ENDINGS[outcome]
    told = Told(clock.stopped_by) if clock.stopped_by else None
    text = str(told.label) if told else ""
    if clock.lateness:
        late = _("%(span)s of business time late") % {"span": business_span(clock.lateness)}
        text = f"{text}; {late}" if text else late
    who = teller_of(told, clock.stopped_by_id) if told else ""
    yield Happening(clock.stopped_at, str(outcome.label), icon, tone, text, who)
