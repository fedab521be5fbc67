"""What Sales decides of the leads that it is given, and why it says no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.querysets import LeadFactQuerySet
from leads.selectors.feedback import reason_labels
from leads.selectors.feedback_figures import Tally, reasons
from leads.selectors.figures.cut import Span
from leads.selectors.figures.decisions import (
    Reasons,
    decisions,
    most_said,
    reasons_by,
    tallies_of,
    waiting,
)
from reporting.figures import Column, Figures, Kind, Row, Unit, Value, per_cent, share
from reporting.panels.panel import Option, Panel
from reporting.spans import DAY, Days, read_days
from reporting.view import View

MONTHS = 12
MOST_GROUPS, MOST_REASONS = 20, 5
PERIOD, BEFORE, PENDING, NONE = "period", "before", "pending", "none"
COLUMNS = [
    Column("accepted", gettext_lazy("Accepted"), kind=Kind.FLOW),
    Column("rejected", gettext_lazy("Rejected"), kind=Kind.FLOW),
    Column("acceptance", gettext_lazy("Acceptance"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
    Column("returned", gettext_lazy("Sent back"), kind=Kind.FLOW),
    Column("fit", gettext_lazy("Mean fit"), kind=Kind.FLOW, places=1),
    Column(PENDING, gettext_lazy("Pending now"), kind=Kind.BALANCE, drills=True),
]
REASONS = [
    Column("n", gettext_lazy("Times"), kind=Kind.FLOW),
    Column("share", gettext_lazy("Share"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
    Column("cumulated", gettext_lazy("Cumulated"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
]


def count(view: View) -> Figures:
    """Decisions of the period, the one before, and twelve months; two statements."""
    months = [one for one in months_to(view.days.last, view.days) if one.span.start <= view.at]
    spans = [view.span, view.before, *(one.span for one in months)]
    now, before, *by_month = tallies_of(view.facts, spans)
    rows = [
        Row(PERIOD, _("This period"), _values(now, waiting(view.facts).count())),
        Row(BEFORE, _("Period before"), _values(before)),
    ]
    rows += [
        Row(one.name, date_format(one.first, "M Y"), _values(tally), is_pending=_runs(one, view))
        for one, tally in zip(months, by_month, strict=True)
    ]
    note = _("Acceptance is accepted of accepted and rejected; sent back and pending are neither.")
    return Figures(_("Decided in"), COLUMNS, rows, [note])


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return the leads that wait for a decision now."""
    return waiting(view.facts) if (row, column) == (PERIOD, PENDING) else None


def months_to(day: date, days: Days) -> list[Days]:
    """Return the twelve months that end with that of `day`, the oldest first."""
    firsts = [day.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - DAY).replace(day=1))
    return [read_days(f"{first:%Y-%m}", days.zone) for first in reversed(firsts)]


def draw(figures: Figures) -> Option | None:
    """Acceptance month by month, from zero to all."""
    months = figures.rows[2:]
    shares = [per_cent(row.values[2]) for row in months]
    if not any(value is not None for value in shares):
        return None
    return {
        "grid": {"left": 8, "right": 24, "top": 24, "bottom": 8, "containLabel": True},
        "xAxis": {
            "type": "category", "data": [str(row.label) for row in months],
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": {
            "type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value} %"},
        },
        "series": [
            {
                "type": "bar", "name": str(_("Acceptance")), "barMaxWidth": 36, "data": shares,
                "itemStyle": {"color": "token:stage-sal"},
                "label": {"show": True, "position": "top", "color": "token:ink-2"},
                "labelLayout": {"hideOverlap": True},
            }
        ],
    }  # fmt: skip


def count_reasons(view: View) -> Figures:
    """Why leads came back, the most frequent first; two statements."""
    found = reasons(decisions(view.facts, view.span), reason_labels())
    whole = round(found[0].n / found[0].share) if found else 0
    rows, so_far = [], 0
    for one in found:
        so_far += one.n
        key = f"{one.code}:returned" if one.returned else one.code
        label = _("%(reason)s (sent back)") % {"reason": one.label} if one.returned else one.label
        rows.append(Row(key, label, [one.n, share(one.n, whole), share(so_far, whole)]))
    note = _("Reasons of rejections that count and of leads sent back.")
    return Figures(_("Reason"), REASONS, rows, [note])


