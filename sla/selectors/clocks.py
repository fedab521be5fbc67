"""Clocks as people see them: rows of a page, how many stand how, one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.rules import Standing as Roles
from accounts.rules import standing
from leads.models import Lead
from leads.rules import sees_leads, sees_only_own_team
from sla.clock_state import Standing, state_of
from sla.enums import ClockState, Outcome
from sla.models import Clock
from sla.querysets import OPEN_STATES, stands
from smarketing.errors import NotFound

PAGE = 50
MOST_COUNTED = 10_000
SHOWN = ("lead__contact__company", "commitment__team", "owner", "queue__team")
NOT_THERE = _("There is no such clock.")
Key = tuple[datetime, int]


@dataclass(frozen=True)
class ShownClock:
    """A clock with how it stands at the instant of the page."""

    clock: Clock
    state: ClockState

    @property
    def is_open(self) -> bool:
        """Tell whether it still runs or is held."""
        return self.clock.outcome is None

    @property
    def is_late(self) -> bool:
        """Tell whether its promise was broken: late and open, met late, or handed on late."""
        late = (ClockState.BREACHED, ClockState.MET_LATE)
        return self.state in late or self._handed_on_late

    @property
    def _handed_on_late(self) -> bool:
        stopped = self.clock.stopped_at
        handed_on = self.state is ClockState.TRANSFERRED
        return handed_on and stopped is not None and stopped > self.clock.due_at


def visible_clocks(user: Any) -> QuerySet[Clock]:
    """Return the clocks on leads that `user` may see; those that an undo took back are left out."""
    return clocks_visible_to(user, standing(user))


def clocks_visible_to(user: Any, held: Roles) -> QuerySet[Clock]:
    """Return `visible_clocks` of `user`, who holds `held`; no statement yet."""
    rows = Clock.objects.filter(voided_at__isnull=True)
    if not sees_leads(held):
        return rows.none()
    if sees_only_own_team(held):
        return rows.filter(lead__in=Lead.objects.visible_to(user, held))
    return rows


def listed_clocks(user: Any) -> QuerySet[Clock]:
    """Return `visible_clocks` with all that a row shows."""
    return visible_clocks(user).select_related(*SHOWN).defer("lead__contact__search")


def shown(clock: Clock, at: datetime) -> ShownClock:
    """Return the clock with its state at `at`."""
    judged = Standing(
        due_at=clock.due_at,
        risk_at=clock.risk_at,
        paused_at=clock.paused_at,
        paused_until=clock.paused_until,
        stopped_at=clock.stopped_at,
        outcome=Outcome(clock.outcome) if clock.outcome else None,
    )
    return ShownClock(clock, state_of(judged, at))


def clock_page(
    rows: QuerySet[Clock],
    at: datetime,
    *,
    soonest_first: bool,
    after: Key | None = None,
    limit: int = PAGE,
) -> tuple[list[ShownClock], Key | None]:
    """Return the next `limit` rows by due instant, and the key to go on from; one statement."""
    if after is not None:
        due_at, pk = after
        word = "gt" if soonest_first else "lt"
        rows = rows.filter(
            Q(**{f"due_at__{word}": due_at}) | Q(due_at=due_at, **{f"pk__{word}": pk})
        )
    order = ("due_at", "pk") if soonest_first else ("-due_at", "-pk")
    found = list(rows.order_by(*order)[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return [shown(row, at) for row in found[:limit]], (last.due_at, last.pk) if last else None


def open_counts(rows: QuerySet[Clock], at: datetime) -> dict[ClockState, int]:
    """Return how many of `rows` stand in each open state at `at`; one statement."""
    wanted = {state.value: Count("pk", filter=stands(state, at)) for state in OPEN_STATES}
    found = rows.filter(outcome__isnull=True).order_by().aggregate(**wanted)
    return {state: found[state.value] for state in OPEN_STATES}


def bounded_count(rows: QuerySet[Clock]) -> int:
    """Return how many rows there are, at most one more than is worth counting."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def one_clock(user: Any, pk: int, at: datetime) -> ShownClock:
    """Return a clock as a row shows it; raise NotFound when `user` does not see it."""
    found = listed_clocks(user).select_related("calendar", "commitment__agreement").filter(pk=pk)
    clock = found.first()
    if clock is None:
        raise NotFound(NOT_THERE)
    return shown(clock, at)


def clocks_of_lead(user: Any, lead_id: int, at: datetime) -> list[ShownClock]:
    """Return the clocks of a lead: those that run by due instant, then what ended, newest first;
    one statement."""
    rows = listed_clocks(user).filter(lead=lead_id)
    every = [shown(row, at) for row in rows.order_by("-started_at", "-pk")[:PAGE]]
    running = sorted((one for one in every if one.is_open), key=lambda one: one.clock.due_at)
    return running + [one for one in every if not one.is_open]
