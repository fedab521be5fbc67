"""A commitment in words: what is promised, the figure, whom it reaches, who is told. Pure over rows
that came with their parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads.enums import LifecycleStage
from shell.formats import write_money, write_number, write_share
from sla.enums import CommitmentKind, Metric, PeriodKind
from sla.models import Commitment

K, M = CommitmentKind, Metric
HOUR = 60
TIMED_WORDS = {
    K.TIME_TO_ASSIGN: gettext_lazy("Every MQL gets an owner"),
    K.TIME_TO_DECIDE: gettext_lazy("Every MQL is accepted or rejected"),
    K.TIME_TO_FIRST_ATTEMPT: gettext_lazy("First attempt to reach each accepted lead"),
    K.TIME_TO_QUALIFY: gettext_lazy("Every accepted lead becomes an SQL or is closed"),
    K.TIME_TO_ACKNOWLEDGE_FEEDBACK: gettext_lazy("Feedback of Sales is answered"),
    K.TIME_TO_REWORK: gettext_lazy("Every returned lead is mended"),
}
STAGE_WORDS = {
    K.TIME_IN_STAGE: gettext_lazy("No lead stays at %(stage)s for longer"),
    K.ATTEMPTS: gettext_lazy("Attempts to reach each accepted lead"),
    K.VOLUME: gettext_lazy("Leads that become %(stage)s"),
    K.REVENUE: gettext_lazy("Revenue from new customers"),
}
FIGURE_WORDS = {
    M.WELL_RATED: gettext_lazy("MQLs that Sales rates 4 or better"),
    M.MEAN_FIT: gettext_lazy("Mean fit rating of MQLs"),
    M.ACCEPTANCE: gettext_lazy("MQLs that are accepted, of those decided"),
    M.FEEDBACK_GIVEN: gettext_lazy("Decisions that carry feedback"),
    M.COMPLETENESS: gettext_lazy("Leads handed over with complete data"),
    M.COMPLIANCE: gettext_lazy("Deadlines kept"),
    M.ATTEMPTS_PER_DAY: gettext_lazy("Attempts per rep and working day"),
    M.NOTES_PER_WEEK: gettext_lazy("Field notes per rep and week"),
    M.JOINT_CALLS_PER_WEEK: gettext_lazy("Joint calls per rep and week"),
}
PLAIN = frozenset({M.MEAN_FIT, M.ATTEMPTS_PER_DAY, M.NOTES_PER_WEEK, M.JOINT_CALLS_PER_WEEK})


@dataclass(frozen=True)
class Said:
    """A commitment in words: `what` is promised, how much, and the smaller print."""

    row: Commitment
    what: str
    figure: str
    floor: str = ""
    scope: str = ""
    bands: list[str] = field(default_factory=list)
    ladder: list[str] = field(default_factory=list)
    split: list[str] = field(default_factory=list)

    @property
    def small_print(self) -> list[str]:
        """Every line below the figure."""
        lines = [line for line in (self.floor, self.scope) if line]
        return [*lines, *self.bands, *self.ladder, *self.split]


def say(row: Commitment, currency: str) -> Said:
    """Return a commitment in words, money in the organisation's `currency`."""
    return Said(
        row=row,
        what=what_of(row),
        figure=figure_of(row, currency),
        floor=_floor(row),
        scope=_scope(row),
        bands=[
            _("Score %(score)s or more: %(time)s")
            % {"score": band.score_from, "time": business_time(band.target_minutes)}
            for band in row.bands.all()
        ],
        ladder=[_rung(level) for level in row.levels.all()],
        split=[
            f"{part.user.name}: {amount(row, part.target, currency)}" for part in row.shares.all()
        ],
    )


def what_of(row: Commitment) -> str:
    """Return what is promised, without the figure."""
    kind = CommitmentKind(row.kind)
    if kind in TIMED_WORDS:
        return str(TIMED_WORDS[kind])
    stages = {"stage": _stage(row.stage), "to_stage": _stage(row.to_stage)}
    if kind in STAGE_WORDS:
        return str(STAGE_WORDS[kind]) % stages
    if row.metric == M.CONVERSION:
        return _("%(stage)s that become %(to_stage)s") % stages
    return str(FIGURE_WORDS[Metric(row.metric)])


def figure_of(row: Commitment, currency: str) -> str:
    """Return how much, or how fast."""
    if not row.is_timed:
        each = _("a quarter") if row.period == PeriodKind.QUARTER else _("a month")
        # Effort is a figure per rep and day or week already.
        effort = _("%(amount)s on average %(each)s")
        words = effort if row.kind == K.EFFORT else _("%(amount)s %(each)s")
        return words % {
            "amount": amount(row, row.target, currency),
            "each": each,
        }
    within = within_of(row)
    if row.kind == K.ATTEMPTS:
        return _("%(n)d attempts within %(time)s") % {"n": row.attempts or 0, "time": within}
    return within


def within_of(row: Commitment) -> str:
    """Return the time that a timed commitment gives."""
    if row.target_minutes is not None:
        return business_time(row.target_minutes)
    days = row.target_days or 0
    if days == 0:
        return _("the same business day")
    return ngettext("%(n)d business day", "%(n)d business days", days) % {"n": days}


def business_time(minutes: int) -> str:
    """Return business minutes in words, as hours where they are whole."""
    if minutes % HOUR:
        return ngettext("%(n)d business minute", "%(n)d business minutes", minutes) % {"n": minutes}
    hours = minutes // HOUR
    return ngettext("%(n)d business hour", "%(n)d business hours", hours) % {"n": hours}


def amount(row: Commitment, value: Decimal | None, currency: str) -> str:
    """Return a figure of a period commitment in its unit; money is stored in cents."""
    if value is None:
        return ""
    if row.kind == K.REVENUE:
        return write_money((value / 100).quantize(Decimal("0.01")), currency)
    if row.kind == K.VOLUME or row.metric in PLAIN:
        places = 0 if value == value.to_integral_value() else 1
        return write_number(value, places)
    return write_share(value)


def _floor(row: Commitment) -> str:
    if row.floor is None or not row.is_timed:
        return ""
    return _("Under %(floor)s of deadlines kept in a month a corrective action opens") % {
        "floor": write_share(row.floor)
    }


def _scope(row: Commitment) -> str:
    named = [one for one in (row.team, row.product_line, row.persona, row.source) if one]
    parts = [one.name for one in named] + ([row.country] if row.country else [])
    if row.score_from is not None:
        parts.append(_("score %(n)s or more") % {"n": row.score_from})
    if row.score_below is not None:
        parts.append(_("score below %(n)s") % {"n": row.score_below})
    return _("Only: %(scope)s") % {"scope": ", ".join(parts)} if parts else ""


def _rung(level: Any) -> str:
    told: Iterable[tuple[bool, str]] = (
        (level.tell_owner, _("the owner")),
        (level.tell_manager, _("the manager")),
        (level.tell_head, _("the head")),
    )
    acts = [word for ticked, word in told if ticked]
    words = _("%(people)s is told") % {"people": _(" and ").join(acts)} if len(acts) == 1 else ""
    if len(acts) > 1:
        words = _("%(people)s are told") % {"people": _(" and ").join(acts)}
    if level.reroute:
        again = _("the lead goes to somebody else")
        words = _("%(first)s, %(second)s") % {"first": words, "second": again} if words else again
    return _("At %(share)s of the time %(what)s") % {
        "share": write_share(level.share),
        "what": words,
    }


def _stage(value: str) -> str:
    return str(LifecycleStage(value).label) if value else ""
