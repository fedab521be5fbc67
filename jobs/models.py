"""What the background has done: one row per (job, slot), and the sign of life of each process."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobOutcome(models.TextChoices):
    """How a run of a job ended."""

    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Failed")


class JobRun(models.Model):
    """One run of a periodic job. The unique (job, slot) makes a tick single.

    Two beats, a redelivered message or an impatient person may ring twice for one slot; the second
    finds the row and does nothing.
    """

    job = models.CharField(max_length=100)
    slot = models.BigIntegerField(help_text="Whole periods since the epoch.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=10, choices=JobOutcome.choices, default=JobOutcome.RUNNING
    )
    done = models.PositiveIntegerField(default=0, help_text="Rows the run dealt with.")
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "slot"], name="job_run_once_per_slot"),
            models.CheckConstraint(
                condition=models.Q(outcome="RUNNING", finished_at__isnull=True)
                | (~models.Q(outcome="RUNNING") & models.Q(finished_at__isnull=False)),
                name="job_run_finished_iff_ended",
            ),
        ]
        indexes = [models.Index(fields=["job", "-started_at"], name="job_run_latest")]

    def __str__(self) -> str:
        return f"{self.job} #{self.slot} {self.outcome}"


class Heartbeat(models.Model):
    """The last sign of life of a kind of process (`worker`, `beat`)."""

    name = models.CharField(max_length=50, primary_key=True)
    beat_at = models.DateTimeField()
    host = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%Y-%m-%d %H:%M:%S}"
