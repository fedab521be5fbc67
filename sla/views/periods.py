"""How both teams keep their promises this month and quarter, and what the figures came from."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rules import standing
from accounts.views.access import member_required, person
from sla.enums import PeriodKind, Side
from sla.pace_shown import by_side, period_words, show
from sla.selectors.drilling import drilled
from sla.selectors.house import House, house
from sla.selectors.parties import parties
from sla.selectors.standings import pending_decisions, standings
from smarketing import time_source
from smarketing.errors import NotFound

FIRST_YEAR = 2000


@require_safe
@member_required
def sla(request: HttpRequest) -> HttpResponse:
    """Both teams facing: every commitment with its promise, figure, pace, forecast and trend."""
    at, home = time_source.now(), house()
    day = asked_day(request, home.day(at))
    found, names = standings(at=at, first_on=day, home=home), owners()
    shown = by_side([show(one, home.currency, names) for one in found])
    context = {
        "marketing": shown[Side.MARKETING],
        "shared": shown[Side.BOTH],
        "sales": shown[Side.SALES],
        "is_empty": not found,
        "pending": pending_decisions(),
        "currency": home.currency,
        **around(home, day, home.day(at)),
    }
    return render(request, "sla/periods/sla.html", context)


@require_safe
@member_required
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """One commitment: its period, its people, and the very rows that its figure came from."""
    at, home, user = time_source.now(), house(), person(request)
    day = asked_day(request, home.day(at))
    found = drilled(pk, day, user, standing(user), at=at, home=home)
    context = {
        "shown": show(found.standing, home.currency, owners()),
        "found": found,
        "currency": home.currency,
        **around(home, day, home.day(at), found.standing.now.period.kind),
    }
    return render(request, "sla/periods/commitment.html", context)


def owners() -> dict[str, str]:
    """Return who answers for each side: the heads; one statement."""
    marketing, sales = (
        party.team.head.name if party.team and party.team.head else "" for party in parties()
    )
    both = ", ".join(name for name in (marketing, sales) if name)
    return {Side.MARKETING: marketing, Side.SALES: sales, Side.BOTH: both}


def asked_day(request: HttpRequest, today: date) -> date:
    """Return the day whose month and quarter are asked for; today unless said otherwise."""
    asked = request.GET.get("on", "")
    if not asked:
        return today
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise NotFound(_("There is no such period.")) from None
    if not FIRST_YEAR <= day.year <= today.year:
        raise NotFound(_("There is no such period."))
    return min(day, today)


def around(
    home: House, day: date, today: date, kind: PeriodKind = PeriodKind.MONTH
) -> dict[str, Any]:
    """Return the period shown and the ways to its neighbours; none into the future."""
    period = home.period_of_day(kind, day)
    following = period.next().first_on
    return {
        "period": period_words(period),
        "previous_on": period.previous().first_on.isoformat(),
        "next_on": following.isoformat() if following <= today else "",
        "is_now": following > today,
    }
