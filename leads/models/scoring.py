"""The score: rules, and a ledger whose rows always sum to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked
from leads.enums import RunState, ScoreCounting, ScoreKind, TouchKind
from leads.models.leads import Lead
from leads.scoring import MOST_POINTS


@tracked()
class ScoreRule(models.Model):
    """Points for what somebody is (fit: a criterion) or does (engagement: a kind of touch)."""

    kind = models.CharField(_("kind"), max_length=10, choices=ScoreKind.choices)
    name = models.CharField(_("name"), max_length=100)
    # Fit: one criterion as `leads.criteria` reads it.
    criterion = models.JSONField(_("criterion"), null=True, blank=True)
    touch_kind = models.CharField(_("touch"), max_length=12, choices=TouchKind.choices, blank=True)
    points = models.SmallIntegerField(_("points"))
    half_life_days = models.PositiveSmallIntegerField(
        _("half-life (days)"), null=True, blank=True, help_text=_("Empty: never fades.")
    )
    cap = models.PositiveSmallIntegerField(
        _("at most"), null=True, blank=True, help_text=_("Empty: no cap.")
    )
    counting = models.CharField(
        _("counts"), max_length=10, choices=ScoreCounting.choices, default=ScoreCounting.EACH
    )
    # n per period: at most `per_period` touches in each `period_days` days.
    per_period = models.PositiveSmallIntegerField(_("times"), null=True, blank=True)
    period_days = models.PositiveSmallIntegerField(_("in days"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["kind", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="FIT", touch_kind="", criterion__isnull=False)
                | (Q(kind="ENGAGEMENT", criterion__isnull=True) & ~Q(touch_kind="")),
                name="score_rule_says_for_what",
            ),
            models.CheckConstraint(
                condition=~Q(counting="PER_PERIOD") | Q(per_period__gte=1, period_days__gte=1),
                name="score_rule_period_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(half_life_days__isnull=True) | Q(half_life_days__gte=1),
                name="score_rule_half_life_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=-MOST_POINTS, points__lte=MOST_POINTS),
                name="score_rule_points_are_bounded",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScorePart(models.Model):
    """What one rule gives one lead now. `Lead.score` is the sum of its parts' `points`.

    Engagement fades: `raw` is the uncapped, unrounded worth at `raw_at`, the last touch counted;
    `points` is that worth faded to when the score was last computed, capped and rounded half up.
    A part without rule is the score that the lead brought along when it was captured or imported.
    """

    lead = models.ForeignKey(
        Lead, on_delete=models.CASCADE, related_name="score_parts", db_index=False
    )
    # A rule that ever gave points stays: it is taken out of use, never deleted.
    rule = models.ForeignKey(ScoreRule, null=True, on_delete=models.PROTECT, related_name="+")
    points = models.IntegerField()
    raw = models.FloatField(default=0)
    raw_at = models.DateTimeField(null=True)
    counted = models.PositiveIntegerField(default=1, help_text="Touches that count.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "rule"], nulls_distinct=False, name="score_part_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.points}"


class ScoreRun(models.Model):
    """A recalculation of all open leads in the background, from where it stands."""

    state = models.CharField(max_length=9, choices=RunState.choices, default=RunState.WAITING)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    last_lead_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"
