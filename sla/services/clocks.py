"""Clocks follow the record: they start, stop, end and change hands with its rows.

Called by the receivers of the signals of leads, inside the transaction of the change: when a clock
cannot be written, the change is not made either. Costs at most five statements, whatever the number
of leads: one to read, and one each to end, hand over, start, and set the leads' deadlines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.business_time import BusinessTime
from leads.models import Lead
from leads.services.deadlines import LeadDeadlines, set_deadlines
from sla.clock_rules import (
    Assigned,
    Event,
    Verdict,
    starts_on,
    verdict_on,
)
from sla.clock_state import outcome_of_end, outcome_of_stop
from sla.deadlines import deadlines, lateness
from sla.enums import OF_MARKETING, ClockScope, CommitmentKind, Outcome, Told
from sla.models import Clock
from sla.promises import Promise, Subject
from sla.selectors.calendars import calendar_at
from sla.selectors.rulebook import Rulebook, rulebook
from sla.selectors.running import LeadStanding, OpenClock, RunningClocks, running_clocks
from sla.services.clock_writing import Ending, end_clocks, hand_over, start_clocks

K = CommitmentKind
# Told to Marketing about a lead that Sales may long have closed: no deadline of the lead's own.
NOT_OF_THE_LEAD = frozenset({K.TIME_TO_ACKNOWLEDGE_FEEDBACK})


@dataclass(frozen=True)
class Instant:
    """When something happened, and which row of the record tells it."""

    at: datetime
    told: Told
    told_id: int


@dataclass
class Desk:
    """The clocks of one lead while events are applied to them, in order."""

    lead: Lead
    standing: LeadStanding
    started: list[Clock] = field(default_factory=list)
    ended: list[Ending] = field(default_factory=list)
    handed: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)

    @property
    def open(self) -> list[OpenClock | Clock]:
        """What runs: clocks from before, and those that began in this change."""
        begun = [clock for clock in self.started if clock.outcome is None]
        return [*self.standing.clocks, *begun]


class ClockKeeper:
    """Applies events to the clocks of some leads and writes what came of them."""

    def __init__(self, leads: Iterable[Lead], *, at: datetime) -> None:
        self.at = at
        found = {lead.pk: lead for lead in leads}
        self.read: RunningClocks = running_clocks(found)
        self.book: Rulebook = rulebook(self.read.rulebook_stamp)
        self.desks = {pk: Desk(found[pk], standing) for pk, standing in self.read.leads.items()}

    @property
    def is_idle(self) -> bool:
        """Tell whether there is nothing to promise and nothing running."""
        return not self.book.in_force and not any(
            desk.standing.clocks for desk in self.desks.values()
        )

    def apply(self, lead_id: int, event: Event) -> None:
        """End what the event ends, then start what it starts."""
        desk = self.desks[lead_id]
        for clock in desk.open:
            promise = self.book.by_id.get(clock.commitment_id)
            if promise is not None:
                self._judge(desk, clock, promise, event)
        for promise in self.book.in_force:
            if self._starts(desk, promise, event):
                self.start(desk, promise, Instant(event.at, event.told, event.told_id))

    def _judge(self, desk: Desk, clock: OpenClock | Clock, promise: Promise, event: Event) -> None:
        verdict = verdict_on(promise, event, owner_id=clock.owner_id)
        if verdict is not None:
            self.end(desk, clock, verdict, Instant(event.at, event.told, event.told_id))
        elif isinstance(event, Assigned) and promise.kind not in OF_MARKETING:
            _hold(desk, clock)

    def _starts(self, desk: Desk, promise: Promise, event: Event) -> bool:
        starts = starts_on(
            promise,
            event,
            has_owner=desk.lead.owner_id is not None,
            is_running=runs(desk, promise),
        )
        return starts and promise.is_about(subject_of(desk))

    def start(self, desk: Desk, promise: Promise, begun: Instant) -> None:
        """Start a clock of `promise` on the lead of `desk`."""
        calendar_id = self.calendar_of(desk, promise)
        clock = new_clock(promise, self._calendar(calendar_id), begun.at, desk.lead.score)
        clock.lead_id, clock.calendar_id = desk.lead.pk, calendar_id
        clock.started_by, clock.started_by_id = begun.told, begun.told_id
        if promise.kind not in OF_MARKETING:
            clock.owner_id, clock.queue_id = desk.lead.owner_id, desk.lead.queue_id
        desk.started.append(clock)
        if promise.kind is K.TIME_TO_FIRST_ATTEMPT and _was_tried(desk.lead, begun.at):
            self.end(desk, clock, Verdict.STOP, begun)

    def end(self, desk: Desk, clock: OpenClock | Clock, verdict: Verdict, stop: Instant) -> None:
        """End a clock at `stop`; one that had not begun by then ends as it began."""
        stopped_at = max(stop.at, clock.started_at)
        outcome = _outcome(verdict, clock.due_at, stopped_at)
        late = lateness(self._calendar(clock.calendar_id), clock.due_at, stopped_at)
        reported = self.at if self.at > stopped_at else None
        if isinstance(clock, Clock):
            clock.outcome, clock.stopped_at, clock.lateness = outcome, stopped_at, late
            clock.stopped_by, clock.stopped_by_id = stop.told, stop.told_id
            clock.reported_at = reported
            return
        desk.standing.clocks.remove(clock)
        desk.handed.pop(clock.pk, None)
        desk.ended.append(
            Ending(
                clock_id=clock.pk,
                stopped_at=stopped_at,
                outcome=outcome,
                lateness=late,
                told=stop.told,
                told_id=stop.told_id,
                reported_at=reported,
            )
        )

    def calendar_of(self, desk: Desk, promise: Promise) -> int:
        """Whose working time counts: the owner's, else the queue's team's, else the side's.

        What Marketing promises about a lead of Sales counts in Marketing's time.
        """
        side = self.read.side_calendars.get(str(promise.side))
        if promise.kind in OF_MARKETING:
            return side or self.read.house_calendar
        own = desk.standing.owner_calendar if desk.lead.owner_id else desk.standing.queue_calendar
        return own or side or self.read.house_calendar

    def _calendar(self, calendar_id: int) -> BusinessTime:
        return calendar_at(calendar_id, self.read.calendar_stamps[calendar_id])

    def write(self) -> None:
        """Write everything, and the deadlines that the leads now have."""
        desks = list(self.desks.values())
        end_clocks([one for desk in desks for one in desk.ended], at=self.at)
        hand_over([(pk, *who) for desk in desks for pk, who in desk.handed.items()])
        start_clocks([clock for desk in desks for clock in desk.started])
        set_deadlines([row for desk in desks if (row := self._deadlines(desk)) is not None])

    def _deadlines(self, desk: Desk) -> LeadDeadlines | None:
        """Return the deadlines of a lead where they are no longer as its row has them."""
        counted = [clock for clock in desk.open if self._is_of_the_lead(clock.commitment_id)]
        due = min((clock.due_at for clock in counted), default=None)
        risk = min((clock.risk_at for clock in counted), default=None)
        if (due, risk) == (desk.standing.next_due_at, desk.standing.next_risk_at):
            return None
        desk.lead.next_due_at, desk.lead.next_risk_at = due, risk
        return LeadDeadlines(desk.lead.pk, due, risk)

    def _is_of_the_lead(self, commitment_id: int) -> bool:
        promise = self.book.by_id.get(commitment_id)
        return promise is None or promise.kind not in NOT_OF_THE_LEAD


def apply_events(events: Sequence[tuple[Lead, Event]], *, at: datetime) -> None:
    """Let the clocks of the leads follow `events`, in order."""
    if not events:
        return
    keeper = ClockKeeper((lead for lead, _event in events), at=at)
    if keeper.is_idle:
        return
    for lead, event in events:
        keeper.apply(lead.pk, event)
    keeper.write()


def new_clock(promise: Promise, calendar: BusinessTime, at: datetime, score: int) -> Clock:
    """Return an unsaved clock of `promise` that starts at `at`, with all its instants."""
    target = promise.target_for(score)
    dates = deadlines(
        calendar, at, target, warning_share=promise.warning_share, shares=promise.shares
    )
    return Clock(
        commitment_id=promise.commitment_id,
        started_at=at,
        target=target.duration,
        target_days=target.days,
        held=timedelta(0),
        due_at=dates.due_at,
        risk_at=dates.risk_at,
        escalate_at=dates.next_level_after(None),
    )


def subject_of(desk: Desk) -> Subject:
    """Return what promises may ask of the lead."""
    lead = desk.lead
    return Subject(
        product_line_id=lead.product_line_id,
        persona_id=lead.persona_id,
        source_id=lead.source_id,
        country=lead.contact.country,
        score=lead.score,
        team_ids=desk.standing.team_ids,
    )


def _outcome(verdict: Verdict, due_at: datetime, stopped_at: datetime) -> Outcome:
    if verdict is Verdict.STOP:
        return outcome_of_stop(due_at, stopped_at)
    wanted = Outcome.CANCELLED if verdict is Verdict.CANCEL else Outcome.TRANSFERRED
    return outcome_of_end(due_at, stopped_at, wanted)


def runs(desk: Desk, promise: Promise) -> bool:
    """Tell whether such a clock runs already; of scope owner, one of whoever owns the lead now."""
    anyones = promise.scope is ClockScope.LEAD
    return any(
        clock.commitment_id == promise.commitment_id
        and (anyones or clock.owner_id == desk.lead.owner_id)
        for clock in desk.open
    )


def _hold(desk: Desk, clock: OpenClock | Clock) -> None:
    """A clock of scope lead runs on, and whoever holds the lead now is to act."""
    who = (desk.lead.owner_id, desk.lead.queue_id)
    if isinstance(clock, Clock):
        clock.owner_id, clock.queue_id = who
    elif (clock.owner_id, clock.queue_id) != who:
        desk.handed[clock.pk] = who


def _was_tried(lead: Lead, at: datetime) -> bool:
    return lead.first_attempt_at is not None and lead.first_attempt_at <= at
