"""Promises kept: by commitment, team and person, and how late the late ones are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from fractions import Fraction
from itertools import accumulate

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.selectors.figures.cut import Cut
from leads.selectors.rankings import ranked_people
from reporting.figures import Column, Figures, Kind, Row, Unit, Value, per_cent, share
from reporting.panels.panel import Option, Panel
from reporting.view import View
from sla.enums import PeriodKind
from sla.models import Commitment
from sla.periods import period_of_day
from sla.promise_words import figure_of, what_of
from sla.selectors.book import Book, book, promised
from sla.selectors.compliance import (
    Asked,
    Kept,
    kept_by_commitment,
    kept_by_person,
    kept_by_team,
    lateness,
)

TONES = {"MARKETING": "marketing", "SALES": "sales", "BOTH": "shared"}
SECOND = timedelta(seconds=1)
MOST_BARS = 15
CLOCKS = [
    Column("share", gettext_lazy("Kept"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
    Column("before", gettext_lazy("Period before"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
    Column("met", gettext_lazy("Met"), kind=Kind.FLOW),
    Column("late", gettext_lazy("Met late"), kind=Kind.FLOW),
    Column("missed", gettext_lazy("Late, still open"), kind=Kind.FLOW),
    Column("running", gettext_lazy("Running"), kind=Kind.BALANCE),
    Column("lateness", gettext_lazy("Median lateness"), Unit.HOURS, Kind.FLOW, places=1),
    Column("told_late", gettext_lazy("Met, told late"), kind=Kind.FLOW),
]
PROMISED = Column("promised", gettext_lazy("Promised"), Unit.SHARE, Kind.PERIOD_RATIO)
LATE = [
    Column("n", gettext_lazy("Promises"), kind=Kind.FLOW),
    Column("share", gettext_lazy("Share"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
    Column("cumulated", gettext_lazy("Cumulated"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
]
HOW = gettext_lazy(
    "Kept is met in time, of all that were due: met, met late or handed on late, and late and "
    "still open. Each counts in the period in which it was due."
)


def count_commitments(view: View) -> Figures:
    """One row a commitment; three statements."""
    found, known = kept_by_commitment(asked_of(view)), book()
    rows, shown = [], _commitments(view, known, found.keys())
    for row in shown:
        one = found.get(row.lineage, Kept(row.lineage, ""))
        label = f"{what_of(row)} · {figure_of(row, view.currency)}"
        values = [*_values(one), Fraction(promised(row))]
        rows.append(Row(str(row.lineage), label, values, tone=TONES[row.side]))
    names = {str(row.lineage): what_of(row) for row in shown}
    return Figures(_("Commitment"), [*CLOCKS, PROMISED], rows, [HOW], {"names": names})


def count_teams(view: View) -> Figures:
    """One row a team; two statements."""
    rows = [
        Row(str(one.key or "none"), one.name or _("No team"), _values(one))
        for one in kept_by_team(asked_of(view))
    ]
    return Figures(_("Team"), CLOCKS, rows, [HOW])


def count_people(view: View) -> Figures:
    """One row a person whose figures may be seen, by name; two statements at most."""
    people = ranked_people(view.user, view.standing)
    rows = [
        Row(str(one.key), one.name, _values(one)) for one in kept_by_person(asked_of(view), people)
    ]
    notes = [HOW] if people is None else [HOW, _("Only people whose figures you may see.")]
    return Figures(_("Person"), CLOCKS, rows, notes)


def count_lateness(view: View) -> Figures:
    """How late the late ones are; one statement."""
    found = lateness(asked_of(view))
    counts = [one.n for one in found.ended] + [found.still_open]
    whole = sum(counts)
    lows = [0, *(one.most or 0 for one in found.ended)]
    lines = [
        (str(one.most or "more"), _late_by(low, one.most))
        for low, one in zip(lows, found.ended, strict=False)
    ]
    lines.append(("open", _("Late, still open")))
    rows = [
        Row(key, label, [n, share(n, whole), share(so_far, whole)])
        for (key, label), n, so_far in zip(lines, counts, accumulate(counts), strict=True)
    ]
    return Figures(_("Business hours late"), LATE, rows if whole else [], [])


def asked_of(view: View) -> Asked:
    """Return which clocks a view is about.

    Unless it narrows, those of leads that were merged away count too, as in the agreement.
    """
    facts = None if view.cut == Cut() else view.facts
    return Asked(view.user, view.standing, facts, view.span, view.before, view.at)


def draw(figures: Figures) -> Option | None:
    """Shares kept as bars from zero, what was promised as a line across its bar."""
    shown = [row for row in figures.rows if row.values[0] is not None][:MOST_BARS]
    if not shown:
        return None
    bars = [
        {"value": per_cent(row.values[0]), "itemStyle": {"color": f"token:{row.tone or 'sales'}"}}
        for row in shown
    ]
    # The figures stand at the end of the scale, where no mark is in their way.
    said = [
        {"value": [100, n], "label": {"formatter": f"{bar['value']} %", "opacity": 1}}
        for n, bar in enumerate(bars)
    ]
    names = figures.more.get("names", {})
    is_promised = figures.columns[-1] is PROMISED
    lines = [[per_cent(row.values[-1]), n] for n, row in enumerate(shown)] if is_promised else []
    return {
        "grid": {"left": 8, "right": 48, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "max": 100, "show": False},
        "yAxis": {
            "type": "category", "inverse": True,
            "data": [names.get(row.key, str(row.label)) for row in shown],
            "axisTick": {"show": False},
            "axisLabel": {"width": 140, "overflow": "break", "lineHeight": 14},
        },
        "series": [
            {
                "type": "bar", "name": str(_("Kept")), "data": bars, "barMaxWidth": 20,
                "showBackground": True, "backgroundStyle": {"color": "token:grid-line"},
            },
            {
                "type": "scatter", "name": str(_("Promised")), "data": lines, "z": 3,
                "symbol": "rect", "symbolSize": [2, 24], "itemStyle": {"color": "token:ink"},
            },
            {
                "type": "scatter", "data": said, "symbolSize": 1, "silent": True,
                "label": {"show": True, "position": "right", "color": "token:ink-2"},
                "itemStyle": {"opacity": 0}, "tooltip": {"show": False},
            },
        ],
    }  # fmt: skip


def draw_lateness(figures: Figures) -> Option:
    """Bars from zero, the least late first."""
    return {
        "grid": {"left": 8, "right": 48, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {
            "type": "category", "inverse": True, "data": [str(row.label) for row in figures.rows],
            "axisLine": {"show": False}, "axisTick": {"show": False},
        },
        "series": [
            {
                "type": "bar", "data": figures.column("n"), "barMaxWidth": 20,
                "itemStyle": {"color": "token:late"}, "label": {"show": True, "position": "right"},
            }
        ],
    }  # fmt: skip


def _commitments(view: View, known: Book, counted: Collection[object]) -> list[Commitment]:
    """Return those that judge the last month of the period, and others that clocks ran on."""
    today = view.at.astimezone(view.days.zone).date()
    month = period_of_day(PeriodKind.MONTH, min(view.days.last, today), view.days.zone)
    shown = {row.lineage: row for row in known.in_period(month, view.at) if row.is_timed}
    for rows in known.commitments.values():
        for row in rows:
            if row.lineage in counted:
                shown.setdefault(row.lineage, row)
    return list(shown.values())


def _late_by(low: int, most: int | None) -> str:
    if most is None:
        return _("Over %(low)d") % {"low": low}
    return _("%(low)d to %(most)d") % {"low": low, "most": most}


def _values(one: Kept) -> list[Value]:
    late = None if one.lateness is None else Fraction(one.lateness // SECOND, 3600)
    return [
        one.share, one.share_before, one.met, one.late, one.missed, one.running, late,
        one.told_late,
    ]  # fmt: skip


PANELS = [
    Panel(
        key="compliance",
        title=gettext_lazy("Promises kept"),
        about=gettext_lazy("Promises on single leads that were due in the period, by commitment."),
        count=count_commitments,
        draw=draw,
        is_wide=True,
    ),
    Panel(
        key="compliance-teams",
        title=gettext_lazy("Promises kept by team"),
        about=gettext_lazy("The same promises by the team of whoever held the lead."),
        count=count_teams,
        draw=draw,
    ),
    Panel(
        key="compliance-people",
        title=gettext_lazy("Promises kept by person"),
        about=gettext_lazy("The same promises by who held the lead."),
        count=count_people,
        draw=draw,
        of_persons=True,
    ),
    Panel(
        key="lateness",
        title=gettext_lazy("How late"),
        about=gettext_lazy("By how many business hours the promises of the period were late."),
        count=count_lateness,
        draw=draw_lateness,
    ),
]
