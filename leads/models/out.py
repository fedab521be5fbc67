"""What leaves: exports, erasures with the list that keeps the erased away, how long we keep."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.tracking import tracked
from leads.enums.out import ErasureKey, ExportedList, ExportFormat, ExportState
from leads.models.parties import Contact


class ExportFile(models.Model):
    """One export: who took what out of which list, and when. The row outlives its file.

    A short one goes straight to its reader (`SENT`); a long one is written part by part by a job,
    which keeps the place that it has come to, and is open to its owner until it expires.
    """

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="exports")
    of_list = models.CharField(_("list"), max_length=9, choices=ExportedList.choices)
    # The address of the list, as its reader saw it: filters and order.
    query = models.TextField(_("filters"), blank=True)
    columns = models.JSONField(_("columns"), default=list)
    file_format = models.CharField(_("format"), max_length=4, choices=ExportFormat.choices)
    with_bom = models.BooleanField(default=True)
    language = models.CharField(max_length=5, default="en")
    state = models.CharField(
        _("state"), max_length=7, choices=ExportState.choices, default=ExportState.WAITING
    )
    rows = models.PositiveIntegerField(_("rows"), default=0)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    parts_done = models.PositiveIntegerField(default=0)
    # The last row written, by its value in the order and its id.
    place = models.JSONField(null=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    # A worker that dies holds the file no longer than this; it is tried a few times.
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="READY") | Q(ready_at__isnull=False, expires_at__isnull=False),
                name="export_ready_expires",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="export_of_owner"),
            models.Index(fields=["-created_at", "-id"], name="export_newest"),
            models.Index(fields=["id"], condition=Q(state="WAITING"), name="export_waiting"),
            models.Index(
                fields=["expires_at"], condition=Q(state="READY"), name="export_to_remove"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of_list} {self.pk}"


class ExportPart(models.Model):
    """Some bytes of an export's file. They live in the database, so that whoever works on it and
    whoever reads it need no common disk, and an erasure reaches them."""

    export = models.ForeignKey(ExportFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="export_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.export_id}/{self.number}"


class Erasure(models.Model):
    """That a person was erased: when, by whom, why. Whom it was about, nobody can tell any more."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=200)
    at = models.DateTimeField()
    rows_touched = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact"], name="erasure_once")]
        indexes = [models.Index(fields=["-at", "-id"], name="erasure_newest")]

    def __str__(self) -> str:
        return f"{self.contact_id} at {self.at:%Y-%m-%d}"


class ErasedKey(models.Model):
    """A keyed hash by which an erased person is known again, so that nothing takes him in anew."""

    kind = models.CharField(max_length=11, choices=ErasureKey.choices)
    digest = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"


@tracked()
class RetentionSettings(models.Model):
    """How long personal data stay; there is one row, id 1. Empty keeps without end."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    idle_months = models.PositiveSmallIntegerField(
        _("months after which a person without any trace is erased"), null=True, blank=True
    )
    notice_months = models.PositiveSmallIntegerField(
        _("months that read notices stay"), null=True, blank=True, default=12
    )
    export_hours = models.PositiveSmallIntegerField(
        _("hours that an exported file stays"), default=72
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="retention_settings_are_single"),
            models.CheckConstraint(
                condition=Q(export_hours__gte=1, export_hours__lte=720),
                name="retention_export_is_short",
            ),
            models.CheckConstraint(
                condition=Q(idle_months__isnull=True) | Q(idle_months__gte=1, idle_months__lte=240),
                name="retention_idle_months",
            ),
            models.CheckConstraint(
                condition=Q(notice_months__isnull=True)
                | Q(notice_months__gte=1, notice_months__lte=240),
                name="retention_notice_months",
            ),
        ]

    def __str__(self) -> str:
        return "Retention settings"
