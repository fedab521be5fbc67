"""Lost to competitors: how often, in which product line, and what it was worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.competitors import Loss, losses, lost_by
from reporting.figures import Column, Figures, Kind, Row, Unit, share
from reporting.panels.panel import Option, Panel
from reporting.view import View

NONE = "none"
LINE = "line-"
MOST_LINES = 6
COLUMNS = [
    Column("n", _("Lost"), kind=Kind.FLOW, drills=True),
    Column("share", _("Share of all lost"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
    Column("amount", _("Amount lost"), Unit.CENTS, Kind.FLOW),
    Column("unworthed", _("Amount not known"), kind=Kind.FLOW),
]
WITHOUT_RATE = _("The amount is what lost deals said; deals without a rate are not in it.")
OTHER_LINES = _("The product lines in which most was lost have a column; all are in Lost.")


@dataclass
class _Total:
    """What was lost to one competitor."""

    name: Any
    n: int = 0
    cents: int = 0
    unworthed: int = 0
    lines: dict[str, int] = field(default_factory=dict)

    def add(self, loss: Loss) -> None:
        self.n += loss.n
        self.cents += loss.cents
        self.unworthed += loss.unworthed
        self.lines[_key(loss.line)] = loss.n


def count(view: View) -> Figures:
    """Losses by competitor, with a column for each of the lines that lost most; two statements."""
    found = losses(view.facts, view.span, view.currency)
    totals: dict[str, _Total] = {}
    for loss in found:
        name = loss.competitor_name or _("Nobody named")
        totals.setdefault(_key(loss.competitor), _Total(name)).add(loss)
    lines, all_lost = _lines(found), sum(one.n for one in totals.values())
    columns = [
        *COLUMNS,
        *(Column(f"{LINE}{key}", name, kind=Kind.FLOW, drills=True)
          for key, name in lines[:MOST_LINES]),
    ]  # fmt: skip
    rows = [
        Row(key, one.name, [
            one.n, share(one.n, all_lost), one.cents if one.unworthed < one.n else None,
            one.unworthed, *(one.lines.get(line, 0) for line, _name in lines[:MOST_LINES]),
        ], tone="ghost" if key == NONE else "")
        for key, one in sorted(totals.items(), key=_order)
    ]  # fmt: skip
    notes = [WITHOUT_RATE, OTHER_LINES] if len(lines) > MOST_LINES else [WITHOUT_RATE]
    return Figures(_("Competitor"), columns, rows, notes)


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return the leads lost to a competitor, or those of one product line."""
    line = column.removeprefix(LINE)
    is_line = column.startswith(LINE) and (line == NONE or line.isdecimal())
    if not (row == NONE or row.isdecimal()) or not (column == "n" or is_line):
        return None
    found = lost_by(view.facts, view.span, _number(row))
    if not is_line:
        return found
    number = _number(line)
    none = number is None
    return found.filter(product_line__isnull=True) if none else found.filter(product_line=number)


def draw(figures: Figures) -> Option | None:
    """One bar from zero a competitor; those of whom nobody was named stand in the table alone."""
    told = [
        (str(row.label), n)
        for row, n in zip(figures.rows, figures.column("n"), strict=True)
        if row.key != NONE
    ][:12]
    if not told:
        return None
    return {
        "grid": {"left": 8, "right": 40, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {
            "type": "category", "inverse": True, "data": [label for label, _n in told],
            "axisLine": {"show": False}, "axisTick": {"show": False},
            "axisLabel": {"width": 160, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar", "name": str(_("Lost")), "barMaxWidth": 20,
                "data": [n for _label, n in told], "itemStyle": {"color": "token:ink-3"},
                "label": {"show": True, "position": "right"},
            }
        ],
    }  # fmt: skip


def _lines(found: Sequence[Loss]) -> list[tuple[str, Any]]:
    """Every product line with a loss, from the one that lost most."""
    counts: dict[str, int] = {}
    names: dict[str, Any] = {}
    for loss in found:
        key = _key(loss.line)
        counts[key] = counts.get(key, 0) + loss.n
        names[key] = loss.line_name or _("No product line")
    keys = sorted(counts, key=lambda key: (key == NONE, -counts[key], str(names[key])))
    return [(key, names[key]) for key in keys]


def _order(pair: tuple[str, _Total]) -> tuple[bool, int, str]:
    key, one = pair
    return (key == NONE, -one.n, str(one.name))


def _key(pk: int | None) -> str:
    return NONE if pk is None else str(pk)


def _number(key: str) -> int | None:
    return None if key == NONE else int(key)


PANELS = [
    Panel(
        key="competitors",
        title=_("Lost to competitors"),
        about=_("To whom leads were lost in the period, and in which product lines."),
        count=count,
        draw=draw,
        rows=rows,
        is_wide=True,
    )
]
