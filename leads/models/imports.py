"""Files that bring leads in: the import, its rows as read, its ledger, mappings kept for again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from leads.enums.imports import AT_WORK, ChangedKind, FileKind, ImportPhase, ImportState


class LeadImport(models.Model):
    """One file on its way in. What was done stands in its chunks; counts are their sums."""

    name = models.CharField(max_length=200, help_text="The file's own name, for people only.")
    # Where it lies in the private folder, under a name of our making; empty once it is gone.
    stored = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=4, choices=FileKind.choices)
    size = models.PositiveBigIntegerField()
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    columns = models.JSONField(default=list, help_text="Heads, made unique, in their order.")
    fingerprint = models.CharField(max_length=64, help_text="Of the folded heads.")
    sample = models.JSONField(default=list, help_text="The first rows, as lists of cells.")
    # What the person chose on the mapping page, and the mapping made of it.
    choices = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    state = models.CharField(
        max_length=9, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    failure = models.TextField(blank=True)
    # Rows of the file, known once it was read to its end.
    total = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Who had it undone, since when, and when nothing of it was left to take out.
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undo_asked_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    # The worker that has it: until when, its last sign of life, how often one died of it.
    leased_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("RUNNING", "PAUSED", "DONE")) | Q(started_at__isnull=False),
                name="import_runs_since",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("UNDOING", "UNDONE"))
                | Q(undone_by__isnull=False, undo_asked_at__isnull=False),
                name="import_undone_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=AT_WORK), name="import_at_work"),
        ]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """One row of the file as it stands there; staged by COPY, never changed but for its flaws."""

    lead_import = models.ForeignKey(
        LeadImport, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField(help_text="As in the file; its header is row 1.")
    cells = models.JSONField()
    # Why it cannot come in, found while reading: [[column, code, message], …].
    flaws = models.JSONField(null=True)
    # The first row of the same person and product line, under the present mapping.
    twin_of = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead_import", "number"], name="import_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_import_id}: {self.number}"


class ImportChunk(models.Model):
    """The ledger: one row a chunk done, written in the transaction of its work."""

    lead_import = models.ForeignKey(
        LeadImport, on_delete=models.CASCADE, related_name="chunks", db_index=False
    )
    phase = models.CharField(max_length=5, choices=ImportPhase.choices)
    number = models.PositiveIntegerField()
    last_row = models.PositiveIntegerField(help_text="The last row of the file that it covers.")
    rows = models.PositiveIntegerField()
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    # Rows refused or flagged: [{"row", "verdict", "column", "code", "message"}, …].
    problems = models.JSONField(default=list)
    # What a run made, by id, with the version it left (`leads.services.imports.traces`); of an
    # undo, which leads it kept because somebody has worked on them: {"kept": [id, …]}.
    made = models.JSONField(default=dict)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead_import", "phase", "number"], name="import_chunk_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_import_id}: {self.phase} {self.number}"


class ImportChange(models.Model):
    """A record known before that a chunk changed: nothing of it but which, and where its history
    keeps what it was. That is the first event of the change; the last one says where it ended.
    """

    lead_import = models.ForeignKey(
        LeadImport, on_delete=models.CASCADE, related_name="changes", db_index=False
    )
    number = models.PositiveIntegerField(help_text="Of the chunk.")
    kind = models.CharField(max_length=7, choices=ChangedKind.choices)
    object_id = models.BigIntegerField()
    first_event = models.BigIntegerField(null=True)
    last_event = models.BigIntegerField(null=True)
    # The version at which the import left it last.
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead_import", "number", "kind", "object_id"], name="import_change_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["lead_import", "kind", "object_id"], name="import_change_of_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_import_id}: {self.kind} {self.object_id}"


class SavedMapping(models.Model):
    """Choices made for a file, offered again for one with the same heads; the latest stands."""

    fingerprint = models.CharField(max_length=64, unique=True)
    choices = models.JSONField()
    file_name = models.CharField(max_length=200)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name
