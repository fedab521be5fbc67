"""The one organisation that an installation serves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.calendars import BusinessCalendar
from accounts.models.tracking import tracked


@tracked()
class Organisation(models.Model):
    """Zone, currency, language and working time of the whole house; there is one row, id 1."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("name"), max_length=100)
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Europe/Rome",
        help_text=_("Borders of days, months and quarters lie in this zone for every viewer."),
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="en"
    )
    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.PROTECT, related_name="+", verbose_name=_("working time")
    )
    reps_see_own_team_only = models.BooleanField(
        _("reps see only the leads of their own team"), default=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="organisation_is_single"),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"),
                name="organisation_currency_is_iso",
            ),
        ]

    def __str__(self) -> str:
        return self.name
