"""Velocity: how long leads take, stage by stage and as a whole."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from leads.enums import LifecycleStage
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.funnel import passed_at
from leads.selectors.figures.velocity import WHOLE, passed_in, velocity, won_in
from reporting.figures import Column, Figures, Kind, Row, Unit
from reporting.panels.funnel import tone_of
from reporting.panels.panel import Option, Panel
from reporting.view import View

COLUMNS = [
    Column("n", _("Leads"), kind=Kind.FLOW, drills=True),
    Column("median", _("Median"), Unit.DAYS, Kind.FLOW, places=1),
    Column("p90", _("9 of 10 within"), Unit.DAYS, Kind.FLOW, places=1),
]


def count(view: View) -> Figures:
    """Times of those that passed each stage in the period; one statement."""
    found = velocity(view.facts, view.span)
    rows = []
    for key, took in found.items():
        label = _("Whole cycle") if key == WHOLE else LifecycleStage(key).label
        tone = "stage-customer" if key == WHOLE else tone_of(LifecycleStage(key))
        rows.append(Row(key, label, [took.n, _days(took.median), _days(took.p90)], tone=tone))
    note = _("Calendar days of those that passed the stage in the period.")
    return Figures(_("Stage"), COLUMNS, rows, [note])


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return those whose times were counted."""
    if column != "n":
        return None
    if row == WHOLE:
        return view.facts.filter(won_in(view.span))
    if row not in LifecycleStage.values or row == LifecycleStage.CUSTOMER:
        return None
    stage = LifecycleStage(row)
    facts = view.facts.annotate(**{f"passed_{stage}": passed_at(stage)})
    return facts.filter(passed_in(stage, view.span))


def draw(figures: Figures) -> Option:
    """Medians as bars from zero, the ninetieth percentile as a ghost behind."""

    def days(key: str) -> list[float | None]:
        return [None if n is None else round(float(n), 1) for n in figures.column(key)]

    medians = [
        {"value": value, "itemStyle": {"color": f"token:{row.tone}"}}
        for value, row in zip(days("median"), figures.rows, strict=True)
    ]
    return {
        "grid": {"left": 8, "right": 56, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {
            "type": "category", "inverse": True, "data": [str(row.label) for row in figures.rows],
            "axisLine": {"show": False}, "axisTick": {"show": False},
        },
        "series": [
            {
                "type": "bar", "name": str(_("9 of 10 within")), "barMaxWidth": 28,
                "data": days("p90"), "itemStyle": {"color": "token:line"},
                "label": {"show": True, "position": "right", "color": "token:ink-3"},
            },
            {
                "type": "bar", "name": str(_("Median")), "barGap": "-75%", "barMaxWidth": 16,
                "label": {"show": True, "position": "insideLeft", "color": "token:on-accent"},
                "data": medians, "z": 3,
            },
        ],
    }  # fmt: skip


def _days(span: timedelta | None) -> Fraction | None:
    return None if span is None else Fraction(span // timedelta(seconds=1), 86_400)


VELOCITY = Panel(
    key="velocity",
    title=_("Velocity"),
    about=_("How long leads took to pass each stage, and from lead to customer."),
    count=count,
    draw=draw,
    rows=rows,
)
PANELS = [VELOCITY]
