"""Standings of commitments as people read them: words, figures, and where lines are drawn.

Widths and heights are whole thousandths of their scale: pictures are drawn with them, never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shell.formats import NOTHING, write_number, write_share
from sla.enums import CommitmentKind, Metric, Pace, PeriodKind, Side
from sla.models import Commitment
from sla.pace import Number
from sla.periods import Period
from sla.promise_words import PLAIN, amount, figure_of, what_of
from sla.selectors.standings import InPeriod, Standing

FULL = 1000
TONES = {
    Pace.AHEAD: "on-track",
    Pace.ON_TRACK: "on-track",
    Pace.AT_RISK: "at-risk",
    Pace.BEHIND: "late",
    Pace.MET: "on-track",
    Pace.MISSED: "late",
    Pace.TOO_EARLY: "neutral",
    Pace.TOO_FEW: "neutral",
}
ICONS = {Pace.AHEAD: "trending-up", Pace.TOO_EARLY: "hourglass", Pace.TOO_FEW: "dots"}


@dataclass(frozen=True)
class Bar:
    """One of the six periods: its name, its figure, and how high it stands."""

    label: str
    figure: str
    height: int
    y: int
    tone: str
    first_on: str
    x: int = 0


@dataclass(frozen=True)
class Shown:
    """One commitment as a row of the page."""

    row: Commitment
    what: str
    promise: str
    within: str
    actual: str
    of: str
    forecast: str
    expected: str
    status: str
    tone: str
    icon: str
    owner: str
    period: str
    apart: str
    correction: str
    filled: int
    mark: int | None
    goal: int
    bars: tuple[Bar, ...]
    goal_y: int
    standing: Standing
    currency: str
    reached: Decimal | None


def show(standing: Standing, currency: str, owners: dict[str, str]) -> Shown:
    """Return a standing in words. `owners` names who answers for each side."""
    row, now = standing.commitment, standing.now
    verdict = now.verdict
    status = verdict.status if verdict else Pace.TOO_EARLY
    top = _top(standing)
    return Shown(
        row=row, what=what_of(row), promise=promise_of(row, now, currency),
        within=figure_of(row, currency) if row.is_timed else "",
        actual=figure(row, now.actual, currency), of=_divided(standing),
        forecast=figure(row, verdict.forecast, currency) if verdict and verdict.forecast else "",
        expected=figure(row, verdict.expected, currency)
        if verdict and verdict.expected is not None else "",
        status=str(status.label), tone=TONES[status], icon=ICONS.get(status, ""),
        owner=_owner(row, owners), period=period_words(now.period),
        apart=_apart(row, now.tally.apart),
        correction=_signed(row, now.correction, currency),
        filled=_along(now.actual, top), goal=_along(now.target, top),
        mark=_along(verdict.expected, top) if verdict and verdict.expected is not None else None,
        bars=_bars(standing, currency), goal_y=FULL - _along(now.target, _highest(standing)),
        standing=standing, currency=currency,
        reached=decimal_of(verdict.reached) if verdict and verdict.reached is not None else None,
    )  # fmt: skip


def promise_of(row: Commitment, now: InPeriod, currency: str) -> str:
    """Return what was promised for the period, as it follows the figure."""
    if row.is_timed:
        return _("in time, of at least %(share)s") % {"share": write_share(now.target)}
    return _("of %(promise)s") % {"promise": amount(row, now.target, currency)}


def figure(row: Commitment, value: Number | None, currency: str) -> str:
    """Return a figure in the commitment's unit; an en dash for none."""
    if value is None:
        return NOTHING
    plain = decimal_of(value)
    if row.is_timed:
        return write_share(plain)
    if row.metric in PLAIN:
        return write_number(plain, 2 if row.metric == Metric.MEAN_FIT or plain < 1 else 1)
    if row.kind == CommitmentKind.VOLUME:
        return write_number(plain, 0)
    if row.kind == CommitmentKind.REVENUE:
        return amount(row, (plain / 100).quantize(Decimal(1)) * 100, currency)
    return amount(row, plain, currency)


def decimal_of(value: Number) -> Decimal:
    """Return an exact number with the places that a figure is told in at most."""
    exact = Fraction(value)
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.0001"))


def period_words(period: Period) -> str:
    """Return "March 2026", or "Q1 2026"."""
    if period.kind is PeriodKind.MONTH:
        return date_format(period.first_on, "F Y")
    quarter = (period.first_on.month - 1) // 3 + 1
    return _("Q%(n)d %(year)d") % {"n": quarter, "year": period.first_on.year}


def _short(period: Period) -> str:
    if period.kind is PeriodKind.MONTH:
        return date_format(period.first_on, "M")
    return _("Q%(n)d") % {"n": (period.first_on.month - 1) // 3 + 1}


def _divided(standing: Standing) -> str:
    """Return what a rate was divided from."""
    row, tally = standing.commitment, standing.now.tally
    if standing.is_count:
        return ""
    if row.kind == CommitmentKind.EFFORT:
        return _("%(n)s by %(people)s people") % {
            "n": write_number(tally.numerator), "people": write_number(standing.reps),
        }  # fmt: skip
    if row.metric == Metric.MEAN_FIT:
        return _("%(n)s ratings") % {"n": write_number(tally.denominator)}
    return _("%(n)s of %(all)s") % {
        "n": write_number(tally.numerator), "all": write_number(tally.denominator),
    }  # fmt: skip


def _apart(row: Commitment, n: int) -> str:
    if not n:
        return ""
    if row.kind == CommitmentKind.REVENUE:
        return _("%(n)s won without an amount or a rate, not counted") % {"n": write_number(n)}
    return _("%(n)s cancelled, not counted") % {"n": write_number(n)}


def _signed(row: Commitment, value: Fraction | None, currency: str) -> str:
    if value is None:
        return ""
    sign = "+" if value > 0 else "−"
    return f"{sign}{figure(row, abs(value), currency)}"


def _owner(row: Commitment, owners: dict[str, str]) -> str:
    if row.team is not None and row.team.head is not None:
        return row.team.head.name
    return owners.get(row.side, "")


def _top(standing: Standing) -> Fraction:
    """The scale of the pace line: the promise, or more where more was reached."""
    now = standing.now
    return max(Fraction(now.target), now.actual or Fraction(0)) or Fraction(1)


def _highest(standing: Standing) -> Fraction:
    reached = [one.actual for one in standing.trend if one.actual is not None]
    return max([Fraction(standing.now.target), *reached]) or Fraction(1)


def _along(value: Any, top: Fraction) -> int:
    return 0 if value is None else int(min(Fraction(value) / top, Fraction(1)) * FULL)


def _bars(standing: Standing, currency: str) -> tuple[Bar, ...]:
    top = _highest(standing)
    return tuple(
        _bar(standing.commitment, one, top, n, currency) for n, one in enumerate(standing.trend)
    )


def _bar(row: Commitment, one: InPeriod, top: Fraction, n: int, currency: str) -> Bar:
    height = _along(one.actual, top)
    tone = TONES[one.verdict.status] if one.verdict else "neutral"
    return Bar(
        label=_short(one.period), figure=figure(row, one.actual, currency), height=height,
        y=FULL - height, tone=tone, first_on=one.period.first_on.isoformat(), x=n * 18 + 1,
    )  # fmt: skip


def by_side(shown: Sequence[Shown]) -> dict[str, list[Shown]]:
    """Return the rows of each side in their order."""
    return {side.value: [one for one in shown if one.row.side == side] for side in Side}
