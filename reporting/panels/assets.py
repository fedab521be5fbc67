"""Assets: how they are used, and who had seen them before they decided."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from leads.enums import Disposition
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.assets import AssetUse, asset_use, sent_to, that_saw
from reporting.figures import Column, Figures, Kind, Row, Unit, Value, share
from reporting.panels.panel import Option, Panel
from reporting.view import View

COLUMNS = [
    Column("sent", _("Sent to"), kind=Kind.FLOW, drills=True),
    Column("opened", _("Opened by"), kind=Kind.COHORT, drills=True),
    Column("open_rate", _("Opened of sent"), Unit.SHARE, Kind.COHORT),
    Column("seen", _("Ended, had seen it"), kind=Kind.COHORT, drills=True),
    Column("won", _("Won, had seen it"), kind=Kind.COHORT, drills=True),
    Column("conversion", _("Won of ended"), Unit.SHARE, Kind.COHORT, places=1),
    Column("revenue", _("Revenue influenced"), Unit.CENTS, Kind.FLOW),
]
NEVER_ADDED = _(
    "Who saw two assets counts for both: never add them. Ended is won, lost or disqualified."
)


def count(view: View) -> Figures:
    """One row an asset that was sent or seen; three statements."""
    rows = [
        Row(str(one.key), one.name or _("An asset that is gone"), _values(one))
        for one in asset_use(view.facts, view.span)
    ]
    return Figures(_("Asset"), COLUMNS, rows, [NEVER_ADDED])


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return the leads to whom an asset was sent, or who had seen it when they ended."""
    if not row.isdecimal():
        return None
    asset = int(row)
    if column in ("sent", "opened"):
        return sent_to(view.facts, view.span, asset, opened=column == "opened")
    if column not in ("seen", "won"):
        return None
    seen = that_saw(view.facts, view.span, asset)
    return seen.filter(disposition=Disposition.WON) if column == "won" else seen


def draw(figures: Figures) -> Option | None:
    """Those who had seen it as a ghost, the new customers among them in front; both from zero."""
    top = [
        (str(row.label), seen, won)
        for row, seen, won in zip(
            figures.rows, figures.column("seen"), figures.column("won"), strict=True
        )
        if seen
    ][:10]
    if not top:
        return None
    return {
        "legend": {"bottom": 0},
        "grid": {"left": 8, "right": 40, "top": 8, "bottom": 32, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {
            "type": "category", "inverse": True, "data": [label for label, _s, _w in top],
            "axisLine": {"show": False}, "axisTick": {"show": False},
            "axisLabel": {"width": 180, "overflow": "truncate"},
        },
        "media": [
            {"query": {"maxWidth": 480}, "option": {"yAxis": {"axisLabel": {"width": 88}}}},
            {"option": {"yAxis": {"axisLabel": {"width": 180}}}},
        ],
        "series": [
            {
                "type": "bar", "name": str(_("Ended, had seen it")), "barMaxWidth": 24,
                "data": [seen for _l, seen, _w in top], "itemStyle": {"color": "token:ghost"},
                "label": {"show": True, "position": "right"},
            },
            {
                "type": "bar", "name": str(_("Won, had seen it")), "barGap": "-75%",
                "barMaxWidth": 12, "data": [won or None for _l, _s, won in top], "z": 3,
                "itemStyle": {"color": "token:stage-customer"},
                "label": {"show": True, "position": "insideLeft", "color": "token:card"},
            },
        ],
    }  # fmt: skip


def _values(one: AssetUse) -> list[Value]:
    return [
        one.sent, one.opened, share(one.opened, one.sent), one.seen, one.won,
        share(one.won, one.seen), one.cents,
    ]  # fmt: skip


PANELS = [
    Panel(
        key="assets",
        title=_("Assets in use"),
        about=_("Which content was sent and opened, and who had seen it before deciding."),
        count=count,
        draw=draw,
        rows=rows,
        is_wide=True,
    )
]
