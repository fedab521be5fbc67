"""The goal calculator's answer as it is drawn: whole leads, decimals, words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.enums import LifecycleStage
from shell.formats import WIDE, write_number
from sla.goal_math import whole
from sla.goals import LEAST_CASES, Figure, Origin
from sla.outlook import Outlook, StageRow

TYPED, USUAL = gettext_lazy("typed"), gettext_lazy("usual, nothing measured yet")
ENOUGH, RISE, NEVER = "enough", "rise", "never"


@dataclass(frozen=True)
class ShownRow:
    """One stage as drawn. Counts are a period; `width` (0–100) is its bar against the widest."""

    row: StageRow
    label: str
    to_label: str
    css: str
    needed: int | None
    exact: Decimal | None
    marketing: int | None
    now: Decimal | None
    gap: int | None
    width: int
    share: Decimal | None
    origin: str
    is_usual: bool
    saved: Decimal | None
    rise: Decimal | None
    verdict: str


def decimal_of(value: Fraction | None, places: int = 4) -> Decimal | None:
    """Return a fraction as a decimal with at most `places` digits, for the eye only."""
    if value is None:
        return None
    exact = WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    return exact.quantize(Decimal(1).scaleb(-places), context=WIDE)


def origin_of(figure: Figure | None) -> str:
    """Say where a value comes from: typed, measured on n cases, or usual."""
    if figure is None:
        return ""
    if figure.origin is Origin.TYPED:
        return str(TYPED)
    if figure.origin is Origin.MEASURED:
        return _("measured") if figure.n is None else _("measured, n = %(n)d") % {"n": figure.n}
    if figure.n is not None and 0 < figure.n < LEAST_CASES:
        return _("usual; too few measured, n = %(n)d") % {"n": figure.n}
    return str(USUAL)


def shown_rows(found: Outlook) -> list[ShownRow]:
    """Return the stages as drawn, in funnel order."""
    widest = max((row.need.total or Fraction(0) for row in found.rows), default=Fraction(0))
    next_stage = dict(found.goal.pairs)
    return [_shown(row, widest, next_stage.get(row.need.stage)) for row in found.rows]


def _shown(row: StageRow, widest: Fraction, following: LifecycleStage | None) -> ShownRow:
    total = row.need.total
    share = row.share
    return ShownRow(
        row=row,
        label=str(row.need.stage.label),
        to_label=str(following.label) if following else "",
        css=row.need.stage.lower(),
        needed=whole(total),
        exact=decimal_of(total, 2),
        marketing=whole(row.need.marketing),
        now=decimal_of(row.now.value, 1) if row.now else None,
        gap=whole(row.gap) if row.gap is not None and row.gap > 0 else None,
        width=max(2, round(total / widest * 100)) if total and widest else 0,
        share=decimal_of(share.value) if share else None,
        origin=origin_of(share),
        is_usual=share is not None and share.origin is Origin.USUAL,
        saved=decimal_of(row.worth.saved, 1) if row.worth else None,
        rise=decimal_of(row.rise.share) if row.rise else None,
        verdict=_verdict(row),
    )


def _verdict(row: StageRow) -> str:
    if row.rise is None:
        return ""
    if row.rise.share is None:
        return NEVER
    return ENOUGH if row.rise.is_enough else RISE


def shown_load(found: Outlook) -> dict[str, Any] | None:
    """Return what the needed leads ask of the reps, as drawn; None where it cannot be told."""
    if found.load is None:
        return None
    work = found.load
    capacity = decimal_of(work.capacity, 0)
    needed = next(row.need.total for row in found.rows if row.need.stage == found.worked)
    return {
        "stage": found.worked.label,
        "leads": whole(needed),
        "attempts": whole(work.attempts),
        "reps_needed": whole(work.reps_needed),
        "reps_exact": decimal_of(work.reps_needed, 2),
        "reps": int(found.assumptions.reps.value),
        "capacity": capacity,
        "calls_a_day": decimal_of(work.calls_a_day, 1),
        "calls_written": write_number(decimal_of(work.calls_a_day, 1), 1),
        "is_short": work.reps_needed is not None
        and work.reps_needed > found.assumptions.reps.value,
    }
