"""Conversions: which stages those reached that entered one, and how long after birth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import STAGES
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.conversions import (
    STARTS,
    Births,
    Reached,
    births,
    conversions,
    may_become_customers,
    reached_at,
)
from leads.selectors.figures.cut import ENTERED
from reporting.figures import Column, Figures, Kind, Row, Unit, Value, share
from reporting.panels.funnel import tone_of
from reporting.panels.heat import heat
from reporting.panels.panel import Option, Panel
from reporting.spans import DAY
from reporting.view import View

MONTHS = 12
GOALS = STAGES[1:]
MATRIX = [
    Column("entered", gettext_lazy("Entered"), kind=Kind.COHORT, drills=True),
    *(Column(stage, stage.label, Unit.SHARE, Kind.COHORT, places=1) for stage in GOALS),
    Column("open", gettext_lazy("Still open"), kind=Kind.COHORT, drills=True),
]
TRIANGLE = [
    Column("born", gettext_lazy("Leads"), kind=Kind.COHORT, drills=True),
    *(Column(f"m{n}", f"+{n}", Unit.SHARE, Kind.COHORT) for n in range(MONTHS)),
    Column("reached", gettext_lazy("So far"), kind=Kind.COHORT, drills=True),
    Column("open", gettext_lazy("Still open"), kind=Kind.COHORT, drills=True),
]


def count_matrix(view: View) -> Figures:
    """Shares that reached each later stage; one statement."""
    found = conversions(view.facts, view.span, within=view.within, at=view.at)
    rows = [
        Row(stage, stage.label, _matrix_values(one), tone_of(stage), is_pending=not one.is_whole)
        for stage, one in found.items()
    ]
    note = _("Reached, or passed over, within %(days)d days of entering the stage of the row.")
    return Figures(_("Entered"), MATRIX, rows, [note % {"days": view.within.days}])


def matrix_rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return the leads that entered a stage in the period, or of these the ones still open."""
    if row not in STARTS or column not in ("entered", "open"):
        return None
    stage = LifecycleStage(row)
    entered = view.facts.filter(view.span.holds(ENTERED[stage]))
    if column == "entered":
        return entered
    return may_become_customers(entered, stage, view.within, view.at)


def draw_matrix(figures: Figures) -> Option | None:
    """The table as cells, in per cent."""
    shares = [row.values[1:-1] for row in figures.rows]
    if not any(value is not None for row in shares for value in row):
        return None
    return heat(figures.rows, [str(stage.label) for stage in GOALS], shares)


def count_births(goal: LifecycleStage) -> Callable[[View], Figures]:
    """Return how to count who became `goal` by months since birth; one statement."""

    def count(view: View) -> Figures:
        first_days, borders = _months(view, 2 * MONTHS - 1)
        rows = []
        for place, one in enumerate(births(view.facts, borders, goal, MONTHS)):
            day, ends = first_days[place], borders[place + 1 :]
            if borders[place] > view.at:
                break
            rows.append(
                Row(f"{day:%Y-%m}", date_format(day, "M Y"), _birth_values(one, ends, view.at))
            )
        notes = [
            _("+0 is the month of birth; each share is of all leads born in the month of the row."),
            _("– is a month that is not over."),
        ]
        return Figures(_("Born in"), TRIANGLE, rows, notes)

    return count


def births_rows(goal: LifecycleStage) -> Callable[[View, str, str], LeadFactQuerySet | None]:
    """Return how to find the leads born in a month, those that came so far, and who still may."""

    def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
        first_days, borders = _months(view, MONTHS)
        names = [f"{day:%Y-%m}" for day in first_days]
        if row not in names[:MONTHS] or column not in ("born", "reached", "open"):
            return None
        place = names.index(row)
        born = view.facts.filter(lead_at__gte=borders[place], lead_at__lt=borders[place + 1])
        if column == "born":
            return born
        got = born.annotate(got=reached_at(goal))
        if column == "reached":
            return got.filter(got__isnull=False)
        return got.filter(got__isnull=True, disposition=Disposition.OPEN)

    return rows


def draw_births(figures: Figures) -> Option | None:
    """The triangle: full where many had come by the end of a month, grey where it is not over."""
    shown = [row for row in figures.rows if row.values[0]]
    if not shown:
        return None
    shares = [row.values[1:-2] for row in shown]
    return heat(shown, [f"+{n}" for n in range(MONTHS)], shares, growing="·")


def _matrix_values(one: Reached) -> list[Value]:
    shares = [share(one.reached[goal], one.entered) if goal in one.reached else None
              for goal in GOALS]  # fmt: skip
    return [one.entered, *shares, one.still_open]


def _birth_values(one: Births, ends: Sequence[datetime], at: datetime) -> list[Value]:
    shares = [
        share(n, one.born) if end <= at else None
        for n, end in zip(one.reached[:MONTHS], ends, strict=False)
    ]
    return [one.born, *shares, one.so_far, one.still_open]


def _months(view: View, n: int) -> tuple[list[date], list[datetime]]:
    """Return the first days of `n` months, the twelfth that of the last day of the period, and
    where they begin; one border more, where the last of them ends."""
    day = view.days.last.replace(day=1)
    for _back in range(MONTHS - 1):
        day = (day - DAY).replace(day=1)
    days = [day]
    while len(days) <= n:
        days.append((days[-1].replace(day=28) + 4 * DAY).replace(day=1))
    zone = view.days.zone
    return days[:n], [datetime(one.year, one.month, one.day, tzinfo=zone) for one in days]


PANELS = [
    Panel(
        key="conversions",
        title=gettext_lazy("Conversion matrix"),
        about=gettext_lazy("Of those that entered a stage in the period, the share that reached "
                           "each later one."),
        count=count_matrix,
        draw=draw_matrix,
        rows=matrix_rows,
    ),
    *(
        Panel(
            key=f"births-{goal.lower()}",
            title=title,
            about=about,
            count=count_births(goal),
            draw=draw_births,
            rows=births_rows(goal),
            is_wide=True,
        )
        for goal, title, about in (
            (LifecycleStage.MQL, gettext_lazy("From birth to MQL"),
             gettext_lazy("Of the leads born in each month, the share that had become an MQL so "
                          "many months later.")),
            (LifecycleStage.CUSTOMER, gettext_lazy("From birth to customer"),
             gettext_lazy("Of the leads born in each month, the share that had become a customer "
                          "so many months later.")),
        )
    ),
]  # fmt: skip
