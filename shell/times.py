"""How an instant is told: in the reader's zone, with its distance, exact on hover. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from shell.formats import write_duration

NEAR = timedelta(hours=24)
THIS_WEEK = timedelta(days=6)


@dataclass(frozen=True)
class Moment:
    """An instant in words: for the page, for hovering, for machines."""

    instant: datetime
    text: str
    exact: str
    machine: str
    distance: str

    def tone(self, warn_at: datetime | None, now: datetime | None) -> str:
        """Return on-track, at-risk (from `warn_at` on) or late (strictly after the instant)."""
        if now is None:
            return "neutral"
        if now > self.instant:
            return "late"
        return "at-risk" if warn_at is not None and now >= warn_at else "on-track"


def moment(
    instant: datetime, now: datetime | None = None, form: str = "relative", *, inside: bool = False
) -> Moment:
    """Tell `instant` as seen at `now`; without `now`, or in form "plain" or "day", no distance.

    `inside` a sentence "today" and "yesterday" have no capital.
    """
    local = timezone.localtime(instant)
    distance = _distance(instant, now) if now is not None else ""
    day = _day(local, now, inside=inside)
    text = day if form == "day" else f"{day} {_time(local)}"
    if form == "relative" and distance:
        text = f"{text} ({distance})"
    exact = f"{formats.date_format(local, _('l j F Y, H:i:s'))} {local:%Z}"
    return Moment(instant, text, exact, instant.isoformat(), distance)


def _time(local: datetime) -> str:
    return formats.date_format(local, "H:i")


def _day(local: datetime, now: datetime | None, *, inside: bool) -> str:
    """Today and yesterday by name, the days around by weekday, others by date."""
    if now is None:
        return formats.date_format(local, "j M Y")
    today = timezone.localtime(now)
    days = (local.date() - today.date()).days
    if days == 0:
        return _("today") if inside else _("Today")
    if days == -1:
        return _("yesterday") if inside else _("Yesterday")
    if abs(days) <= THIS_WEEK.days:
        return formats.date_format(local, "D")
    return formats.date_format(local, "j M" if local.year == today.year else "j M Y")


def _distance(instant: datetime, now: datetime) -> str:
    """ "in 25 min", "3 h ago"; nothing further away than a day, where the date says more."""
    away = instant - now
    if abs(away) >= NEAR:
        return ""
    if abs(away) < timedelta(minutes=1):
        return _("now")
    minutes = timedelta(minutes=int(abs(away).total_seconds() // 60))
    words = {"span": write_duration(minutes)}
    return _("in %(span)s") % words if away > timedelta(0) else _("%(span)s ago") % words
