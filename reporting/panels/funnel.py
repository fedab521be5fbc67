"""The funnel: entries into each stage, and what became of those that entered."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from leads.enums import LifecycleStage
from leads.lifecycle import STAGES
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import ENTERED
from leads.selectors.figures.funnel import cohorts, entries, in_time, may_still
from reporting.figures import Column, Figures, Kind, Row, Unit, share
from reporting.panels.panel import Option, Panel
from reporting.view import View

FLOW = [
    Column("entered", _("Entered"), kind=Kind.FLOW, drills=True),
    Column("before", _("Period before"), kind=Kind.FLOW),
    Column("change", _("Change"), Unit.SHARE, Kind.FLOW, places=1),
    Column("ratio", _("Of the stage before"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
]
COHORT = [
    Column("entered", _("Entered"), kind=Kind.COHORT, drills=True),
    Column("reached", _("Reached the next"), kind=Kind.COHORT, drills=True),
    Column("share", _("Share"), Unit.SHARE, Kind.COHORT, places=1),
    Column("open", _("Still open"), kind=Kind.COHORT, drills=True),
]


def tone_of(stage: LifecycleStage) -> str:
    """Return the stage's own hue."""
    return f"stage-{stage.lower()}"


def count_flow(view: View) -> Figures:
    """Entries into each stage, now and before; one statement."""
    now, before = entries(view.facts, [view.span, view.before])
    rows = []
    for place, stage in enumerate(STAGES):
        n, was = now[stage], before[stage]
        ratio = share(n, now[STAGES[place - 1]]) if place else None
        rows.append(
            Row(stage, stage.label, [n, was, share(n - was, was), ratio], tone=tone_of(stage))
        )
    return Figures(_("Stage"), FLOW, rows)


def count_cohort(view: View) -> Figures:
    """What became of those that entered each stage; one statement."""
    found = cohorts(view.facts, view.span, within=view.within, at=view.at)
    rows = [
        Row(
            stage,
            stage.label,
            [one.entered, one.reached, share(one.reached, one.entered), one.still_open],
            tone=tone_of(stage),
            is_pending=not one.is_whole,
        )
        for stage, one in found.items()
    ]
    note = _("Reached within %(days)d days of entering.") % {"days": view.within.days}
    return Figures(_("Stage"), COHORT, rows, [note])


def flow_rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return the leads that entered a stage in the period."""
    if row not in LifecycleStage.values or column != "entered":
        return None
    return view.facts.filter(view.span.holds(ENTERED[LifecycleStage(row)]))


def cohort_rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return those that entered, reached the next, or still may."""
    if row not in LifecycleStage.values or row == LifecycleStage.CUSTOMER:
        return None
    stage = LifecycleStage(row)
    entered = view.facts.filter(view.span.holds(ENTERED[stage]))
    if column == "reached":
        return in_time(entered, stage, view.within)
    if column == "open":
        return may_still(entered, stage, view.within, view.at)
    return entered if column == "entered" else None


def draw_flow(figures: Figures) -> Option:
    """Bars from zero, one a stage in its own hue, the period before as a ghost behind."""
    labels = [str(row.label) for row in figures.rows]
    now = [
        {"value": n, "itemStyle": {"color": f"token:{row.tone}"}}
        for row, n in zip(figures.rows, figures.column("entered"), strict=True)
    ]
    return {
        "grid": {"left": 8, "right": 56, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {
            "type": "category", "inverse": True, "data": labels,
            "axisLine": {"show": False}, "axisTick": {"show": False},
        },
        "series": [
            {
                "type": "bar", "name": str(_("Period before")), "silent": True, "barMaxWidth": 28,
                "data": figures.column("before"), "itemStyle": {"color": "token:line"},
            },
            {
                "type": "bar", "name": str(_("Entered")), "barGap": "-75%", "barMaxWidth": 16,
                "label": {"show": True, "position": "right"}, "data": now, "z": 3,
            },
        ],
    }  # fmt: skip


FUNNEL = Panel(
    key="funnel",
    title=_("Funnel"),
    about=_("How many leads entered each stage, and how many in the period before."),
    count=count_flow,
    draw=draw_flow,
    rows=flow_rows,
)
COHORTS = Panel(
    key="cohorts",
    title=_("What became of them"),
    about=_("Of those that entered a stage in the period, how many went on in time."),
    count=count_cohort,
    rows=cohort_rows,
)
PANELS = [FUNNEL, COHORTS]
