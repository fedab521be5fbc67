"""The filters of the lead list: the same for the page and for the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from leads.attribute_filters import OF_LEADS, attributes_asked
from leads.enums import Disposition, LifecycleStage
from leads.models import Lead, Snooze
from leads.querysets import LeadQuerySet
from leads.search import MOST_MATCHES, AnyOf, contacts_matching, notes_matching
from smarketing.registry import list_filters

ANY = "any"
DISPOSITIONS = [*Disposition.choices, (ANY, _("Any outcome"))]
LAST_ID = 2**63 - 1
LONGEST_TEXT = 200
LEAST_SCORE, MOST_SCORE, MOST_DAYS = -100_000, 100_000, 36_500
RETURNING = [
    ("yes", _("Came back")),
    ("recycled", _("Woken from nurturing")),
    ("no", _("For the first time")),
]
SNOOZED = [("no", _("Not snoozed")), ("yes", _("Snoozed by me"))]
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


class ScoreFilter(filters.NumberFilter):  # type: ignore[misc]
    """A border of scores."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=LEAST_SCORE, max_value=MOST_SCORE, **kwargs)


class DaysFilter(filters.NumberFilter):  # type: ignore[misc]
    """A number of days."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=MOST_DAYS, **kwargs)


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
    queue = IdFilter(field_name="queue_id", label=_("Queue"))
    score_from = ScoreFilter(
        field_name="score", lookup_expr="gte",
        label=_("Score at least"),
    )  # fmt: skip
    score_to = ScoreFilter(
        field_name="score", lookup_expr="lte",
        label=_("Score at most"),
    )  # fmt: skip
    stage_days = DaysFilter(method="by_stage_days", label=_("In its stage for days"))
    returning = filters.ChoiceFilter(
        choices=RETURNING, method="by_returning", label=_("Came back or woken from nurturing")
    )
    snoozed = filters.ChoiceFilter(choices=SNOOZED, method="by_snoozed", label=_("Snoozed by you"))
    attribute = filters.CharFilter(
        method="by_attribute", max_length=LONGEST_TEXT,
        label=_("A field of your own: `lead.region:North`, `contact.vip:true`"),
    )  # fmt: skip
    began_from = DayFilter(method="by_first_day", label=_("Created on or after"))
    began_to = DayFilter(method="by_last_day", label=_("Created on or before"))

    class Meta:
        model = Lead
        fields: list[str] = []

    def __init__(
        self,
        *args: Any,
        at: datetime | None = None,
        zone: Callable[[], ZoneInfo] = organisation_zone,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._zone, self._at = zone, at

    def filter_queryset(self, queryset: LeadQuerySet) -> LeadQuerySet:
        """Apply the readable filters, then those of upper apps."""
        rows: LeadQuerySet = super().filter_queryset(queryset)
        for entry in list_filters:
            value = (self.data or {}).get(entry.key)
            if value:
                rows = entry.apply(rows, value, self.now())  # type: ignore[assignment]
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
        """Look among the first 10 000 contacts and notes that match, so that a common word costs
        no more than that."""
        people = contacts_matching(value).order_by().values("id")[:MOST_MATCHES]
        noted = notes_matching(value).order_by().values("lead_id")[:MOST_MATCHES]
        return rows.filter(Q(AnyOf("contact_id", people)) | Q(AnyOf("id", noted)))

    def by_stage_days(self, rows: LeadQuerySet, name: str, value: Decimal) -> LeadQuerySet:
        """Open leads that entered their stage at least so many times 24 hours ago."""
        since = self.now() - timedelta(days=int(value))
        return rows.open().filter(Q(since__lte=since))

    def by_returning(self, rows: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        if value == "recycled":
            return rows.filter(recycled_from__isnull=False)
        return rows.filter(returning=value == "yes")

    def by_snoozed(self, rows: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        mine = Snooze.objects.filter(
            user_id=self.request.user.pk, until__gt=self.now(), lead=OuterRef("pk")
        )
        return rows.filter(Exists(mine) if value == "yes" else ~Exists(mine))

    def by_attribute(self, rows: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        """Each asked field narrows further; what no field can hold matches nothing."""
        return rows.filter(*attributes_asked(self.data, name, value, OF_LEADS))

    def now(self) -> datetime:
        """The instant of the request; whoever makes the filters tells it."""
        if self._at is None:
            raise ValueError("these filters were not told the time")
        return self._at

    def by_first_day(self, rows: LeadQuerySet, name: str, value: date) -> LeadQuerySet:
        return rows.filter(Q(began__gte=self._midnight(value)))

    def by_last_day(self, rows: LeadQuerySet, name: str, value: date) -> LeadQuerySet:
        return rows.filter(Q(began__lt=self._midnight(value + timedelta(days=1))))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self._zone())
