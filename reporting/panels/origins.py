"""Sources and campaigns: what each brought, from leads to revenue, and what it cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.enums import CloseReason, LifecycleStage
from leads.lifecycle import STAGES
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import ENTERED
from leads.selectors.figures.origins import Origin, add_costs, origins
from reporting.figures import Column, Figures, Kind, Row, Unit, Value, share
from reporting.panels.panel import Option, Panel
from reporting.view import View

NONE = "none"
ENTRIES = [Column(stage, stage.label, kind=Kind.FLOW, drills=True) for stage in STAGES]
OUTCOME = [
    Column("acceptance", _("Acceptance"), Unit.SHARE, Kind.PERIOD_RATIO),
    Column("reason", _("Most often rejected for"), Unit.TEXT),
    Column("revenue", _("Revenue"), Unit.CENTS, Kind.FLOW),
]
MONEY = [
    Column("cost", _("Cost"), Unit.CENTS, Kind.FLOW),
    Column("per_mql", _("Cost per MQL"), Unit.CENTS, Kind.PERIOD_RATIO),
    Column("per_customer", _("Cost per customer"), Unit.CENTS, Kind.PERIOD_RATIO),
    Column("roi", _("Return on cost"), Unit.SHARE, Kind.PERIOD_RATIO),
]
ROI = _("Return on cost is revenue less cost, over cost; both of the period.")
NO_RATE = _("Wins in a currency without a rate are not in the revenue: %(n)s.")


def count_sources(view: View) -> Figures:
    """One row a source; two statements."""
    found = origins(view.facts, view.span, "source")
    return Figures(_("Source"), ENTRIES + OUTCOME, _rows(found, _brought), _apart(found))


def count_campaigns(view: View) -> Figures:
    """One row a campaign, with its costs; three statements."""
    found = origins(view.facts, view.span, "campaign")
    add_costs(found, view.days.first, view.days.last, view.currency)
    columns = ENTRIES + OUTCOME + MONEY
    return Figures(_("Campaign"), columns, _rows(found, _paid), [ROI, *_apart(found)])


def rows_by(by: str) -> Callable[[View, str, str], LeadFactQuerySet | None]:
    """Return how to find the leads of one origin that entered one stage."""

    def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
        if column not in LifecycleStage.values or not (row == NONE or row.isdecimal()):
            return None
        entered = view.facts.filter(view.span.holds(ENTERED[LifecycleStage(column)]))
        return entered.filter(**{f"{by}_id": None if row == NONE else int(row)})

    return rows


def _rows(found: Sequence[Origin], values: Callable[[Origin], list[Value]]) -> list[Row]:
    return [
        Row(NONE if one.key is None else str(one.key), one.name or _("None"), values(one))
        for one in found
    ]


def _brought(one: Origin) -> list[Value]:
    entries: list[Value] = [one.entered[stage] for stage in STAGES]
    acceptance = share(one.accepted, one.accepted + one.rejected)
    return [*entries, acceptance, reason_in_words(one.top_reason) or None, one.revenue_cents]


def _paid(one: Origin) -> list[Value]:
    cost = one.cost_cents
    if cost is None:
        return [*_brought(one), None, None, None, None]
    per_mql = share(cost, one.entered[LifecycleStage.MQL])
    per_customer = share(cost, one.entered[LifecycleStage.CUSTOMER])
    return [*_brought(one), cost, per_mql, per_customer, share(one.revenue_cents - cost, cost)]


def _apart(found: Sequence[Origin]) -> list[Any]:
    without = sum(one.lacks_rate for one in found)
    return [NO_RATE % {"n": without}] if without else []


def reason_in_words(code: str) -> str:
    """Return a reason as the product calls it; the organisation's own codes as they are."""
    known = CloseReason._value2member_map_.get(code)
    return str(CloseReason(code).label) if known else code


def draw(figures: Figures) -> Option:
    """The ten that brought most leads: leads as a ghost, customers in front, both from zero."""
    top = figures.rows[:10]
    leads = figures.column(LifecycleStage.LEAD)[:10]
    customers = figures.column(LifecycleStage.CUSTOMER)[:10]
    return {
        "grid": {"left": 8, "right": 48, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {
            "type": "category", "inverse": True, "data": [str(row.label) for row in top],
            "axisLine": {"show": False}, "axisTick": {"show": False},
            "axisLabel": {"width": 160, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar", "name": str(LifecycleStage.LEAD.label), "barMaxWidth": 24,
                "data": leads, "itemStyle": {"color": "token:ghost"},
                "label": {"show": True, "position": "right"},
            },
            {
                "type": "bar", "name": str(LifecycleStage.CUSTOMER.label), "barGap": "-75%",
                "barMaxWidth": 12, "data": customers,
                "itemStyle": {"color": "token:stage-customer"}, "z": 3,
            },
        ],
    }  # fmt: skip


PANELS = [
    Panel(
        key="sources",
        title=_("Sources"),
        about=_("What each source brought in the period, from leads to revenue."),
        count=count_sources,
        draw=draw,
        rows=rows_by("source"),
        is_wide=True,
    ),
    Panel(
        key="campaigns",
        title=_("Campaigns"),
        about=_("What each campaign brought in the period, what it cost, and what came back."),
        count=count_campaigns,
        rows=rows_by("campaign"),
        is_wide=True,
    ),
]
