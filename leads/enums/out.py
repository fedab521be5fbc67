"""The words of what leaves: exports and erasures."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ExportedList(TextChoices):
    """Which list an export holds."""

    LEADS = "LEADS", _("Leads")
    CONTACTS = "CONTACTS", _("Contacts")
    COMPANIES = "COMPANIES", _("Companies")
    # Not a list: everything that is known of one person.
    PERSON = "PERSON", _("One person")


class ExportFormat(TextChoices):
    """The kind of file."""

    CSV = "CSV", _("CSV")
    XLSX = "XLSX", _("Excel (XLSX)")
    JSON = "JSON", _("JSON")


class ExportState(TextChoices):
    """How far an export has come."""

    SENT = "SENT", _("Downloaded")
    WAITING = "WAITING", _("Being written")
    READY = "READY", _("Ready")
    FAILED = "FAILED", _("Failed")
    EXPIRED = "EXPIRED", _("Removed")


class ErasureKey(TextChoices):
    """By what an erased person is known again."""

    EMAIL = "EMAIL", _("E-mail")
    EXTERNAL_ID = "EXTERNAL_ID", _("Id in another system")


# What a reader may choose from.
LISTS = (ExportedList.LEADS, ExportedList.CONTACTS, ExportedList.COMPANIES)
SHEETS = (ExportFormat.CSV, ExportFormat.XLSX)
