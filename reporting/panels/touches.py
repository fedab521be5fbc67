"""Touches until a contact became a lead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import of_source
from leads.selectors.figures.touches import (
    MANY,
    MET,
    TouchesNeeded,
    became_leads,
    met_so_often,
    spread,
    touches_needed,
)
from reporting.figures import Column, Figures, Kind, Row, Unit, Value, share
from reporting.panels.panel import Option, Panel
from reporting.view import View

ALL, NONE = "all", "none"
COLUMNS = [
    Column("n", _("Met us before"), kind=Kind.FLOW, drills=True),
    Column("median", _("Median"), kind=Kind.FLOW),
    Column("p90", _("9 of 10 within"), kind=Kind.FLOW),
    Column("unmet", _("Without a known touch"), kind=Kind.FLOW, drills=True),
]
SPREAD = [
    Column("n", _("Leads"), kind=Kind.FLOW, drills=True),
    Column("share", _("Share"), Unit.SHARE, Kind.FLOW, places=1),
    Column("within", _("This many or fewer"), Unit.SHARE, Kind.FLOW, places=1),
]
FIRST_TIME = _("People who became a lead for the first time in the period.")
KNOWN_ONLY = _("Median and bound are of those who met us before.")
HIGHEST = 12


def count(view: View) -> Figures:
    """Touches needed, of all and by source; two statements."""
    whole, by_source = touches_needed(view.facts, view.span)
    rows = [
        Row(NONE if one.key is None else str(one.key), one.name or _("None"), _values(one))
        for one in by_source
    ]
    if rows:
        rows.insert(0, Row(ALL, _("All sources"), _values(whole), tone="shared"))
    return Figures(_("Source"), COLUMNS, rows, [FIRST_TIME, KNOWN_ONLY])


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return those who met us before they became leads, or those of whom no touch is known."""
    if column not in ("n", "unmet") or not (row in (ALL, NONE) or row.isdecimal()):
        return None
    found = became_leads(view.facts, view.span).filter(MET if column == "n" else ~MET)
    return found if row == ALL else of_source(found, None if row == NONE else int(row))


def count_spread(view: View) -> Figures:
    """How many became a lead after how many touches; one statement."""
    found = spread(view.facts, view.span)
    whole, within, rows = sum(found.values()), 0, []
    for touches in range(MANY + 1) if whole else ():
        n = found.get(touches, 0)
        within += n
        rows.append(Row(str(touches), _label(touches), [n, share(n, whole), share(within, whole)]))
    return Figures(_("Touches before"), SPREAD, rows, [FIRST_TIME])


def spread_rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return those who became leads after so many touches."""
    if column != "n" or not row.isdecimal() or int(row) > MANY:
        return None
    return met_so_often(became_leads(view.facts, view.span), int(row))


def draw(figures: Figures) -> Option | None:
    """Medians as bars from zero, the bound of nine in ten as a ghost behind."""
    told = [
        (str(row.label), median, p90)
        for row, median, p90 in zip(
            figures.rows, figures.column("median"), figures.column("p90"), strict=True
        )
        if median is not None
    ][:HIGHEST]
    if not told:
        return None
    return {
        "grid": {"left": 8, "right": 40, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {
            "type": "category", "inverse": True, "data": [label for label, _m, _p in told],
            "axisLine": {"show": False}, "axisTick": {"show": False},
            "axisLabel": {"width": 140, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar", "name": str(_("9 of 10 within")), "barMaxWidth": 24,
                "data": [p90 for _l, _m, p90 in told], "itemStyle": {"color": "token:line"},
                "label": {"show": True, "position": "right", "color": "token:ink-3"},
            },
            {
                "type": "bar", "name": str(_("Median")), "barGap": "-75%", "barMaxWidth": 12,
                "data": [median for _l, median, _p in told],
                "itemStyle": {"color": "token:shared"}, "z": 3,
                "label": {"show": True, "position": "insideLeft", "color": "token:card"},
            },
        ],
    }  # fmt: skip


def draw_spread(figures: Figures) -> Option:
    """One bar from zero for each number of touches."""
    return {
        "grid": {"left": 8, "right": 8, "top": 24, "bottom": 8, "containLabel": True},
        "xAxis": {
            "type": "category", "axisTick": {"show": False},
            "data": [row.key if int(row.key) < MANY else f"{MANY}+" for row in figures.rows],
        },
        "yAxis": {"type": "value", "min": 0, "show": False},
        "series": [
            {
                "type": "bar", "name": str(_("Leads")), "barMaxWidth": 40,
                "data": figures.column("n"), "itemStyle": {"color": "token:stage-lead"},
                "label": {"show": True, "position": "top"},
            }
        ],
    }  # fmt: skip


def _values(one: TouchesNeeded) -> list[Value]:
    return [one.n, one.median, one.p90, one.unmet]


def _label(touches: int) -> object:
    if not touches:
        return _("None known")
    if touches >= MANY:
        return _("%(n)s touches or more") % {"n": MANY}
    return ngettext("%(n)s touch", "%(n)s touches", touches) % {"n": touches}


PANELS = [
    Panel(
        key="touches",
        title=_("Touches until a lead"),
        about=_("How often people met us before they became leads, by source."),
        count=count,
        draw=draw,
        rows=rows,
    ),
    Panel(
        key="touches-spread",
        title=_("Leads by touches before"),
        about=_("How many people became leads after one touch, after two, and so on."),
        count=count_spread,
        draw=draw_spread,
        rows=spread_rows,
    ),
]
