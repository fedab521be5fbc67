"""Data quality: what is known of open leads, and what should be filled in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.quality import ASKED, DUPLICATE, RATE, Known, quality, that_have
from reporting.figures import Column, Figures, Kind, Row, Unit, share
from reporting.panels.panel import Option, Panel
from reporting.view import View

COLUMNS = [
    Column("have", _("Known"), kind=Kind.BALANCE, drills=True),
    Column("missing", _("Missing"), kind=Kind.BALANCE, drills=True),
    Column("share", _("Share known"), Unit.SHARE, Kind.BALANCE, places=1),
]
NAMES: dict[str, Any] = {
    "company": _("Company"),
    "country": _("Country"),
    "phone": _("Telephone"),
    "source": _("Source"),
    "persona": _("Persona"),
    "owner": _("Owner"),
    "dates": _("Day of entering its stage"),
    RATE: _("Exchange rate of the win"),
    DUPLICATE: _("No likely duplicate"),
}
AS_OF_NOW = _("Open leads as they stand now, whatever the period; rates are those of customers.")
OF_NEWEST = _("Likely duplicates are looked for among the 2 000 newest contacts.")


def count(view: View) -> Figures:
    """What is known and what is missing; two statements."""
    found = quality(view.facts)
    asked = (*ASKED, DUPLICATE, RATE)
    rows = [_row(key, found[key]) for key in asked if found[key] != Known(0, 0)]
    return Figures(_("What is asked"), COLUMNS, rows, [AS_OF_NOW, OF_NEWEST])


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return the leads of which something is known, or missing."""
    if row not in NAMES or column not in ("have", "missing"):
        return None
    return that_have(view.facts, row, missing=column == "missing")


def draw(figures: Figures) -> Option:
    """One bar a question, from nothing known to everything known."""
    known = [
        None if part is None else round(float(part) * 100, 1) for part in figures.column("share")
    ]
    return {
        "grid": {"left": 8, "right": 56, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "max": 100, "show": False},
        "yAxis": {
            "type": "category", "inverse": True, "data": [str(row.label) for row in figures.rows],
            "axisLine": {"show": False}, "axisTick": {"show": False},
        },
        "series": [
            {
                "type": "bar", "name": str(_("Share known")), "barMaxWidth": 16, "data": known,
                "itemStyle": {"color": "token:shared"}, "showBackground": True,
                "backgroundStyle": {"color": "token:line"},
                "label": {"show": True, "position": "right", "formatter": "{c} %"},
            }
        ],
    }  # fmt: skip


def _row(key: str, known: Known) -> Row:
    part = share(known.have, known.have + known.missing)
    return Row(key, NAMES[key], [known.have, known.missing, part])


PANELS = [
    Panel(
        key="data-quality",
        title=_("Data quality"),
        about=_("What is known of open leads, and what is still to be filled in."),
        count=count,
        draw=draw,
        rows=rows,
    )
]
