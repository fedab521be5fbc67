"""What Sales says of an MQL, what Marketing answers, and how a dispute is ruled."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked
from leads.enums import CloseReason, Decision, ReasonOutcome, Ruling
from leads.models.leads import Lead
from leads.models.transitions import StageTransition

MOST_KEYS = 8


@tracked()
class Reason(models.Model):
    """A coded reason and what follows from it. Those with a key (1–8) stand on the reject pad.

    Rows are never deleted: history names their codes.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    # Empty for the reasons that come with the product: theirs are translated.
    own_label = models.CharField(_("label"), max_length=100, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=ReasonOutcome.choices)
    key = models.PositiveSmallIntegerField(_("key"), null=True, blank=True)
    note_needed = models.BooleanField(_("asks for a note"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = [F("key").asc(nulls_last=True), "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(key__isnull=True) | Q(key__gte=1, key__lte=MOST_KEYS),
                name="reason_key_is_on_the_pad",
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(is_active=True), name="reason_one_per_key"
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def label(self) -> str:
        """What people read: the organisation's wording, else the product's, translated."""
        known = CloseReason._value2member_map_.get(self.code)
        return self.own_label or (str(CloseReason(self.code).label) if known else self.code)


class Feedback(models.Model):
    """One decision on an MQL, with its reason, rating and words; Marketing acknowledges it.

    `counts_as` is what the acceptance rate reads: the decision itself; ACCEPTED after an overturned
    dispute; None for a return to be fixed and for a decision that follows an overturning.
    """

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="feedback")
    transition = models.OneToOneField(
        StageTransition, null=True, on_delete=models.PROTECT, related_name="feedback"
    )
    decision = models.CharField(_("decision"), max_length=8, choices=Decision.choices)
    counts_as = models.CharField(max_length=8, choices=Decision.choices, null=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    fit_rating = models.PositiveSmallIntegerField(_("fit"), null=True, blank=True)
    text = models.TextField(_("note"), blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "feedback"
        constraints = [
            models.CheckConstraint(
                condition=Q(fit_rating__isnull=True) | Q(fit_rating__gte=1, fit_rating__lte=5),
                name="feedback_rating_is_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(decision="ACCEPTED") | ~Q(reason=""), name="feedback_no_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="feedback_acknowledged_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["-decided_at", "-id"], name="feedback_newest"),
            models.Index(
                fields=["decided_at"],
                condition=Q(acknowledged_at__isnull=True, voided_at__isnull=True),
                name="feedback_to_acknowledge",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.lead_id}"


class FeedbackComment(models.Model):
    """A word of either team about one feedback."""

    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"))
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return f"{self.feedback_id}: {self.text[:40]}"


class Dispute(models.Model):
    """Marketing contests a rejection; a neutral facilitator upholds or overturns it."""

    feedback = models.OneToOneField(Feedback, on_delete=models.PROTECT, related_name="dispute")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    argument = models.TextField(_("why the rejection is wrong"))
    opened_at = models.DateTimeField()
    answer = models.TextField(_("what Sales says"), blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    ruling = models.CharField(_("ruling"), max_length=10, choices=Ruling.choices, blank=True)
    ruled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField(null=True)
    ruling_note = models.TextField(_("why"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ruling="", ruled_by__isnull=True, ruled_at__isnull=True)
                | (~Q(ruling="") & Q(ruled_by__isnull=False, ruled_at__isnull=False)),
                name="dispute_ruled_by_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["opened_at"], condition=Q(ruling=""), name="dispute_waiting")
        ]

    def __str__(self) -> str:
        return f"Dispute of {self.feedback_id}"
