"""Winning traits: what sets apart those that became customers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.enums import TouchKind
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.traits import SIZES, TraitCount, ended, trait_counts, with_trait
from leads.traits import FEWEST, Lift, lift_of
from reporting.figures import Column, Figures, Kind, Row, Unit, Value
from reporting.panels.panel import Option, Panel
from reporting.view import View

MOST = 40
NAMES: dict[str, Any] = {
    "source": gettext_lazy("Source"),
    "campaign": gettext_lazy("Campaign"),
    "persona": gettext_lazy("Persona"),
    "product_line": gettext_lazy("Product line"),
    "region": gettext_lazy("Country"),
    "sector": gettext_lazy("Sector"),
    "size": gettext_lazy("Size"),
    "touch": gettext_lazy("Touch"),
    "asset": gettext_lazy("Asset seen"),
}
COLUMNS = [
    Column("n", gettext_lazy("Ended"), kind=Kind.COHORT, drills=True),
    Column("won", gettext_lazy("Won"), kind=Kind.COHORT, drills=True),
    Column("conversion", gettext_lazy("Won of ended"), Unit.SHARE, Kind.COHORT, places=1),
    Column("lift", gettext_lazy("Against the rest"), Unit.RATIO, Kind.COHORT, places=2),
    Column("low", gettext_lazy("At least"), Unit.RATIO, Kind.COHORT, places=2),
    Column("high", gettext_lazy("At most"), Unit.RATIO, Kind.COHORT, places=2),
    Column("says", gettext_lazy("What it says"), Unit.TEXT),
]


def count(view: View) -> Figures:
    """Every value of every trait, what helps most for sure on top; one statement."""
    n, won, found = trait_counts(view.facts, view.span)
    lifts = [(one, lift_of(one.n, one.won, n, won)) for one in found]
    lifts.sort(key=_order)
    rows = [
        Row(f"{one.trait}={one.value}", _label(one), _values(lift)) for one, lift in lifts[:MOST]
    ]
    notes = [
        _("Leads that were won, lost or disqualified in the period; the bounds hold in 95 of 100.")
    ]
    if len(lifts) > MOST:
        notes.append(_("The first %(n)s of %(all)s.") % {"n": MOST, "all": len(lifts)})
    return Figures(_("Trait"), COLUMNS, rows, notes)


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return those that ended with the trait, or those of them that were won."""
    trait, _equals, value = row.partition("=")
    found = with_trait(ended(view.facts, view.span), trait, value)
    if found is None or column not in ("n", "won"):
        return None
    return found.filter(disposition="WON") if column == "won" else found


def draw(figures: Figures) -> Option | None:
    """The lifts that can be told, from the best: a point with its bounds, 1 as the line between."""
    places = {column.key: place for place, column in enumerate(figures.columns)}
    told = [row for row in figures.rows if row.values[places["lift"]] is not None][:12]
    if not told:
        return None

    def of(key: str) -> list[float]:
        return [round(float(row.values[places[key]]), 3) for row in told]  # type: ignore[arg-type]

    low, high, lift = of("low"), of("high"), of("lift")
    return {
        "grid": {"left": 8, "right": 32, "top": 8, "bottom": 24, "containLabel": True},
        "xAxis": {"type": "log", "logBase": 2, "axisLabel": {"formatter": "{value}×"}},
        "yAxis": {
            "type": "category", "inverse": True, "data": [str(row.label) for row in told],
            "axisTick": {"show": False}, "axisLabel": {"width": 190, "overflow": "truncate"},
        },
        "series": [
            *(
                {
                    "type": "line", "silent": True, "symbol": "none",
                    "data": [[low[place], place], [high[place], place]],
                    "lineStyle": {"color": "token:ghost", "width": 4},
                }
                for place in range(len(told))
            ),
            {
                "type": "scatter", "symbolSize": 10, "z": 3,
                "data": [[value, place] for place, value in enumerate(lift)],
                "itemStyle": {"color": "token:shared"},
                "markLine": {
                    "symbol": "none", "silent": True, "label": {"show": False},
                    "lineStyle": {"color": "token:ink-3", "type": "solid"}, "data": [{"xAxis": 1}],
                },
            },
        ],
    }  # fmt: skip


def _order(pair: tuple[TraitCount, Lift]) -> tuple[bool, bool, float, str, str]:
    """What is sure first, from the best to the worst; then what is not; then what is too few."""
    one, lift = pair
    return (lift.lift is None, not lift.is_sure, -(lift.lift or 0), one.trait, one.name)


def _label(one: TraitCount) -> str:
    name = one.name
    if one.trait == "touch":
        name = str(TouchKind(one.value).label)
    elif one.trait == "size":
        low, high = SIZES[int(one.value) - 1]
        name = _("%(low)s–%(high)s people") if high else _("%(low)s people and more")
        name = name % {"low": low, "high": high}
    trait = one.trait.removeprefix("field:")
    return f"{NAMES.get(one.trait, trait)}: {name}"


def _values(lift: Lift) -> list[Value]:
    conversion = Fraction(lift.won, lift.n) if lift.n else None
    return [lift.n, lift.won, conversion, lift.lift, lift.low, lift.high, _says(lift)]


def _says(lift: Lift) -> str:
    if lift.is_too_few:
        return _("too few (under %(n)s)") % {"n": FEWEST}
    if not lift.is_sure:
        return _("no difference that is sure")
    return _("better than the rest") if lift.lift and lift.lift > 1 else _("worse than the rest")


PANELS = [
    Panel(
        key="traits",
        title=gettext_lazy("Winning traits"),
        about=gettext_lazy("What sets apart the leads that became customers from the rest."),
        count=count,
        draw=draw,
        rows=rows,
        is_wide=True,
    )
]
