"""The goal calculator's answer, out of what was typed and what has been measured."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.business_time import BusinessTime, zone_named
from accounts.models import Organisation
from accounts.selectors.calendars import business_time_of
from accounts.services.organisation import ensure_organisation
from leads.enums import LifecycleStage
from sla.enums import PeriodKind
from sla.goal_store import (
    goal_from_json,
    measurements_from_json,
    measurements_to_json,
)
from sla.goals import Assumptions, Goal, Measurements, assume
from sla.models import SavedScenario
from sla.outlook import Outlook, outlook
from sla.periods import Period, period_at, period_of_day
from sla.selectors.measured import measure
from smarketing.errors import NotFound

FRESH_SECONDS = 60
MORE = Fraction(6, 5)
FIRST_CUSTOMERS = 10


@dataclass(frozen=True)
class Reckoned:
    """An answer, with the period that it is for; `outlook` is None while a deal is not known."""

    goal: Goal
    period: Period
    days: int
    measured: Measurements
    assumptions: Assumptions
    outlook: Outlook | None
    currency: str


@dataclass(frozen=True)
class House:
    """What the organisation gives to every answer."""

    currency: str
    zone_name: str
    working_time: BusinessTime

    def period(self, kind: PeriodKind, starts: date | None, at: datetime) -> Period:
        """Return the period in which `starts` lies; the next one for None."""
        zone = zone_named(self.zone_name)
        if starts is None:
            return period_at(kind, at, zone).next()
        return period_of_day(kind, starts, zone)


def house() -> House:
    """Return what the organisation gives; three statements."""
    row: Organisation = ensure_organisation()
    return House(row.currency, row.zone, business_time_of(row.calendar))


def reckon(goal: Goal, period: Period, measured: Measurements, place: House) -> Reckoned:
    """Return the answer to `goal` in `period`; no statement."""
    assumptions = assume(goal, measured)
    days = place.working_time.business_days(period.first_on, period.last_on)
    found = outlook(goal, assumptions, period.first_on, period.last_on, days)
    return Reckoned(goal, period, days, measured, assumptions, found, place.currency)


def measured_lately(goal: Goal, at: datetime) -> Measurements:
    """Return what was measured at most a minute ago: sliders ask many times for the same."""
    links = ",".join("-".join(pair) for pair in goal.pairs)
    key = f"sla:measured:{goal.window}:{links}"
    kept: dict[str, Any] | None = cache.get(key)
    if kept is not None:
        return measurements_from_json(kept)
    found = measure(goal.pairs, window=goal.window, at=at)
    cache.set(key, measurements_to_json(found), FRESH_SECONDS)
    return found


def scenarios() -> QuerySet[SavedScenario]:
    """Return every kept scenario with who kept it, the newest first: both teams plan together."""
    return SavedScenario.objects.select_related("created_by")


def scenario(pk: int) -> SavedScenario:
    """Return one; raise NotFound."""
    row = scenarios().filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such scenario."))
    return row


def reckoned_scenario(row: SavedScenario, place: House) -> Reckoned:
    """Return the answer of a scenario from what was kept with it, as on the day; no statement."""
    goal = goal_from_json(row.inputs)
    figures: Mapping[str, Any] = row.figures
    starts = date.fromisoformat(figures["first_on"])
    period = period_of_day(goal.period, starts, zone_named(place.zone_name))
    return reckon(goal, period, measurements_from_json(figures["measured"]), place)


def first_goal(measured: Measurements) -> Goal:
    """Return where to begin: a fifth more than the average month's customers, in money where deals
    are known, rounded to two digits."""
    customers = measured.entries.get(LifecycleStage.CUSTOMER, Fraction(0)) * MORE
    if measured.deal.value and customers:
        return Goal(revenue=_two_digits(customers * measured.deal.value))
    return Goal(customers=Fraction(math.ceil(customers) or FIRST_CUSTOMERS))


def _two_digits(value: Fraction) -> Fraction:
    step = 10 ** max(0, len(str(int(value))) - 2)
    return Fraction(math.ceil(value / step) * step)
