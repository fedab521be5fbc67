"""Flow between stages: who came in, who went on, who went out and why, who came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.enums import Disposition
from leads.lifecycle import STAGES
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.flows import BACK, ENDS, NEW, Flow, flows, known_ends, that_moved
from reporting.figures import Column, Figures, Kind, Row, Unit, Value, share
from reporting.panels.funnel import tone_of
from reporting.panels.panel import Option, Panel
from reporting.view import View

TO = "-"
COLUMNS = [
    Column("n", _("Moved"), kind=Kind.FLOW, drills=True),
    Column("before", _("Period before"), kind=Kind.FLOW),
    Column("share", _("Of all that left there"), Unit.SHARE, Kind.PERIOD_RATIO, places=1),
]
ORDER = (NEW, BACK, *STAGES, *ENDS)
NAMES: dict[str, Any] = {
    NEW: _("New"),
    BACK: _("Back from nurturing"),
    **{stage: stage.label for stage in STAGES},
    **{end: end.label for end in ENDS},
}
TONES: dict[str, str] = {
    NEW: "marketing",
    BACK: "paused",
    **{stage: tone_of(stage) for stage in STAGES},
    Disposition.RECYCLED: "paused",
    Disposition.DISQUALIFIED: "ghost",
    Disposition.LOST: "ink-2",
}
# Where the picture is drawn for a phone, in pixels.
NARROW = 480
# How far to the right each stands: what leaves the funnel stands at the end.
DEPTHS: dict[str, int] = {NEW: 0, BACK: 0, **{stage: n for n, stage in enumerate(STAGES, 1)}}


def count(view: View) -> Figures:
    """Every move of the period, in the order of the funnel; one statement."""
    found = [one for one in flows(view.facts, [view.span, view.before]) if any(one.counts)]
    found.sort(key=lambda one: (ORDER.index(one.start), ORDER.index(one.end)))
    left: dict[str, int] = {}
    for one in found:
        left[one.start] = left.get(one.start, 0) + one.counts[0]
    rows = [
        Row(f"{one.start}{TO}{one.end}", _label(one),
            [*one.counts, share(one.counts[0], left[one.start])], tone=TONES[one.end])
        for one in found
    ]  # fmt: skip
    note = _("Moves with a known day; stages that were passed over are not counted.")
    return Figures(_("Move"), COLUMNS, rows, [note])


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return those that made one move in the period."""
    start, _to, end = row.partition(TO)
    if column != "n" or not {start, end} <= known_ends():
        return None
    return that_moved(view.facts, view.span, start, end)


def draw(figures: Figures) -> Option | None:
    """Bands as wide as the moves are many, from the left where leads come in to the right."""
    links: list[tuple[str, str, Value]] = [
        (row.key.split(TO)[0], row.key.split(TO)[1], n)
        for row, n in zip(figures.rows, figures.column("n"), strict=True)
        if n
    ]
    if not links:
        return None
    used = [key for key in ORDER if any(key in (start, end) for start, end, _n in links)]
    wide = {"right": 104, "nodeWidth": 14, "label": {"fontSize": 12}, "data": _nodes(used)}
    narrow = {
        "right": 72,
        "nodeWidth": 8,
        "label": {"fontSize": 10},
        "data": _nodes(used, "bottom"),
    }
    return {
        "tooltip": {"trigger": "item"},
        "media": [
            {"query": {"maxWidth": NARROW}, "option": {"series": [narrow]}},
            {"option": {"series": [wide]}},
        ],
        "series": [
            {
                **wide, "type": "sankey", "left": 8, "top": 8, "bottom": 8, "nodeGap": 14,
                "draggable": False, "layoutIterations": 0, "emphasis": {"focus": "adjacency"},
                "label": {"color": "token:ink", "fontSize": 12, "textBorderWidth": 0},
                "lineStyle": {"color": "token:line-strong", "opacity": 0.45},
                "links": [
                    {"source": str(NAMES[start]), "target": str(NAMES[end]), "value": n}
                    for start, end, n in links
                ],
            }
        ],
    }  # fmt: skip


def _nodes(used: Sequence[str], last: str = "right") -> list[Option]:
    """The places in their order; `last` is on which side of it the last long name stands."""
    return [
        {
            "name": str(NAMES[key]), "depth": DEPTHS.get(key, len(STAGES)),
            "itemStyle": {"color": f"token:{TONES[key]}"},
            "label": {"position": last if key == STAGES[-2] else "right"},
        }
        for key in used
    ]  # fmt: skip


def _label(one: Flow) -> str:
    return f"{NAMES[one.start]} → {NAMES[one.end]}"


PANELS = [
    Panel(
        key="flows",
        title=_("Flow between stages"),
        about=_("Where the leads that moved in the period came from, and where they went."),
        count=count,
        draw=draw,
        rows=rows,
        is_wide=True,
    )
]
