"""Revenue: what new customers brought, who sourced it, and which touches are credited with it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from leads.attribution import Model
from leads.enums import LifecycleStage, TouchKind
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import ENTERED
from leads.selectors.figures.revenue import MET_US, SOURCED, credited, revenue
from reporting.figures import Column, Figures, Kind, Row, Unit, share
from reporting.panels.panel import Option, Panel
from reporting.view import View

COLUMNS = [
    Column("customers", _("New customers"), kind=Kind.FLOW, drills=True),
    Column("revenue", _("Revenue"), Unit.CENTS, Kind.FLOW),
    Column("share", _("Share of revenue"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
]
ALL, FROM_MARKETING, FROM_SALES, INFLUENCED = "all", "sourced", "sales", "influenced"
CREDITS = [Column(model, model.label, Unit.CENTS, Kind.FLOW) for model in Model]
OF_MODELS = _(
    "Every column parts the same revenue: its rows and what no touch led to add up to it."
)
NO_RATE = _("Wins in a currency without a rate are not in the revenue: %(n)s.")


def count_revenue(view: View) -> Figures:
    """New customers and their first wins; one statement."""
    found = revenue(view.facts, view.span)
    sales = (found.customers - found.sourced_customers, found.cents - found.sourced_cents)
    lines = [
        (ALL, _("All"), (found.customers, found.cents), ""),
        (FROM_MARKETING, _("Sourced by Marketing"),
         (found.sourced_customers, found.sourced_cents), "marketing"),
        (FROM_SALES, _("Sourced by Sales"), sales, "sales"),
        (INFLUENCED, _("Influenced by Marketing"),
         (found.influenced_customers, found.influenced_cents), "shared"),
    ]  # fmt: skip
    rows = [
        Row(key, label, [n, cents, share(cents, found.cents)], tone=tone)
        for key, label, (n, cents), tone in lines
    ]
    notes: list[object] = [
        _("Influenced has met Marketing before the close, whoever sourced it: never add them.")
    ]
    if found.lacks_rate:
        notes.append(NO_RATE % {"n": found.lacks_rate})
    return Figures(_("New customers"), COLUMNS, rows, notes)


def revenue_rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return the customers behind a line."""
    which = {ALL: None, FROM_MARKETING: SOURCED, FROM_SALES: ~SOURCED, INFLUENCED: MET_US}
    if column != "customers" or row not in which:
        return None
    won = view.facts.filter(view.span.holds(ENTERED[LifecycleStage.CUSTOMER]))
    condition = which[row]
    return won if condition is None else won.filter(condition)


def count_credits(by: str) -> Callable[[View], Figures]:
    """Return how to count the credit of each `by`; two statements."""

    def count(view: View) -> Figures:
        found, left = credited(view.facts, view.span, by)
        rows = [
            Row(str(one.key or "none"), _named(by, one.name), [one.cents[model] for model in Model])
            for one in found
        ]
        if rows or left:
            rows.append(Row("unattributed", _("No touch led to it"), [left] * len(Model)))
        return Figures(_("Touches"), CREDITS, rows, [OF_MODELS])

    return count


def draw_credits(figures: Figures) -> Option:
    """Seven stacked bars, one a model, of the six that got most and the rest."""
    top, rest = figures.rows[:5], figures.rows[5:]
    series = [
        {"type": "bar", "stack": "all", "name": str(row.label), "barMaxWidth": 40,
         "data": [_units(value) for value in row.values]}
        for row in top
    ]  # fmt: skip
    if rest:
        sums = [sum(_units(row.values[place]) for row in rest) for place in range(len(Model))]
        series.append(
            {"type": "bar", "stack": "all", "name": str(_("All others")), "barMaxWidth": 40,
             "data": sums, "itemStyle": {"color": "token:ghost"}}
        )  # fmt: skip
    return {
        "legend": {"bottom": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 8, "top": 16, "bottom": 48, "containLabel": True},
        "xAxis": {"type": "category", "data": [str(model.label) for model in Model],
                  "axisLabel": {"interval": 0, "width": 70, "overflow": "break"}},
        "yAxis": {"type": "value", "min": 0},
        "series": series,
    }  # fmt: skip


def _units(value: object) -> float:
    return round(int(value) / 100, 2) if isinstance(value, int) else 0.0


def _named(by: str, name: str | None) -> object:
    if by == "kind":
        return TouchKind(name or TouchKind.OTHER).label
    return name or _("None")


REVENUE = Panel(
    key="revenue",
    title=_("Revenue from new customers"),
    about=_("What first wins brought in the period, and who sourced them."),
    count=count_revenue,
    rows=revenue_rows,
)
PANELS = [
    REVENUE,
    Panel(
        key="attribution",
        title=_("Attribution by campaign"),
        about=_("Seven ways to say which campaigns brought the revenue of the period."),
        count=count_credits("campaign"),
        draw=draw_credits,
        is_wide=True,
    ),
    Panel(
        key="attribution-by-touch",
        title=_("Attribution by kind of touch"),
        about=_("The same revenue by how people met us."),
        count=count_credits("kind"),
        is_wide=True,
    ),
]
