"""After the sale: customers kept, customers that left, and what more they bought, by source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.enums import CustomerEventKind
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import of_source
from leads.selectors.figures.retention import Kept, customers, did, has_left, retention
from reporting.figures import Column, Figures, Kind, Row, Unit, Value, share
from reporting.panels.panel import Option, Panel
from reporting.view import View

ALL, NONE = "all", "none"
IN_PERIOD = {
    "left": CustomerEventKind.CHURNED,
    "renewed": CustomerEventKind.RENEWED,
    "expanded": CustomerEventKind.EXPANDED,
}
COLUMNS = [
    Column("won", _("Customers so far"), kind=Kind.BALANCE, drills=True),
    Column("kept", _("Kept"), kind=Kind.BALANCE, drills=True),
    Column("share", _("Kept of all"), Unit.SHARE, Kind.BALANCE, places=1),
    Column("left", _("Left in the period"), kind=Kind.FLOW, drills=True),
    Column("renewed", _("Renewed"), kind=Kind.FLOW, drills=True),
    Column("expanded", _("Bought more"), kind=Kind.FLOW, drills=True),
    Column("amount", _("Expansion"), Unit.CENTS, Kind.FLOW),
]
OF_THE_END = _(
    "Customers won before the end of the period, and who of them had not left by then; "
    "expansion is never new revenue."
)
NO_RATE = _("Expansions without an amount in this currency are not in the amount: %(n)s.")


def count(view: View) -> Figures:
    """Customers of each source and what they did; two statements."""
    days = view.days
    found = retention(view.facts, view.span, days.first, days.last, view.currency)
    rows = [
        Row(NONE if one.key is None else str(one.key), one.name or _("None"), _values([one]))
        for one in found
    ]
    if rows:
        rows.insert(0, Row(ALL, _("All sources"), _values(found), tone="stage-customer"))
    notes: list[Any] = [OF_THE_END]
    unworthed = sum(one.unworthed for one in found)
    if unworthed:
        notes.append(NO_RATE % {"n": unworthed})
    return Figures(_("Source"), COLUMNS, rows, notes)


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return the customers behind a number."""
    if not (row in (ALL, NONE) or row.isdecimal()):
        return None
    found = customers(view.facts, view.span)
    if row != ALL:
        found = of_source(found, None if row == NONE else int(row))
    if column == "kept":
        return found.exclude(has_left(view.days.last))
    if column in IN_PERIOD:
        return found.filter(did(IN_PERIOD[column], view.days.first, view.days.last))
    return found if column == "won" else None


def draw(figures: Figures) -> Option:
    """One bar from zero a source: who is kept, and who left, side by side in it."""
    told = figures.rows[1:11]
    won, kept = (figures.column(key)[1:11] for key in ("won", "kept"))
    gone = [int(n or 0) - int(k or 0) for n, k in zip(won, kept, strict=True)]
    return {
        "legend": {"bottom": 0},
        "grid": {"left": 8, "right": 24, "top": 8, "bottom": 32, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {
            "type": "category", "inverse": True, "data": [str(row.label) for row in told],
            "axisLine": {"show": False}, "axisTick": {"show": False},
            "axisLabel": {"width": 160, "overflow": "truncate"},
        },
        "series": [
            _bar(_("Kept"), [int(n or 0) or None for n in kept], "stage-customer", "card"),
            _bar(_("Left"), [n or None for n in gone], "ghost", "ink"),
        ],
    }  # fmt: skip


def _bar(name: Any, values: Sequence[int | None], tone: str, ink: str) -> Option:
    return {
        "type": "bar", "stack": "all", "name": str(name), "barMaxWidth": 20, "data": values,
        "itemStyle": {"color": f"token:{tone}"},
        "label": {"show": True, "position": "inside", "color": f"token:{ink}"},
    }  # fmt: skip


def _values(found: Sequence[Kept]) -> list[Value]:
    won, kept = sum(one.won for one in found), sum(one.kept for one in found)
    told = [sum(one.told.get(kind, 0) for one in found) for kind in IN_PERIOD.values()]
    return [won, kept, share(kept, won), *told, sum(one.cents for one in found)]


PANELS = [
    Panel(
        key="retention",
        title=_("After the sale"),
        about=_("Which customers stayed, which left, and what more they bought, by source."),
        count=count,
        draw=draw,
        rows=rows,
        is_wide=True,
    )
]
