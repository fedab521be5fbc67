"""What promises and states are called where people read them."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.enums import ClockState, CommitmentKind
from sla.models import Clock, Commitment

MINUTES_AN_HOUR = 60
TONES = {
    ClockState.RUNNING: "on-track",
    ClockState.AT_RISK: "at-risk",
    ClockState.BREACHED: "late",
    ClockState.PAUSED: "paused",
    ClockState.MET: "on-track",
    ClockState.MET_LATE: "met-late",
    ClockState.CANCELLED: "neutral",
    ClockState.TRANSFERRED: "neutral",
}
ICONS = {
    ClockState.RUNNING: "clock",
    ClockState.CANCELLED: "x",
    ClockState.TRANSFERRED: "user-share",
}


def business_span(span: timedelta | None) -> str:
    """Return a span of business time in hours and minutes: its days are no days of 24 hours."""
    if span is None:
        return ""
    hours, minutes = divmod(int(span.total_seconds()) // 60, MINUTES_AN_HOUR)
    parts = [_("%(n)d h") % {"n": hours}] if hours else []
    if minutes or not hours:
        parts.append(_("%(n)d min") % {"n": minutes})
    return " ".join(parts)


def target_words(span: timedelta | None, days: int | None) -> str:
    """Return what a clock was given: business hours, or the end of a business day."""
    if days is None:
        return _("%(span)s of business time") % {"span": business_span(span)}
    if days == 0:
        return _("by the end of the day")
    return ngettext(
        "by the end of the next business day", "by the end of business day %(n)d", days
    ) % {"n": days}


def promise_words(commitment: Commitment) -> str:
    """Return the name of a timed commitment, with what its kind leaves open."""
    kind = CommitmentKind(commitment.kind)
    if kind is CommitmentKind.ATTEMPTS:
        n = commitment.attempts or 1
        return ngettext("%(n)d attempt", "%(n)d attempts", n) % {"n": n}
    if kind is CommitmentKind.TIME_IN_STAGE:
        return _("Time in %(stage)s") % {"stage": commitment.get_stage_display()}
    return str(kind.label)


def holder_words(clock: Clock) -> str:
    """Return who is to act: a person, a queue, else the side that promised."""
    if clock.owner is not None:
        return str(clock.owner.name)
    return str(clock.queue or clock.commitment.get_side_display())
