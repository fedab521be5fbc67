"""Everything that is known of one person, handed out as a file; written down like every export."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from leads.enums.out import ExportedList, ExportFormat, ExportState
from leads.filters import organisation_zone
from leads.models import ExportFile
from leads.rules import keeps_person_data
from leads.selectors.person_data import person_data
from leads.sheets import BOM, csv_rows
from smarketing.errors import NotAllowed

HEAD = ("table", "row", "field", "value")


def export_person(
    actor: User, contact_id: int, file_format: ExportFormat, *, at: datetime
) -> tuple[ExportFile, bytes]:
    """Return what is known of the person behind `contact_id` as JSON, or as a CSV of one value a
    line, and the row that says who took it. Raises NotAllowed. Sixteen statements, whatever there
    is.
    """
    if not keeps_person_data(standing(actor)):
        raise NotAllowed(_("Your role does not include people’s data."))
    tables = person_data(contact_id)
    data = _json(tables) if file_format == ExportFormat.JSON else _csv(tables)
    export = ExportFile.objects.create(
        owner=actor, of_list=ExportedList.PERSON, query=f"contact={contact_id}",
        file_format=file_format, state=ExportState.SENT, size=len(data), created_at=at,
        rows=sum(map(len, tables.values())),
    )  # fmt: skip
    return export, data


def _json(tables: Any) -> bytes:
    return json.dumps(tables, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()


def _csv(tables: Any) -> bytes:
    lines = [
        [table, number, field, _plain(value)]
        for table, rows in tables.items()
        for number, row in enumerate(rows, start=1)
        for field, value in row.items()
        if value not in (None, "", {})
    ]
    return BOM + csv_rows([HEAD, *lines], organisation_zone())


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, datetime | str) else str(value)
