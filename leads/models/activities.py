"""What our people do on a lead, and what they mean to do next."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.enums import ActivityKind, Direction, NextStepKind
from leads.models.leads import Lead

# An attempt is a human outbound activity; a note reaches nobody, automatic mail is nobody's work.
IS_ATTEMPT = Q(direction=Direction.OUTBOUND, is_automatic=False, deleted_at__isnull=True) & ~Q(
    kind=ActivityKind.NOTE
)


class Activity(models.Model):
    """One action on a lead: a call, e-mail, meeting or message, outbound or inbound; or a note."""

    lead = models.ForeignKey(
        Lead, on_delete=models.PROTECT, related_name="activities", db_index=False
    )
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=7, choices=ActivityKind.choices)
    direction = models.CharField(
        _("direction"), max_length=8, choices=Direction.choices, default=Direction.OUTBOUND
    )
    is_automatic = models.BooleanField(_("sent by a machine"), default=False)
    connected = models.BooleanField(_("reached the person"), null=True, blank=True)
    text = models.TextField(_("what was said"), blank=True)
    occurred_at = models.DateTimeField()
    logged_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)
    search = SearchVectorField(null=True, help_text="Folded words of a note.")

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=Q(occurred_at__lte=F("logged_at")), name="activity_not_in_the_future"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ActivityKind.values), name="activity_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="NOTE") | ~Q(text=""), name="activity_note_says_something"
            ),
        ]
        indexes = [
            models.Index(fields=["lead", "-occurred_at", "-id"], name="activity_of_lead"),
            models.Index(
                fields=["lead", "-occurred_at", "-id"],
                condition=Q(kind="NOTE", deleted_at__isnull=True),
                name="activity_note_of_lead",
            ),
            models.Index(fields=["actor", "-occurred_at"], name="activity_of_actor"),
            GinIndex(fields=["search"], name="activity_search"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.lead_id}"

    @property
    def is_attempt(self) -> bool:
        """Tell whether somebody of ours tried to reach the person."""
        return (
            self.direction == Direction.OUTBOUND
            and self.kind != ActivityKind.NOTE
            and not self.is_automatic
            and self.deleted_at is None
        )


class NextStep(models.Model):
    """What a person means to do on a lead, and when."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="next_steps")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=7, choices=NextStepKind.choices)
    text = models.CharField(_("what to do"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dropped_at__isnull=True),
                name="next_step_done_or_dropped",
            )
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_at"],
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
                name="next_step_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.lead_id}"


class Snooze(models.Model):
    """Hides a lead from one reader's inbox until an instant; it never holds a clock."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="snoozes")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "lead"], name="snooze_once")]

    def __str__(self) -> str:
        return f"{self.lead_id} until {self.until:%Y-%m-%d}"
