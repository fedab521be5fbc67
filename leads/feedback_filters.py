"""The filters of the feedback list: the same for the page and for the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.rules import standing
from leads.enums import Decision
from leads.filters import DayFilter, IdFilter, organisation_zone
from leads.models import Feedback
from leads.selectors.rankings import ranked_people

WAITING, RULED, ANY = "waiting", "ruled", "any"
ACKNOWLEDGED = [("no", _("To acknowledge")), ("yes", _("Acknowledged"))]
DISPUTED = [(ANY, _("Disputed")), (WAITING, _("Dispute waits")), (RULED, _("Dispute ruled"))]
# What narrows the figures beside the list, too; the others pick among the rows only.
OF_FIGURES = ("campaign", "persona", "source", "rep", "decided_from", "decided_to")


class FeedbackFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter is untyped
    """What the list can be narrowed to; every key is a part of the query string.

    `rep` reaches the people whose figures the asker may see; any other is left out as unreadable.
    """

    campaign = IdFilter(field_name="lead__campaign_id", label=_("Campaign"))
    persona = IdFilter(field_name="lead__persona_id", label=_("Persona"))
    source = IdFilter(field_name="lead__source_id", label=_("Source"))
    rep = IdFilter(method="by_rep", label=_("Id of the person who decided"))
    reason = filters.CharFilter(field_name="reason", max_length=60, label=_("Code of the reason"))
    decision = filters.ChoiceFilter(choices=Decision.choices, label=_("Decision"))
    acknowledged = filters.ChoiceFilter(
        choices=ACKNOWLEDGED, method="by_acknowledged", label=_("Acknowledged")
    )
    disputed = filters.ChoiceFilter(choices=DISPUTED, method="by_dispute", label=_("Disputed"))
    decided_from = DayFilter(method="by_first_day", label=_("Decided on or after"))
    decided_to = DayFilter(method="by_last_day", label=_("Decided on or before"))

    class Meta:
        model = Feedback
        fields: list[str] = []

    def __init__(
        self, *args: Any, zone: Callable[[], ZoneInfo] = organisation_zone, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone

    def by_rep(self, rows: QuerySet[Feedback], name: str, value: int) -> QuerySet[Feedback]:
        seen = ranked_people(self.request.user, standing(self.request.user))
        return rows.filter(given_by=value) if seen is None or value in seen else rows.none()

    def by_acknowledged(
        self, rows: QuerySet[Feedback], name: str, value: str
    ) -> QuerySet[Feedback]:
        return rows.filter(acknowledged_at__isnull=value == "no")

    def by_dispute(self, rows: QuerySet[Feedback], name: str, value: str) -> QuerySet[Feedback]:
        rows = rows.filter(dispute__isnull=False)
        if value == WAITING:
            return rows.filter(dispute__ruling="")
        return rows.exclude(dispute__ruling="") if value == RULED else rows

    def by_first_day(self, rows: QuerySet[Feedback], name: str, value: date) -> QuerySet[Feedback]:
        return rows.filter(decided_at__gte=self._midnight(value))

    def by_last_day(self, rows: QuerySet[Feedback], name: str, value: date) -> QuerySet[Feedback]:
        return rows.filter(decided_at__lt=self._midnight(value + timedelta(days=1)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self._zone())


def figures_query(query: Any) -> dict[str, str]:
    """Return of a query string what narrows the figures."""
    return {key: query.get(key, "") for key in OF_FIGURES if query.get(key)}
