"""Revenue against the shared goal, and how far both teams keep what they promised."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.selectors.figures.cut import Cut
from reporting.figures import Column, Figures, Kind, Row, Unit, Value, share
from reporting.panels.panel import Option, Panel
from reporting.view import View
from shell.formats import write_money
from sla.enums import CommitmentKind, Pace, Side
from sla.pace_shown import figure, period_words, show
from sla.promise_words import what_of
from sla.selectors.house import house
from sla.selectors.standings import Standing, standings

GOAL = [
    Column("period", _("Period"), Unit.TEXT),
    Column("revenue", _("Revenue"), Unit.CENTS, Kind.FLOW),
    Column("goal", _("Goal"), Unit.CENTS, Kind.FLOW),
    Column("expected", _("Expected by now"), Unit.CENTS, Kind.FLOW),
    Column("forecast", _("Forecast"), Unit.CENTS, Kind.FLOW),
    Column("reached", _("Reached"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
    Column("state", _("How it stands"), Unit.TEXT),
]
PROMISES = [
    Column("promise", _("Promise"), Unit.TEXT),
    Column("actual", _("Actual"), Unit.TEXT),
    Column("reached", _("Reached"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
    Column("state", _("How it stands"), Unit.TEXT),
    Column("side", _("Who promised"), Unit.TEXT),
    Column("period", _("Period"), Unit.TEXT),
]
TONES = {Side.MARKETING: "marketing", Side.SALES: "sales", Side.BOTH: "shared"}
ORDER = (Side.BOTH, Side.MARKETING, Side.SALES)
KEPT = frozenset({Pace.AHEAD, Pace.ON_TRACK, Pace.MET})
SILENT = frozenset({Pace.TOO_EARLY, Pace.TOO_FEW})
NOT_NARROWED = _("What both teams promised is about everything: filters do not narrow it.")
OF_TEAMS = _("A team reaches the share of its promises that are met or on track; SLA tells each.")
AFTER_CLOSE = _("%(what)s, %(period)s: %(amount)s came in after the close.")
NO_RATE = _("%(what)s, %(period)s: wins without an amount or a rate are not in it (%(n)s).")


def found_for(view: View) -> list[Standing]:
    """Return how the promises stand that the days of `view` are judged by, the shared first; at
    most thirteen statements. None for days that lie ahead.

    A report on other days than a month or a quarter shows those in which its last day lies, or
    today: the very rows that the SLA page shows for that day.
    """
    home = house()
    today = home.day(view.at)
    if view.days.first > today:
        return []
    found = standings(at=view.at, first_on=min(today, view.days.last), home=home)
    return sorted(found, key=lambda one: ORDER.index(Side(one.commitment.side)))


def count_goal(view: View) -> Figures:
    """Revenue promised and come, then what share of its promises each team keeps."""
    found = found_for(view)
    goals = [one for one in found if one.commitment.kind == CommitmentKind.REVENUE]
    rows = [_goal(one) for one in goals]
    rows += [_team(side, found) for side in (Side.MARKETING, Side.SALES)] if found else []
    notes = [OF_TEAMS, *_asides(goals, view)]
    more = {"currency": view.currency, "goals": len(goals)}
    return Figures(_("Promise"), GOAL, rows, notes, more)


def count_promises(view: View) -> Figures:
    """Every promise of both teams as it stands."""
    rows = [_promise(one, view.currency) for one in found_for(view)]
    return Figures(_("Promise"), PROMISES, rows, _asides([], view))


def draw_goal(figures: Figures) -> Option | None:
    """Revenue as a bar from zero, its forecast as a ghost behind, the goal as a thin line."""
    rows = figures.rows[: figures.more["goals"]]
    if not rows:
        return None
    currency, periods = figures.more["currency"], figures.column("period")[: len(rows)]
    shown = [f"{row.label}\n{period}" for row, period in zip(rows, periods, strict=True)]
    revenue, goal, forecast = (
        [_bar_of(n, currency) for n in figures.column(key)[: len(rows)]]
        for key in ("revenue", "goal", "forecast")
    )
    return {
        "legend": {"bottom": 0},
        "grid": {"left": 8, "right": 72, "top": 40, "bottom": 32, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "show": False},
        # An axis of its own keeps each bar in the middle of its line.
        "yAxis": [
            {
                "type": "category", "inverse": True, "data": shown,
                "axisLine": {"show": False}, "axisTick": {"show": False},
                "axisLabel": {"lineHeight": 16},
            },
            {"type": "category", "inverse": True, "data": shown, "show": False},
        ],
        "series": [
            {
                "type": "bar", "name": str(_("Forecast")), "yAxisIndex": 1, "barMaxWidth": 56,
                "data": forecast, "itemStyle": {"color": "token:ghost"},
                "label": {"show": True, "position": "right", "color": "token:ink-3"},
            },
            {
                "type": "bar", "name": str(_("Revenue")), "barMaxWidth": 28,
                "data": revenue, "itemStyle": {"color": "token:shared"}, "z": 3,
                "label": {"show": True, "position": "insideLeft", "color": "token:card"},
            },
            {
                "type": "scatter", "name": str(_("Goal")), "symbol": "rect", "symbolSize": [3, 68],
                "data": [{**one, "value": [one["value"], place]} for place, one in enumerate(goal)],
                "itemStyle": {"color": "token:ink"}, "z": 4,
                "label": {"show": True, "position": "top", "color": "token:ink"},
            },
        ],
    }  # fmt: skip


def _goal(one: Standing) -> Row:
    row, now = one.commitment, one.now
    verdict = now.verdict
    values: list[Value] = [
        period_words(now.period), _cents(now.actual), _cents(Fraction(now.target)),
        _cents(verdict.expected if verdict else None),
        _cents(verdict.forecast if verdict else None),
        verdict.reached if verdict else None, _state(one),
    ]  # fmt: skip
    side = Side(row.side)
    label = _("Shared revenue goal") if side is Side.BOTH else f"{side.label}: {what_of(row)}"
    return Row(str(row.pk), label, values, tone=TONES[side])


def _team(side: Side, found: Sequence[Standing]) -> Row:
    """One team: what share of its promises that can be told are kept."""
    told = [
        one.now.verdict.status
        for one in found
        if one.commitment.side == side and one.now.verdict
        and one.now.verdict.status not in SILENT
    ]  # fmt: skip
    kept = sum(status in KEPT for status in told)
    state = _("%(n)s of %(all)s promises kept") % {"n": kept, "all": len(told)}
    empty: list[Value] = [None] * 5
    return Row(side, side.label, [*empty, share(kept, len(told)), state], tone=TONES[side])


def _promise(one: Standing, currency: str) -> Row:
    row, now = one.commitment, one.now
    side = Side(row.side)
    values: list[Value] = [
        figure(row, now.target, currency), figure(row, now.actual, currency),
        now.verdict.reached if now.verdict else None, _state(one), str(side.label),
        period_words(now.period),
    ]  # fmt: skip
    return Row(str(row.pk), what_of(row), values, tone=TONES[side])


def _state(one: Standing) -> str:
    verdict = one.now.verdict
    return str((verdict.status if verdict else Pace.TOO_EARLY).label)


def _asides(goals: Sequence[Standing], view: View) -> list[Any]:
    """What came after the close, what has no rate, and that filters do not reach here."""
    notes: list[Any] = []
    for one in goals:
        said = show(one, view.currency, {})
        names = {"what": said.what, "period": said.period}
        if said.correction:
            notes.append(AFTER_CLOSE % {**names, "amount": said.correction})
        if one.now.tally.apart:
            notes.append(NO_RATE % {**names, "n": one.now.tally.apart})
    if view.cut != Cut():
        notes.append(NOT_NARROWED)
    return notes


def _cents(value: Fraction | None) -> int | None:
    return None if value is None else round(value)


def _bar_of(cents: Any, currency: str) -> dict[str, Any]:
    """A value with the words it is labelled by; none where there is none."""
    if cents is None:
        return {"value": None, "label": {"show": False}}
    return {"value": cents / 100, "label": {"formatter": write_money(round(cents / 100), currency)}}


PANELS = [
    Panel(
        key="goal",
        title=_("Revenue against the goal"),
        about=_("The goal both teams share, its forecast, and how far each team keeps its part."),
        count=count_goal,
        draw=draw_goal,
        is_wide=True,
    ),
    Panel(
        key="promises",
        title=_("What both teams promised"),
        about=_("Every promise of the agreement as it stands, as the SLA page tells it."),
        count=count_promises,
        is_wide=True,
    ),
]
