"""What each team promises in numbers, and who is told when a promise is in danger."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.models.tracking import tracked
from leads.enums import LifecycleStage
from leads.models import Persona, ProductLine, Source
from sla.enums import PERIODIC, TIMED, ClockScope, CommitmentKind, Metric, PeriodKind, Side
from sla.models.agreement import Agreement, changes_while_draft

IS_TIMED = Q(kind__in=sorted(TIMED))
IS_PERIODIC = Q(kind__in=sorted(PERIODIC))


class Commitment(models.Model):
    """One quantitative promise of one version of the agreement.

    Of the timed kinds: business minutes (`target_minutes`) or the end of the n-th business day
    (`target_days`) from the start; `attempts` of kind ATTEMPTS; `stage` of TIME_IN_STAGE, and where
    TIME_TO_FIRST_ATTEMPT and ATTEMPTS begin (empty: SAL).
    `floor` is the least share of its clocks kept in a month (0–1; empty: the agreement's): under it
    a corrective action opens.
    Of the period kinds: `target` a period (a count; cents for REVENUE; a share 0–1 for rates),
    which a corrective action answers when it is missed; `least_n` under which a rate says nothing.
    Scope columns that are empty do not narrow. `lineage` is the same in all versions of a promise.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="commitments")
    lineage = models.UUIDField(default=uuid4, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    side = models.CharField(_("who promises"), max_length=9, choices=Side.choices)
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("team"),
        help_text=_("Empty: the whole side."),
    )
    kind = models.CharField(_("kind"), max_length=28, choices=CommitmentKind.choices)
    why = models.CharField(_("why"), max_length=300, blank=True)

    # Timed kinds.
    clock_scope = models.CharField(
        _("belongs to"), max_length=5, choices=ClockScope.choices, default=ClockScope.LEAD
    )
    target_minutes = models.PositiveIntegerField(_("business minutes"), null=True, blank=True)
    target_days = models.PositiveSmallIntegerField(
        _("end of the business day"), null=True, blank=True
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), null=True, blank=True)
    warning_share = models.DecimalField(
        _("warn at"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.75"),
        validators=[MinValueValidator(Decimal("0.05")), MaxValueValidator(Decimal("0.99"))],
    )
    most_reroutes = models.PositiveSmallIntegerField(_("most re-routes of one lead"), default=1)
    reroute_cooldown_minutes = models.PositiveIntegerField(
        _("between two re-routes (business minutes)"), default=240
    )

    # Period kinds.
    period = models.CharField(_("every"), max_length=7, choices=PeriodKind.choices, blank=True)
    target = models.DecimalField(
        _("target"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    floor = models.DecimalField(_("lowest"), max_digits=18, decimal_places=4, null=True, blank=True)
    metric = models.CharField(_("figure"), max_length=20, choices=Metric.choices, blank=True)
    least_n = models.PositiveSmallIntegerField(_("says nothing under"), default=5)

    # What it is about.
    stage = models.CharField(_("stage"), max_length=11, choices=LifecycleStage.choices, blank=True)
    to_stage = models.CharField(
        _("to stage"), max_length=11, choices=LifecycleStage.choices, blank=True
    )
    product_line = models.ForeignKey(
        ProductLine, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    persona = models.ForeignKey(
        Persona, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    country = models.CharField(_("region"), max_length=100, blank=True)
    score_from = models.IntegerField(_("score from"), null=True, blank=True)
    score_below = models.IntegerField(_("score below"), null=True, blank=True)

    # Ended early, by both heads; clocks already past due run on.
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ManyToManyField(User, through="CommitmentEnding", related_name="+")

    class Meta:
        ordering = ["agreement", "side", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "lineage"], name="commitment_once"),
            models.CheckConstraint(
                condition=~IS_TIMED
                | Q(target_minutes__isnull=False, target_days__isnull=True)
                | Q(target_minutes__isnull=True, target_days__isnull=False),
                name="commitment_timed_has_one_target",
            ),
            models.CheckConstraint(
                condition=~IS_PERIODIC | (Q(target__isnull=False) & ~Q(period="")),
                name="commitment_periodic_has_a_target",
            ),
            models.CheckConstraint(
                condition=~Q(kind="ATTEMPTS") | Q(attempts__gte=1),
                name="commitment_attempts_says_how_many",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["TIME_IN_STAGE", "VOLUME"]) | ~Q(stage=""),
                name="commitment_names_its_stage",
            ),
            models.CheckConstraint(
                condition=Q(target_minutes__isnull=True) | Q(target_minutes__gte=1),
                name="commitment_takes_time",
            ),
            models.CheckConstraint(
                condition=Q(warning_share__gt=0, warning_share__lt=1),
                name="commitment_warns_before_due",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(target__gte=0),
                name="commitment_target_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["RATE", "QUALITY", "EFFORT"]) | ~Q(metric=""),
                name="commitment_names_its_figure",
            ),
            models.CheckConstraint(
                condition=Q(score_from__isnull=True)
                | Q(score_below__isnull=True)
                | Q(score_below__gt=F("score_from")),
                name="commitment_scores_in_order",
            ),
        ]
        triggers = [changes_while_draft("commitment_of_a_draft", but="ended_at")]

    def __str__(self) -> str:
        return f"{self.side} {self.kind}"

    @property
    def is_timed(self) -> bool:
        """Tell whether it runs clocks on leads; else it counts something every period."""
        return self.kind in TIMED


@tracked()
class CommitmentEnding(models.Model):
    """A head agrees that a commitment ends before its agreement does; it takes both.

    Whoever says so first says why and from which day (none: as soon as both agree); the other
    agrees to just that. A row is deleted only by being taken back before the other has agreed.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="endings")
    head = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=9, choices=Side.choices)
    reason = models.TextField(_("why it ends"))
    ends_on = models.DateField(_("ends on"), null=True)
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "side"], name="ending_once_a_side"),
            models.UniqueConstraint(fields=["commitment", "head"], name="ending_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.side}"


class ScoreBand(models.Model):
    """Another target for leads whose score is at least `score_from` when the clock starts."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="bands")
    score_from = models.IntegerField(_("score from"))
    target_minutes = models.PositiveIntegerField(
        _("business minutes"), validators=[MinValueValidator(1)]
    )

    class Meta:
        ordering = ["-score_from"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "score_from"], name="band_once"),
            models.CheckConstraint(condition=Q(target_minutes__gte=1), name="band_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.score_from}+: {self.target_minutes} min"


class CommitmentShare(models.Model):
    """The part of a period commitment that one person took; the parts add up to the target."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "user"], name="share_once"),
            models.CheckConstraint(condition=Q(target__gte=0), name="share_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.target}"


class EscalationLevel(models.Model):
    """At `share` of the target, in business time, the ticked people are told.

    `reroute` gives the lead to somebody else, as often as the commitment allows.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="levels")
    share = models.DecimalField(_("share of the target"), max_digits=4, decimal_places=2)
    tell_owner = models.BooleanField(_("owner"), default=True)
    tell_manager = models.BooleanField(_("manager"), default=False)
    tell_head = models.BooleanField(_("head"), default=False)
    reroute = models.BooleanField(_("give to somebody else"), default=False)

    class Meta:
        ordering = ["share"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "share"], name="level_once"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=10), name="level_share_makes_sense"
            ),
            models.CheckConstraint(
                condition=Q(reroute=False) | Q(share__gte=1),
                name="level_reroutes_only_what_is_late",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share} of {self.commitment_id}"
