"""How leads ended, and how many of the deals that were decided were won."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from leads.enums import Disposition
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.closes import ENDS, closes
from reporting.figures import Column, Figures, Kind, Row, Unit, share
from reporting.panels.panel import Panel
from reporting.view import View

WIN_RATE = "WIN_RATE"
DECIDED = (Disposition.WON, Disposition.LOST)
COLUMNS = [
    Column("n", _("Leads"), kind=Kind.FLOW, drills=True),
    Column("before", _("Period before"), kind=Kind.FLOW),
    Column("share", _("Share"), Unit.SHARE, Kind.PERIOD_RATIO, places=2),
]


def count(view: View) -> Figures:
    """Ends by kind, now and before, and the win rate; one statement."""
    now, before = closes(view.facts, [view.span, view.before])
    whole = sum(now.values())
    rows = [Row(end, end.label, [now[end], before[end], share(now[end], whole)]) for end in ENDS]
    decided, was = (sum(found[end] for end in DECIDED) for found in (now, before))
    rate = share(now[Disposition.WON], decided)
    rows.append(Row(WIN_RATE, _("Won of won and lost"), [decided, was, rate]))
    return Figures(_("Outcome"), COLUMNS, rows)


def rows(view: View, row: str, column: str) -> LeadFactQuerySet | None:
    """Return those that ended so in the period."""
    ends = DECIDED if row == WIN_RATE else (row,)
    if column != "n" or not set(ends) <= set(ENDS):
        return None
    return view.facts.filter(view.span.holds("closed_at"), disposition__in=ends)


PANELS = [
    Panel(
        key="closes",
        title=_("How leads ended"),
        about=_(
            "Leads that were closed in the period, and the share of decided ones that was won."
        ),
        count=count,
        rows=rows,
    )
]
