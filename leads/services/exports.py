"""Exports: each is written down before a byte leaves; long ones are written by a job.

A job holds an export by a lease and keeps, part by part, the place that it has come to: a worker
that dies costs the part it was at, and a second worker beside it writes nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import standing
from accounts.services.notices import notify
from jobs.doorbell import ring
from leads.enums.out import ExportedList, ExportFormat, ExportState
from leads.filters import organisation_zone
from leads.models import ExportFile, ExportPart
from leads.rules import exports_lists
from leads.selectors.exporting import Table, table_of
from leads.selectors.retention import retention_settings
from leads.sheets import BOM, csv_rows, write_xlsx
from smarketing.errors import BadInput, NotAllowed, NotFound

SENT_AT_ONCE = 5_000
MOST_IN_XLSX = 100_000
LEASE = timedelta(minutes=3)
# A workbook is written in one go; its job may take as long.
WHOLE_SECONDS = 600
WHOLE_LEASE = timedelta(seconds=WHOLE_SECONDS) + LEASE
MOST_ATTEMPTS = 4
PART_BYTES = 1 << 20
IN_MEMORY = 8 << 20
WRITE = "leads.write_exports"
READY, FAILED = "export_ready", "export_failed"
TOO_LONG = _("An Excel file holds at most 100,000 rows here. Take CSV, or narrow the list.")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Asked:
    """What a person wants: a list as it is shown, in one kind of file."""

    of_list: ExportedList
    query: str
    file_format: ExportFormat
    columns: Sequence[str] = ()
    with_bom: bool = True
    language: str = "en"


def begin_export(actor: User, asked: Asked, *, at: datetime, at_once: bool = True) -> ExportFile:
    """Write down that `actor` exports a list, and return the row: `SENT` when it is short enough
    to go straight to him (and `at_once`), else `WAITING` for the job.

    Raises NotAllowed for a person whose role exports nothing, BadInput for filters that cannot be
    read or a list that is too long for its format. Three statements.
    """
    if not exports_lists(standing(actor)):
        raise NotAllowed(_("Your role does not include exports."))
    export = ExportFile(
        owner=actor, of_list=asked.of_list, query=asked.query, columns=list(asked.columns),
        file_format=asked.file_format, with_bom=asked.with_bom, language=asked.language,
        created_at=at,
    )  # fmt: skip
    table = table_of(export, at=at, zone=organisation_zone())
    is_xlsx = asked.file_format == ExportFormat.XLSX
    rows = table.count((MOST_IN_XLSX if is_xlsx else SENT_AT_ONCE) + 1)
    if is_xlsx and rows > MOST_IN_XLSX:
        raise BadInput(TOO_LONG, fields={"format": [TOO_LONG]})
    with transaction.atomic():
        if at_once and rows <= SENT_AT_ONCE:
            export.state, export.rows = ExportState.SENT, rows
        else:
            ring(WRITE)
        export.save()
    log.info("export", export=export.pk, of=asked.of_list, rows=rows, person=actor.pk)
    return export


def sent_csv(export: ExportFile, *, at: datetime) -> Iterator[bytes]:
    """Return the bytes of a short export, chunk by chunk, as they are read."""
    zone = organisation_zone()
    table = table_of(export, at=at, zone=zone)
    yield _head(export, table)
    for rows in table.chunks():
        yield csv_rows(rows, zone)


def sent_xlsx(export: ExportFile, *, at: datetime) -> IO[bytes]:
    """Return the XLSX of an export as an open file, at its beginning."""
    zone = organisation_zone()
    table = table_of(export, at=at, zone=zone)
    out = cast(IO[bytes], SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  # its reader's
    rows = (row for chunk in table.chunks() for row in chunk)
    export.rows = write_xlsx(out, table.head, rows, zone, _title(export))
    export.size = out.tell()
    out.seek(0)
    return out


def _title(export: ExportFile) -> str:
    return str(ExportedList(export.of_list).value).title()


def _head(export: ExportFile, table: Table) -> bytes:
    return (BOM if export.with_bom else b"") + csv_rows([table.head], organisation_zone())


def take_next(*, at: datetime) -> ExportFile | None:
    """Lease the next export that waits and that no living worker holds; None without one."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=at)
    with transaction.atomic():
        rows = ExportFile.objects.select_for_update(skip_locked=True, of=("self",))
        found = rows.filter(free, state=ExportState.WAITING).order_by("id").first()
        if found is None:
            return None
        if found.attempts >= MOST_ATTEMPTS or not exports_lists(standing(found.owner)):
            _give_up(found, at)
            return found
        lease = WHOLE_LEASE if found.file_format == ExportFormat.XLSX else LEASE
        found.leased_until, found.attempts = at + lease, found.attempts + 1
        found.save(update_fields=["leased_until", "attempts"])
    return found