def draw_reasons(figures: Figures) -> Option:
    """Bars from zero to all, the most frequent on top; the line says how much it is so far."""
    times = [int(n or 0) for n in figures.column("n")]
    cumulated = [per_cent(value) for value in figures.column("cumulated")]
    return {
        "grid": {"left": 8, "right": 32, "top": 24, "bottom": 8, "containLabel": True},
        "xAxis": [
            {"type": "value", "min": 0, "max": sum(times), "show": False},
            {
                "type": "value", "min": 0, "max": 100, "interval": 50, "position": "top",
                "splitLine": {"show": False}, "axisLabel": {"formatter": "{value} %"},
            },
        ],
        "yAxis": {
            "type": "category", "inverse": True, "data": [str(row.label) for row in figures.rows],
            "axisTick": {"show": False}, "axisLabel": {"width": 150, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar", "name": str(_("Times")), "barMaxWidth": 20,
                "data": times, "itemStyle": {"color": "token:sales"},
                "label": {"show": True, "position": "right", "distance": 10,
                          "color": "token:ink-2"},
            },
            {
                "type": "line", "name": str(_("Cumulated")), "xAxisIndex": 1, "z": 3,
                "data": [[value, place] for place, value in enumerate(cumulated)],
                "symbolSize": 6, "itemStyle": {"color": "token:ink-3"}, "lineStyle": {"width": 1},
            },
        ],
    }  # fmt: skip


def count_reasons_by(by: str, head: object) -> Callable[[View], Figures]:
    """Return how to count reasons by group: one column a reason; two statements."""

    def count(view: View) -> Figures:
        groups = reasons_by(decisions(view.facts, view.span), by)
        most, labels = list(most_said(groups))[:MOST_REASONS], reason_labels()
        columns = [
            Column("n", _("Came back"), kind=Kind.FLOW),
            *(Column(code, labels.get(code, code), kind=Kind.FLOW) for code in most),
            Column("others", _("Other reasons"), kind=Kind.FLOW),
        ]
        rows = [
            Row(str(one.key or NONE), one.name or _("None"), _said(one, most))
            for one in groups[:MOST_GROUPS]
        ]
        left = len(groups) - len(rows)
        notes = [_("Not shown: %(n)d with fewer.") % {"n": left}] if left else []
        return Figures(head, columns, rows, notes)

    return count


def _values(tally: Tally, pending: int | None = None) -> list[Value]:
    fit = None if tally.mean_rating is None else Decimal(str(tally.mean_rating))
    rate = share(tally.accepted, tally.decided)
    return [tally.accepted, tally.rejected, rate, tally.returned, fit, pending]


def _said(one: Reasons, most: Sequence[str]) -> list[Value]:
    told = [one.counts.get(code, 0) for code in most]
    return [one.n, *told, one.n - sum(told)]


def _runs(days: Days, view: View) -> bool:
    span: Span = days.span
    return span.start <= view.at < span.end


PANELS = [
    Panel(
        key="acceptance",
        title=gettext_lazy("Acceptance"),
        about=gettext_lazy("What Sales decided of the MQLs that it was given, month by month."),
        count=count,
        draw=draw,
        rows=rows,
    ),
    Panel(
        key="rejections",
        title=gettext_lazy("Why leads come back"),
        about=gettext_lazy("The reasons that Sales gave in the period, the most frequent first."),
        count=count_reasons,
        draw=draw_reasons,
    ),
    Panel(
        key="rejections-by-campaign",
        title=gettext_lazy("Why leads come back, by campaign"),
        about=gettext_lazy("Which campaigns bring leads that come back, and for what reason."),
        count=count_reasons_by("campaign", gettext_lazy("Campaign")),
    ),
    Panel(
        key="rejections-by-persona",
        title=gettext_lazy("Why leads come back, by persona"),
        about=gettext_lazy("Which personas bring leads that come back, and for what reason."),
        count=count_reasons_by("persona", gettext_lazy("Persona")),
    ),
]
