"""Stage balance: how many leads are open in each stage now, and were at the ends before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from leads.enums import LifecycleStage
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.balance import OPEN_STAGES, Balance, balances, open_in, stood_in
from reporting.figures import Column, Figures, Kind, Row, Value
from reporting.panels.funnel import tone_of
from reporting.panels.panel import Option, Panel
from reporting.spans import DAY, Days
from reporting.view import View

ENDS = 12
WEEK = timedelta(days=7)
LONGEST_BY_WEEK = 31
LEAST_GAP = 0.08  # between the names of two areas, of all that is open
NOW, OPEN = "now", "open"
COLUMNS = [
    *(Column(stage, stage.label, kind=Kind.BALANCE, drills=True) for stage in OPEN_STAGES),
    Column(OPEN, _("All open"), kind=Kind.BALANCE, drills=True),
]


@dataclass(frozen=True)
class End:
    """The end of a day at which leads are counted."""

    day: date
    at: datetime


def ends_of(days: Days, at: datetime) -> list[End]:
    """Return the twelve ends to look back at, the oldest first: of weeks for a month at most, else
    of months. They go back from the last day of `days`, or from today (left out) while they run."""
    today = at.astimezone(days.zone).date()
    last = min(days.last, today)
    by_week = (days.last - days.first).days < LONGEST_BY_WEEK
    found = _weeks_back(last) if by_week else _months_back(last)
    return [End(day, _end(day, days)) for day in reversed(found) if day < today]


def count(view: View) -> Figures:
    """Open leads by stage at each end and now; one statement."""
    ends = ends_of(view.days, view.at)
    found = balances(view.facts, [end.at for end in ends])
    rows = [
        Row(end.day.isoformat(), date_format(end.day, "j M Y"), _values(balance))
        for end, balance in zip(ends, found.past, strict=True)
    ]
    rows.append(Row(NOW, _("Now"), _values(found.now)))
    note = _("Open leads at the end of the day, in the stage that they had reached.")
    is_whole = view.days.span.end > view.at
    return Figures(_("At the end of"), COLUMNS, rows, [note], {"with_now": is_whole})


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return the leads that stood open in a stage."""
    if column not in (*OPEN_STAGES, OPEN):
        return None
    stage = None if column == OPEN else LifecycleStage(column)
    if row == NOW:
        return open_in(view.facts, stage)
    try:
        day = date.fromisoformat(row)
    except ValueError:
        return None
    return stood_in(view.facts, stage, _end(day, view.days))


def draw(figures: Figures) -> Option | None:
    """Areas one on the other, from lead at the foot to opportunity on top, each named at its end.

    What stands now is the last point only while the period runs: else it lies too far away.
    """
    shown = figures.rows if figures.more["with_now"] else figures.rows[:-1]
    if not any(any(row.values) for row in shown):
        return None
    heights = _heights([int(n or 0) for n in shown[-1].values])
    return {
        "grid": {"left": 8, "right": 96, "top": 16, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category", "boundaryGap": False, "data": [str(row.label) for row in shown],
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": {"type": "value", "min": 0},
        "series": [
            {
                "type": "line", "name": str(stage.label), "stack": "open", "symbol": "none",
                "lineStyle": {"width": 1, "color": "token:card"},
                "itemStyle": {"color": f"token:{tone_of(stage)}"}, "areaStyle": {"opacity": 0.85},
                "data": [row.values[place] for row in shown],
                "markPoint": _name_at(stage, len(shown) - 1, heights[place]),
            }
            for place, stage in enumerate(OPEN_STAGES)
        ],
    }  # fmt: skip


def _heights(last: Sequence[int]) -> list[float]:
    """Return where the names stand: in the middle of each area, but never one on another."""
    *counts, whole = last
    gap, foot, found = max(whole, 1) * LEAST_GAP, 0, [-float(whole) - 1]
    for n in counts:
        found.append(max(foot + n / 2, found[-1] + gap))
        foot += n
    return found[1:]


def _name_at(stage: LifecycleStage, place: int, height: float) -> Option:
    label = {"show": True, "position": "right", "formatter": str(stage.label)}
    return {
        "symbol": "circle", "symbolSize": 1, "silent": True, "label": {**label, "distance": 8,
        "color": "token:ink-2"}, "data": [{"coord": [place, height]}],
    }  # fmt: skip


def _weeks_back(last: date) -> list[date]:
    return [last - n * WEEK for n in range(ENDS)]


def _months_back(last: date) -> list[date]:
    """Return `last` and the ends of the months before it."""
    found = [last]
    while len(found) < ENDS:
        found.append(found[-1].replace(day=1) - DAY)
    return found


def _end(day: date, days: Days) -> datetime:
    following = day + DAY
    return datetime(following.year, following.month, following.day, tzinfo=days.zone)


def _values(balance: Balance) -> Sequence[Value]:
    counts = [balance[stage] for stage in OPEN_STAGES]
    return [*counts, sum(counts)]


PANELS = [
    Panel(
        key="balance",
        title=_("Stage balance"),
        about=_("How many leads are open in each stage, and how that has changed."),
        count=count,
        draw=draw,
        rows=rows,
        is_wide=True,
    )
]
