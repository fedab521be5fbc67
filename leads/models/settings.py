"""How the organisation runs its funnel: one row, changed by managers and administrators."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.tracking import tracked
from leads.enums import MqlMaking


@tracked()
class FunnelSettings(models.Model):
    """Thresholds, windows and waits of the handoff; there is one row, id 1."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    undo_seconds = models.PositiveSmallIntegerField(_("undo window (seconds)"), default=10)
    mql_enter_score = models.IntegerField(_("score that proposes an MQL"), default=60)
    mql_leave_score = models.IntegerField(_("score below which the proposal ends"), default=45)
    mql_making = models.CharField(
        _("at the threshold"), max_length=7, choices=MqlMaking.choices, default=MqlMaking.PROPOSE
    )
    nurture_days = models.PositiveSmallIntegerField(_("usual nurturing (days)"), default=90)
    hot_touch_wakes = models.BooleanField(_("a hot touch ends nurturing early"), default=True)
    cooldown_days = models.PositiveSmallIntegerField(
        _("days before a rep meets the same contact again"), default=90
    )
    dispute_days = models.PositiveSmallIntegerField(
        _("business days in which a rejection may be disputed"), default=5
    )
    attempts_before_no_contact = models.PositiveSmallIntegerField(
        _("attempts before “no contact”"), default=5
    )
    # ISO weekday on which reps are asked for their field note; None asks nobody.
    field_note_weekday = models.PositiveSmallIntegerField(
        _("weekday of the field note"), null=True, blank=True, default=5
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="funnel_settings_are_single"),
            models.CheckConstraint(
                condition=Q(mql_leave_score__lt=F("mql_enter_score")),
                name="funnel_leave_below_enter",
            ),
            models.CheckConstraint(condition=Q(undo_seconds__lte=60), name="funnel_undo_is_short"),
            models.CheckConstraint(
                condition=Q(field_note_weekday__isnull=True)
                | Q(field_note_weekday__gte=1, field_note_weekday__lte=7),
                name="funnel_weekday_is_iso",
            ),
        ]

    def __str__(self) -> str:
        return "Funnel settings"
