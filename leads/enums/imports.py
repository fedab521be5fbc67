"""The words of bringing a file in."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportState(TextChoices):
    """Where an import stands."""

    UPLOADED = "UPLOADED", _("To be mapped")
    CHECKING = "CHECKING", _("Being checked")
    CHECKED = "CHECKED", _("Checked")
    RUNNING = "RUNNING", _("Running")
    PAUSED = "PAUSED", _("Paused")
    DONE = "DONE", _("Done")
    CANCELLED = "CANCELLED", _("Stopped")
    FAILED = "FAILED", _("Failed")
    UNDOING = "UNDOING", _("Being undone")
    UNDONE = "UNDONE", _("Undone")


class ImportPhase(TextChoices):
    """What a chunk of the ledger did."""

    STAGE = "STAGE", _("Reading the file")
    CHECK = "CHECK", _("Checking rows")
    RUN = "RUN", _("Bringing rows in")
    UNDO = "UNDO", _("Taking rows out")


class FileKind(TextChoices):
    """What a file is, by what stands in it and not by its name."""

    CSV = "CSV", _("CSV")
    XLSX = "XLSX", _("Excel")


class ChangedKind(TextChoices):
    """What a known record that a file changed is."""

    CONTACT = "CONTACT", _("Contact")
    COMPANY = "COMPANY", _("Company")
    LEAD = "LEAD", _("Lead")
    DEAL = "DEAL", _("Opportunity")


# A job goes on with these by itself.
AT_WORK = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)
