"""A picture for tables of shares: cells that are the fuller of colour the larger the share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reporting.figures import Row, Value, per_cent
from reporting.panels.panel import Option

MOST_OPACITY = 0.5  # letters stay readable on the fullest cell, in both themes


def heat(
    rows: Sequence[Row], names: Sequence[str], shares: Sequence[Sequence[Value]], growing: str = ""
) -> Option:
    """Return cells of `shares` by row and by `names` from the left, each with its figure in per
    cent, the largest the fullest. Cells without a share are left out, or where `growing` marks
    them: grey, with that mark.
    """
    cells = [
        (across, down, told)
        for down, row in enumerate(shares)
        for across, value in enumerate(row)
        if (told := per_cent(value)) is not None
    ]
    most = max([1, *(told for _across, _down, told in cells)])
    return {
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "position": "top", "data": list(names), **_BARE},
        "yAxis": {
            "type": "category", "inverse": True, "data": [str(row.label) for row in rows], **_BARE,
        },
        "visualMap": {
            "show": False, "min": 0, "max": most, "seriesIndex": 0,
            "inRange": {"color": ["token:shared", "token:shared"],
                        "opacity": [0.06, MOST_OPACITY]},
        },
        "series": [
            _cells(cells, {"show": True, "color": "token:ink"}),
            *([_growing(rows, shares, growing)] if growing else []),
        ],
    }  # fmt: skip


_BARE: dict[str, Any] = {
    "axisLine": {"show": False}, "axisTick": {"show": False},
    "axisLabel": {"interval": 0, "fontSize": 11},
}  # fmt: skip


def _cells(cells: Sequence[tuple[int, int, int]], label: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "heatmap", "data": cells, "silent": True,
        "label": {"fontSize": 11, "opacity": 1, **label},
        "itemStyle": {"borderWidth": 2, "borderColor": "token:card"},
    }  # fmt: skip


def _growing(rows: Sequence[Row], shares: Sequence[Sequence[Value]], mark: str) -> dict[str, Any]:
    cells = [
        {"value": [across, down, 0], "visualMap": False}
        for down, row in enumerate(shares)
        for across, value in enumerate(row)
        if value is None
    ]
    return {
        "type": "heatmap", "data": cells, "silent": True,
        "label": {"show": True, "formatter": mark, "color": "token:ink-3"},
        "itemStyle": {"color": "token:paused-soft", "borderWidth": 2, "borderColor": "token:card"},
    }  # fmt: skip
