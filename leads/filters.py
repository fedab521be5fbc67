"""The filters of the lead list: the same for the page and for the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead
from leads.querysets import LeadQuerySet
from leads.search import MOST_MATCHES, contacts_matching
from smarketing.registry import list_filters

ANY = "any"
DISPOSITIONS = [*Disposition.choices, (ANY, _("Any outcome"))]
LAST_ID = 2**63 - 1
LONGEST_TEXT = 200
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)


class IdField(forms.IntegerField):
    """An id of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LAST_ID, **kwargs)


class IdFilter(filters.Filter):  # type: ignore[misc]  # django-filter is untyped
    """Rows that point to the row with this id."""

    field_class = IdField


class OwnerField(forms.CharField):
    """`me`, `nobody`, or the id of a person."""

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip()
        return text if text in ("", "me", "nobody") else IdField().clean(text)


class OwnerFilter(filters.Filter):  # type: ignore[misc]
    """Rows of one owner, of mine, of nobody."""

    field_class = OwnerField


class DayField(forms.DateField):
    """A day; what lies beyond every lead is brought to where a zone's offset has room."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return day and min(max(day, FIRST_DAY), LAST_DAY)


class DayFilter(filters.Filter):  # type: ignore[misc]
    """A border of a period, in the organisation's zone."""

    field_class = DayField


def organisation_zone() -> ZoneInfo:
    """Return the zone in which days begin and end for every viewer."""
    return ZoneInfo(Organisation.objects.values_list("zone", flat=True).first() or "UTC")


class LeadFilter(filters.FilterSet):  # type: ignore[misc]
    """What the list can be narrowed to; every key is a part of the query string."""

    stage = filters.MultipleChoiceFilter(
        choices=LifecycleStage.choices, method="by_stage", label=_("Stage")
    )
    disposition = filters.ChoiceFilter(
        choices=DISPOSITIONS, method="by_disposition", label=_("Outcome")
    )
    owner = OwnerFilter(method="by_owner", label=_("Owner: `me`, `nobody` or the id of a person"))
    source = IdFilter(field_name="source_id", label=_("Source"))
    campaign = IdFilter(field_name="campaign_id", label=_("Campaign"))
    product_line = IdFilter(field_name="product_line_id", label=_("Product line"))
    persona = IdFilter(field_name="persona_id", label=_("Persona"))
    q = filters.CharFilter(
        method="by_text", max_length=LONGEST_TEXT,
        label=_("Words that name, e-mail, phone or company begin with"),
    )  # fmt: skip
    began_from = DayFilter(method="by_first_day", label=_("Created on or after"))
    began_to = DayFilter(method="by_last_day", label=_("Created on or before"))

    class Meta:
        model = Lead
        fields: list[str] = []

    def __init__(
        self, *args: Any, zone: Callable[[], ZoneInfo] = organisation_zone, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone

    def filter_queryset(self, queryset: LeadQuerySet) -> LeadQuerySet:
        """Apply the readable filters, then those of upper apps."""
        rows: LeadQuerySet = super().filter_queryset(queryset)
        for entry in list_filters:
            value = (self.data or {}).get(entry.key)
            if value:
                rows = entry.apply(rows, value)  # type: ignore[assignment]
        return rows

    def by_stage(self, rows: LeadQuerySet, name: str, stages: list[str]) -> LeadQuerySet:
        return rows.filter(stage__in=stages) if stages else rows

    def by_disposition(self, rows: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        return rows if value == ANY else rows.filter(disposition=value)

    def by_owner(self, rows: LeadQuerySet, name: str, value: str | int) -> LeadQuerySet:
        if value == "nobody":
            return rows.filter(owner__isnull=True)
        return rows.filter(owner_id=self.request.user.pk if value == "me" else int(value))

    def by_text(self, rows: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        """Look among the first 10 000 matches, so that a common word costs no more than that."""
        return rows.filter(contact__in=contacts_matching(value).values("id")[:MOST_MATCHES])

    def by_first_day(self, rows: LeadQuerySet, name: str, value: date) -> LeadQuerySet:
        return rows.filter(Q(began__gte=self._midnight(value)))

    def by_last_day(self, rows: LeadQuerySet, name: str, value: date) -> LeadQuerySet:
        return rows.filter(Q(began__lt=self._midnight(value + timedelta(days=1))))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self._zone())
