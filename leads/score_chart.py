"""The small chart of scores before and after a change: bars by tens, drawn by the server. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leads.selectors.score_preview import Preview

WIDTH, HEIGHT = 480, 120
GAP = 4
TENS = 10


@dataclass(frozen=True)
class Bar:
    """One ten of scores: how many leads before and after, and where its bars stand."""

    label: str
    before: int
    after: int
    x: float
    width: float
    before_y: float
    before_height: float
    after_y: float
    after_height: float
    is_proposed: bool


@dataclass(frozen=True)
class Chart:
    """The bars, and where the two thresholds cut them."""

    bars: Sequence[Bar]
    enter_x: float
    leave_x: float
    width: int = WIDTH
    height: int = HEIGHT


def chart_of(shown: Preview) -> Chart:
    """Return the chart of a preview, on a plane of `WIDTH` by `HEIGHT`."""
    step = WIDTH / len(shown.after)
    most = max(1, *shown.before, *shown.after)
    bars = []
    for n, (before, after) in enumerate(zip(shown.before, shown.after, strict=True)):
        tall, now = HEIGHT * before / most, HEIGHT * after / most
        bars.append(
            Bar(
                label=_label(n, len(shown.after)),
                before=before,
                after=after,
                x=round(n * step + GAP / 2, 1),
                width=round(step - GAP, 1),
                before_y=round(HEIGHT - tall, 1),
                before_height=round(tall, 1),
                after_y=round(HEIGHT - now, 1),
                after_height=round(now, 1),
                is_proposed=(n - 1) * TENS >= shown.thresholds.enter,
            )
        )
    limits = shown.thresholds
    return Chart(bars, _place(limits.enter, step), _place(limits.leave, step))


def _label(n: int, bins: int) -> str:
    if n == 0:
        return "< 0"
    least = (n - 1) * TENS
    return f"{least}+" if n == bins - 1 else f"{least}\u2013{least + TENS - 1}"


def _place(score: int, step: float) -> float:
    return round(min(WIDTH, max(0.0, step + score / TENS * step)), 1)
