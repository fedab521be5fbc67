"""Who holds how many leads, and how soon people are reached."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.workload import Load, held_by, loads, untried
from leads.selectors.rankings import ranked_people
from reporting.figures import Column, Figures, Kind, Row, Unit, Value
from reporting.panels.panel import Option, Panel
from reporting.view import View

NOBODY = "none"
SECOND = timedelta(seconds=1)
MOST_BARS = 15
COLUMNS = [
    Column("open", gettext_lazy("Open leads"), kind=Kind.BALANCE, drills=True),
    Column("untried", gettext_lazy("Accepted, not tried yet"), kind=Kind.BALANCE, drills=True),
    Column("attempts", gettext_lazy("Attempts"), kind=Kind.FLOW),
    Column("tried", gettext_lazy("Leads tried"), kind=Kind.FLOW),
    Column("answered", gettext_lazy("First tried"), kind=Kind.FLOW),
    Column("response", gettext_lazy("Median until then"), Unit.ELAPSED, Kind.FLOW, places=1),
]


def count(view: View) -> Figures:
    """One row a person whose figures may be seen, and one of nobody; two statements, three for
    who heads a team without managing all."""
    people = ranked_people(view.user, view.standing)
    rows = [
        Row(str(one.key or NOBODY), one.name or _("Nobody’s yet"), _values(one))
        for one in loads(view.facts, view.span, people)
    ]
    notes = [
        _("Leads count for who owns them now, attempts for who made them."),
        _("Hours go by the clock, from acceptance to the first attempt."),
    ]
    if people is not None:
        notes.append(_("Only people whose figures you may see."))
    return Figures(_("Person"), COLUMNS, rows, notes)


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return the open leads that a person holds, or of these the ones not tried yet."""
    if column not in ("open", "untried") or not (row == NOBODY or row.isdecimal()):
        return None
    held = held_by(view.facts, None if row == NOBODY else int(row))
    return held if column == "open" else untried(held)


def draw(figures: Figures) -> Option | None:
    """Open leads as bars from zero, who holds most on top; not tried yet in front.

    What is nobody's yet would dwarf them: it stands in the table.
    """
    held = [row for row in figures.rows if row.values[0] and row.key != NOBODY]
    shown = held[:MOST_BARS]
    if not shown:
        return None
    return {
        "grid": {"left": 8, "right": 48, "top": 32, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "itemWidth": 12, "itemHeight": 8},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {
            "type": "category", "inverse": True, "data": [str(row.label) for row in shown],
            "axisLine": {"show": False}, "axisTick": {"show": False},
            "axisLabel": {"width": 130, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar", "name": str(_("Open leads")), "barMaxWidth": 20,
                "data": [row.values[0] for row in shown], "itemStyle": {"color": "token:ghost"},
                "label": {"show": True, "position": "right", "color": "token:ink-2"},
            },
            {
                "type": "bar", "name": str(_("Accepted, not tried yet")), "barGap": "-75%",
                "barMaxWidth": 10, "data": [row.values[1] for row in shown], "z": 3,
                "itemStyle": {"color": "token:sales"},
            },
        ],
    }  # fmt: skip


def _values(one: Load) -> list[Value]:
    hours = None if one.response is None else Fraction(one.response // SECOND, 3600)
    return [one.open, one.untried, one.attempts, one.tried, one.answered, hours]


PANELS = [
    Panel(
        key="workload",
        title=gettext_lazy("Workload"),
        about=gettext_lazy("Who holds how many open leads, and how soon they are first tried."),
        count=count,
        draw=draw,
        rows=rows,
        of_persons=True,
    )
]
