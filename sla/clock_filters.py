"""The filters of clocks: the same for the page, its counts, its export and the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from leads.filters import DayFilter, IdFilter, OwnerFilter, organisation_zone
from sla.enums import TIMED, ClockState, CommitmentKind, Side
from sla.models import Clock
from sla.querysets import ENDED_STATES, OPEN_STATES, stand_in, stands
from sla.selectors.rulebook import teams_below

OPEN, ENDED, ANY = "open", "ended", "any"
STATES = [(OPEN, _("Open")), *ClockState.choices, (ENDED, _("Ended")), (ANY, _("Any state"))]
KINDS = [(kind.value, kind.label) for kind in CommitmentKind if kind in TIMED]
SIDES = [(side.value, side.label) for side in (Side.MARKETING, Side.SALES)]
MET, MISSED = "met", "missed"
VERDICTS = [(MET, _("Kept")), (MISSED, _("Missed"))]


def states_of(value: str) -> tuple[ClockState, ...]:
    """Return the states that a value of the filter stands for; those that are open for none."""
    groups = {"": OPEN_STATES, OPEN: OPEN_STATES, ENDED: ENDED_STATES, ANY: tuple(ClockState)}
    return groups.get(value) or (ClockState(value),)


def missed(at: datetime) -> Q:
    """Return the condition of broken promises: late and open, met late, handed on late."""
    handed_on = Q(outcome=ClockState.TRANSFERRED.value, stopped_at__gt=F("due_at"))
    return stands(ClockState.BREACHED, at) | stands(ClockState.MET_LATE, at) | handed_on


class ClockFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter is untyped
    """What clocks can be narrowed to; every key is a part of the query string."""

    state = filters.ChoiceFilter(choices=STATES, method="by_nothing", label=_("State"))
    owner = OwnerFilter(method="by_owner", label=_("Owner: `me`, `nobody` or the id of a person"))
    team = IdFilter(method="by_team", label=_("Team that holds the lead, those below it included"))
    side = filters.ChoiceFilter(
        choices=SIDES, field_name="commitment__side", label=_("Who promises")
    )
    kind = filters.ChoiceFilter(choices=KINDS, field_name="commitment__kind", label=_("Kind"))
    commitment = IdFilter(field_name="commitment_id", label=_("Commitment"))
    lead = IdFilter(field_name="lead_id", label=_("Lead"))
    verdict = filters.ChoiceFilter(choices=VERDICTS, method="by_verdict", label=_("Verdict"))
    due_from = DayFilter(method="by_first_day", label=_("Due on or after"))
    due_to = DayFilter(method="by_last_day", label=_("Due on or before"))

    class Meta:
        model = Clock
        fields: list[str] = []

    def __init__(
        self,
        *args: Any,
        at: datetime,
        zone: Callable[[], ZoneInfo] = organisation_zone,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._at, self._zone = at, zone

    @property
    def states(self) -> tuple[ClockState, ...]:
        """The states that are asked for; those that are open when none can be read."""
        unread = self.form.errors  # reads the form
        return states_of("" if "state" in unread else self.form.cleaned_data["state"])

    @property
    def soonest_first(self) -> bool:
        """Whether what is due first stands first: among what is open; else the newest does."""
        return set(self.states) <= set(OPEN_STATES)

    @property
    def of_any_state(self) -> QuerySet[Clock]:
        """What fits the other filters, whatever its state: what the counts of states count."""
        rows: QuerySet[Clock] = self.qs
        return rows

    @property
    def found(self) -> QuerySet[Clock]:
        """What fits all filters, the state included."""
        rows = self.of_any_state
        return rows if len(self.states) == len(ClockState) else rows.filter(self._stands)

    @property
    def _stands(self) -> Q:
        return stand_in(self.states, self._at)

    def by_nothing(self, rows: QuerySet[Clock], name: str, value: str) -> QuerySet[Clock]:
        """The state is asked last, so that the counts beside it need no second reading."""
        return rows

    def by_owner(self, rows: QuerySet[Clock], name: str, value: str | int) -> QuerySet[Clock]:
        if value == "nobody":
            return rows.filter(owner__isnull=True)
        return rows.filter(owner=self.request.user.pk if value == "me" else int(value))

    def by_team(self, rows: QuerySet[Clock], name: str, value: int) -> QuerySet[Clock]:
        teams = teams_below().get(value, frozenset())
        people = Membership.objects.filter(team__in=teams).values("user")
        return rows.filter(Q(owner__in=people) | Q(owner__isnull=True, queue__team__in=teams))

    def by_verdict(self, rows: QuerySet[Clock], name: str, value: str) -> QuerySet[Clock]:
        if value == MET:
            return rows.filter(stands(ClockState.MET, self._at))
        return rows.filter(missed(self._at))

    def by_first_day(self, rows: QuerySet[Clock], name: str, value: date) -> QuerySet[Clock]:
        return rows.filter(due_at__gte=self._midnight(value))

    def by_last_day(self, rows: QuerySet[Clock], name: str, value: date) -> QuerySet[Clock]:
        return rows.filter(due_at__lt=self._midnight(value + timedelta(days=1)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self._zone())
