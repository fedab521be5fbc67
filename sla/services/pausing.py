"""Clocks are held for a while, with a reason and an end, and go on by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.business_time import BusinessTime
from accounts.models import User
from accounts.rules import standing
from accounts.selectors.calendars import business_time_of
from leads.services.gate import lock_leads
from sla.clock_rights import holds_clocks
from sla.clock_state import Standing, state_of
from sla.deadlines import Deadlines, deadlines
from sla.enums import ClockState, DueChangeCause
from sla.models import Clock, DueChange, Pause
from sla.promises import Target
from sla.services.clocks import ClockKeeper
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused

NOT_THERE = _("There is no such clock.")
ENDED = _("This clock has ended; nothing can hold it any more.")
LATE = _("This clock is past due; a pause heals nothing.")
HELD = _("This clock is held already, until %(until)s.")
NOT_HELD = _("This clock is not held.")
NOT_YOURS = _("Whoever is to act, or a manager, holds this clock.")
WHY = _("Say why.")
PAST = _("Choose an end that is still to come.")
TOO_LONG = _("The agreement allows at most %(days)d days.")


def pause_clock(clock_id: int, *, reason: str, until: datetime, actor: User, at: datetime) -> Clock:
    """Hold a clock from `at` to `until`; everything after moves by just the business time held.

    Raises NotAllowed unless `actor` owns the clock or is a manager, BadInput for a missing reason
    or an end that is past or too far (the agreement's maximum), Refused when the clock has ended,
    is past due or is held already; nothing changes.
    """
    with transaction.atomic():
        clock = _locked(clock_id)
        _may(clock, actor)
        _refuse(clock, at)
        _check(clock, reason, until, at)
        calendar = business_time_of(clock.calendar)
        change = _change(clock, DueChangeCause.PAUSED, actor, at)
        held = calendar.elapsed(at, until)
        clock.held += held
        clock.paused_at, clock.paused_until = at, until
        Pause.objects.create(
            clock=clock,
            reason=reason.strip(),
            paused_by=actor,
            paused_at=at,
            until=until,
            held=held,
        )
        _move(clock, calendar, change)
    return clock


def resume_clock(clock_id: int, *, actor: User, at: datetime) -> Clock:
    """Let a held clock go on before its pause was to end; only the time held so far counts.

    Raises NotAllowed as `pause_clock` does, Refused when it is not held at `at`; nothing changes.
    """
    with transaction.atomic():
        clock = _locked(clock_id)
        _may(clock, actor)
        if standing_of(clock, at) is not ClockState.PAUSED:
            raise Refused(NOT_HELD, code="not_held")
        pause = clock.pauses.filter(ended_at__isnull=True).latest("paused_at")
        calendar = business_time_of(clock.calendar)
        held = calendar.elapsed(pause.paused_at, at)
        change = _change(clock, DueChangeCause.RESUMED, actor, at)
        clock.held += held - pause.held
        clock.paused_until = max(at, pause.paused_at + timedelta(microseconds=1))
        pause.held, pause.ended_at, pause.ended_by = held, at, actor
        pause.save(update_fields=["held", "ended_at", "ended_by"])
        _move(clock, calendar, change)
    return clock


def standing_of(clock: Clock, at: datetime) -> ClockState:
    """Return how a stored clock stands at `at`."""
    return state_of(
        Standing(
            due_at=clock.due_at,
            risk_at=clock.risk_at,
            paused_at=clock.paused_at,
            paused_until=clock.paused_until,
            stopped_at=clock.stopped_at,
            outcome=clock.outcome,  # type: ignore[arg-type]  # one of the words
        ),
        at,
    )


def dates_of(clock: Clock, calendar: BusinessTime) -> Deadlines:
    """Return the instants of a stored clock as `calendar` has them; its commitment is loaded."""
    return deadlines(
        calendar,
        clock.started_at,
        Target(clock.target, clock.target_days),
        warning_share=clock.commitment.warning_share,
        shares=sorted(level.share for level in clock.commitment.levels.all()),
        held=clock.held,
    )


def _locked(clock_id: int) -> Clock:
    """Lock the lead first and then its clock, in the order in which every move does."""
    lead_id = Clock.objects.filter(pk=clock_id).values_list("lead", flat=True).first()
    if lead_id is None:
        raise NotFound(NOT_THERE)
    lock_leads([lead_id])
    rows = Clock.objects.select_for_update(of=("self",)).select_related(
        "commitment__agreement", "calendar", "lead"
    )
    return rows.get(pk=clock_id)


def _may(clock: Clock, actor: User) -> None:
    if not holds_clocks(standing(actor), is_owner=clock.owner_id == actor.pk):
        raise NotAllowed(NOT_YOURS)


def _refuse(clock: Clock, at: datetime) -> None:
    state = standing_of(clock, at)
    if clock.outcome is not None:
        raise Refused(ENDED, code="ended")
    if state is ClockState.BREACHED:
        raise Refused(LATE, code="past_due")
    if state is ClockState.PAUSED:
        raise Refused(HELD % {"until": _told(clock.paused_until)}, code="already_held")


def _told(until: datetime | None) -> str:
    return date_format(localtime(until), "j M Y, H:i") if until else "–"


def _check(clock: Clock, reason: str, until: datetime, at: datetime) -> None:
    most = clock.commitment.agreement.longest_pause_days
    wrong: dict[str, list[object]] = {}
    if not reason.strip():
        wrong["reason"] = [WHY]
    if until <= at:
        wrong["until"] = [PAST]
    elif until > at + timedelta(days=most):
        wrong["until"] = [TOO_LONG % {"days": most}]
    if wrong:
        raise BadInput(_("The clock runs on."), fields=wrong)


def _change(clock: Clock, cause: DueChangeCause, actor: User, at: datetime) -> DueChange:
    return DueChange(clock=clock, cause=cause, was_due_at=clock.due_at, actor=actor, changed_at=at)


def _move(clock: Clock, calendar: BusinessTime, change: DueChange) -> None:
    """Write the clock with its new instants, the change of its due one, and the lead's deadlines.

    A level of the ladder that was told is not told again when due moves.
    """
    dates = dates_of(clock, calendar)
    clock.due_at, clock.risk_at = dates.due_at, dates.risk_at
    told = clock.escalations.order_by("-level__share").values_list("level__share", flat=True)
    clock.escalate_at = dates.next_level_after(told.first())
    clock.save(
        update_fields=["held", "paused_at", "paused_until", "due_at", "risk_at", "escalate_at"]
    )
    change.due_at = clock.due_at
    change.save()
    ClockKeeper([clock.lead], at=change.changed_at).write()
