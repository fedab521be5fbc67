"""Business calendars as stored; `accounts/business_time.py` computes with them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.tracking import tracked


@tracked()
class BusinessCalendar(models.Model):
    """When a person, a team or the organisation works.

    `weekly` maps the ISO weekday ("1" is Monday) to half-open windows [["09:00", "17:00"], …] in
    the zone's wall time; `24:00` is legal as an end.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    zone = models.CharField(_("time zone"), max_length=64)
    always_open = models.BooleanField(_("open round the clock"), default=False)
    weekly = models.JSONField(_("working week"), default=dict, blank=True)
    holiday_country = models.CharField(_("public holidays of"), max_length=2, blank=True)
    holiday_subdivision = models.CharField(_("region"), max_length=10, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(holiday_subdivision="") | ~models.Q(holiday_country=""),
                name="calendar_region_needs_country",
            ),
            models.CheckConstraint(
                condition=models.Q(always_open=True) | ~models.Q(weekly={}),
                name="calendar_has_windows",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CalendarException(models.Model):
    """One date on which a calendar is closed (no windows) or keeps other hours."""

    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.CASCADE, related_name="exceptions"
    )
    on = models.DateField(_("date"))
    windows = models.JSONField(_("hours"), default=list, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "on"], name="calendar_exception_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.note}".strip()