def _give_up(export: ExportFile, at: datetime) -> None:
    export.state, export.leased_until = ExportState.FAILED, None
    export.save(update_fields=["state", "leased_until"])
    export.parts.all().delete()
    _tell(export, FAILED, at)


def _tell(export: ExportFile, kind: str, at: datetime) -> None:
    params = {"rows": export.rows, "list": str(ExportedList(export.of_list).label)}
    url = "/exports/"
    notify([export.owner], kind, params, at=at, url=url, dedupe_key=f"{kind}:{export.pk}")


def write_part(export: ExportFile, *, at: datetime) -> bool:
    """Write the next part of a leased export, or all of an XLSX; return whether more is left."""
    zone = organisation_zone()
    table = table_of(export, at=export.created_at, zone=zone)
    if export.file_format == ExportFormat.XLSX:
        _write_whole(export, at)
        return False
    page = table.page(export.place or "")
    data = csv_rows(table.written(page.rows), zone)
    if export.parts_done == 0:
        data = _head(export, table) + data
    changes = {
        "rows": export.rows + len(page.rows),
        "place": page.after or None,
        "attempts": 0,
        "leased_until": at + LEASE,
    }
    with transaction.atomic():
        kept = _keep(export, [data], changes)
        if kept and not page.after:
            _finish(export, at)
    return kept and bool(page.after)


def _write_whole(export: ExportFile, at: datetime) -> None:
    with sent_xlsx(export, at=export.created_at) as out:
        parts = list(iter(lambda: out.read(PART_BYTES), b""))
    with transaction.atomic():
        if _keep(export, parts, {"rows": export.rows, "size": 0}):
            _finish(export, at)


def _keep(export: ExportFile, parts: Sequence[bytes], changes: Mapping[str, Any]) -> bool:
    """Add `parts`, unless somebody else has gone on meanwhile; return whether they were added."""
    first = export.parts_done
    values = {**changes, "parts_done": first + len(parts)}
    values["size"] = F("size") + sum(map(len, parts))
    mine = ExportFile.objects.filter(
        pk=export.pk, state=ExportState.WAITING, parts_done=first, leased_until=export.leased_until
    )
    if not mine.update(**values):
        return False
    ExportPart.objects.bulk_create(
        ExportPart(export=export, number=first + n, data=data) for n, data in enumerate(parts)
    )
    export.refresh_from_db()
    return True


def _finish(export: ExportFile, at: datetime) -> None:
    export.state, export.leased_until, export.ready_at = ExportState.READY, None, at
    export.expires_at = at + timedelta(hours=retention_settings().export_hours)
    export.save(update_fields=["state", "leased_until", "ready_at", "expires_at"])
    _tell(export, READY, at)


def release(export: ExportFile) -> None:
    """Let go of an export that is not done, so that the next worker need not wait."""
    mine = ExportFile.objects.filter(pk=export.pk, leased_until=export.leased_until)
    mine.update(leased_until=None)


def open_file(reader: User, export_id: int, *, at: datetime) -> ExportFile:
    """Return a finished export to its owner and note that he took it.

    Raises NotFound for another person's, for one that is not ready, and for one that has expired.
    """
    rows = ExportFile.objects.filter(owner=reader, state=ExportState.READY, expires_at__gt=at)
    found = rows.filter(pk=export_id).first()
    if found is None:
        raise NotFound(_("There is no such file, or it has expired."))
    if not exports_lists(standing(reader)):
        raise NotAllowed(_("Your role does not include exports."))
    ExportFile.objects.filter(pk=found.pk).update(taken_at=at)
    return found


def bytes_of(export: ExportFile) -> Iterator[bytes]:
    """Return the file's bytes, part by part; one statement a part."""
    for number in range(export.parts_done):
        part = ExportPart.objects.filter(export=export, number=number).values_list("data").first()
        if part is None:
            return
        yield bytes(part[0])


def remove_expired(*, at: datetime) -> int:
    """Remove the files that have expired; the rows stay and tell who took what. Two statements."""
    with transaction.atomic():
        due = ExportFile.objects.filter(state=ExportState.READY, expires_at__lte=at)
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:1_000])
        ExportPart.objects.filter(export__in=ids).delete()
        return ExportFile.objects.filter(pk__in=ids).update(state=ExportState.EXPIRED)
