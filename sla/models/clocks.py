"""Clocks: running commitments on leads, and everything that happened to each."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessCalendar, User
from leads.models import Lead, Queue
from sla.enums import DueChangeCause, Outcome, Told
from sla.models.commitments import Commitment, EscalationLevel

OPEN = Q(outcome__isnull=True)


class Clock(models.Model):
    """One commitment running on one lead.

    `due_at`, `risk_at` and `escalate_at` are stored, so that a pass finds what is due without
    counting anything: while a clock is paused they already stand where they will be when the pause
    runs to its end. `target` and `held` are business time of `calendar`; a target in days keeps
    `target_days`. What started and stopped it is named by kind and id, so that no row of the record
    starts the same commitment twice.
    """

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="clocks", db_index=False
    )
    # Who is to act, and which queue holds the lead while nobody is.
    owner = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    queue = models.ForeignKey(
        Queue,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # clock_of_queue: few rows have one
    )
    calendar = models.ForeignKey(
        BusinessCalendar,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # only open clocks are asked by it: clock_open_of_calendar
    )

    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=10, choices=Told.choices)
    started_by_id = models.BigIntegerField()
    target = models.DurationField(null=True)
    target_days = models.PositiveSmallIntegerField(null=True)
    held = models.DurationField(default=timedelta(0))
    due_at = models.DateTimeField()
    risk_at = models.DateTimeField()
    # When the next level of the ladder is reached; empty when none is left.
    escalate_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)

    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=10, choices=Told.choices, blank=True)
    stopped_by_id = models.BigIntegerField(null=True)
    # When the stop was told, where that was later than the stop itself.
    reported_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=11, choices=Outcome.choices, null=True)
    # Business time between due and stop; a transferred or cancelled clock keeps it too.
    lateness = models.DurationField(null=True)
    # The breach was noted; it is dated at `due_at`, whenever that was found out.
    breached_at = models.DateTimeField(null=True)
    # A row that failed every time is set apart until somebody looks.
    parked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    # Started by something that was taken back: it counts in no figure.
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "commitment", "started_by", "started_by_id"],
                name="clock_started_once",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False, target_days__isnull=True)
                | Q(target__isnull=True, target_days__isnull=False),
                name="clock_has_one_target",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("started_at")), name="clock_due_after_start"
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, stopped_at__isnull=True)
                | Q(outcome__isnull=False, stopped_at__isnull=False),
                name="clock_stopped_iff_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="MET") | Q(stopped_at__lte=F("due_at")),
                name="clock_met_is_in_time",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="MET_LATE") | Q(stopped_at__gt=F("due_at")),
                name="clock_met_late_is_late",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, paused_until__isnull=True)
                | Q(paused_until__gt=F("paused_at")),
                name="clock_pause_has_an_end",
            ),
        ]
        indexes = [
            # The passes walk these, so their cost follows what falls due and not what runs.
            models.Index(
                fields=["due_at", "id"],
                condition=OPEN & Q(breached_at__isnull=True, parked_at__isnull=True),
                name="clock_to_breach",
            ),
            models.Index(
                fields=["escalate_at", "id"],
                condition=OPEN & Q(escalate_at__isnull=False, parked_at__isnull=True),
                name="clock_to_escalate",
            ),
            models.Index(fields=["lead", "id"], name="clock_of_lead"),
            models.Index(fields=["owner", "due_at"], condition=OPEN, name="clock_open_of_owner"),
            models.Index(fields=["due_at", "id"], condition=OPEN, name="clock_open_by_due"),
            models.Index(fields=["commitment", "due_at"], name="clock_of_commitment"),
            models.Index(
                fields=["calendar", "due_at"], condition=OPEN, name="clock_open_of_calendar"
            ),
            models.Index(fields=["queue"], condition=Q(queue__isnull=False), name="clock_of_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} on {self.lead_id}"


class Breach(models.Model):
    """A clock passed its due instant, which is when the breach is dated.

    Withdrawn when the stop turns out to have been in time though it was told late.
    """

    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="breach")
    at = models.DateTimeField()
    noted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "breaches"
        indexes = [models.Index(fields=["at", "id"], name="breach_by_time")]

    def __str__(self) -> str:
        return f"{self.clock_id} at {self.at:%Y-%m-%d %H:%M}"


class Pause(models.Model):
    """A clock is held, with a reason and an end; `ended_at` when it went on earlier than that."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(_("why"), max_length=200)
    paused_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    paused_at = models.DateTimeField()
    until = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    held = models.DurationField(help_text="Business time by which the due instant moved.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("paused_at")), name="pause_ends_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} until {self.until:%Y-%m-%d %H:%M}"


class Recalculation(models.Model):
    """A calendar changed: the open clocks that count in it are to be counted anew.

    The row is written with the change, so that a lost job is found again; its `batch` names what
    it moved.
    """

    batch = models.UUIDField(unique=True, default=uuid4, editable=False)
    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    moved = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=Q(done_at__isnull=True), name="recalculation_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id}: {self.moved}"


class DueChange(models.Model):
    """The due instant of a clock moved; append-only."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="due_changes")
    cause = models.CharField(max_length=15, choices=DueChangeCause.choices)
    # All clocks that one change of a calendar moved, so that it can be taken back.
    batch = models.UUIDField(null=True, db_index=True)
    was_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    actor = models.ForeignKey(
        User,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # read with its row alone, and people of ours are never deleted
    )
    changed_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="due_change_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.clock_id}: {self.was_due_at:%Y-%m-%d %H:%M} → {self.due_at:%Y-%m-%d %H:%M}"


class EscalationNotice(models.Model):
    """Somebody was told of a clock at a level of the ladder: once, however often it is tried."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="escalations")
    level = models.ForeignKey(EscalationLevel, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="Null: re-routed."
    )
    reached_at = models.DateTimeField()
    # When its notice was written, alone or within a digest; empty until then.
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "level", "recipient"],
                nulls_distinct=False,
                name="escalation_once_a_level_and_person",
            )
        ]
        indexes = [
            models.Index(
                fields=["recipient", "id"],
                condition=Q(sent_at__isnull=True),
                name="escalation_to_send",
            ),
            # What was told at one instant, for the chat channels.
            models.Index(
                fields=["sent_at"],
                condition=Q(sent_at__isnull=False),
                name="escalation_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.level_id} → {self.recipient_id}"
