"""The rows of a file come into the database by COPY, as they stand there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from itertools import islice

from django.db import connection, transaction

from leads.enums.imports import FileKind, ImportPhase, ImportState
from leads.file_rows import FileRow, file_rows
from leads.import_choices import Choices
from leads.models import ImportChunk, LeadImport
from leads.services.imports.ledger import last_of, locked, note_chunk
from leads.services.imports.receiving import path_of

ROWS_AT_ONCE = 5_000
COPY_SQL = "COPY leads_importrow (lead_import_id, number, cells, flaws) FROM STDIN"
# A text of COPY: what would end a cell or begin an escape is written as one.
COPY_TEXT = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
TWINS_SQL = """
    UPDATE leads_importrow AS r SET twin_of = nullif(t.first, r.number)
    FROM (
        SELECT id, CASE WHEN who <> '' THEN
            min(number) OVER (PARTITION BY who, line) END AS first
        FROM (
            SELECT id, number, coalesce(nullif(lower(trim(cells ->> %(email)s)), ''),
                nullif('#' || trim(cells ->> %(external)s), '#'), '') AS who,
                lower(trim(coalesce(cells ->> %(line)s, ''))) AS line
            FROM leads_importrow WHERE lead_import_id = %(pk)s AND flaws IS NULL
        ) AS named
    ) AS t
    WHERE t.id = r.id AND r.twin_of IS DISTINCT FROM nullif(t.first, r.number)
"""
NO_COLUMN = 100_000


def stage_rows(pk: int, *, now: Callable[[], datetime], go_on: Callable[[], bool]) -> None:
    """Bring rows into the database from where the ledger stands, chunk by chunk, while `go_on`.

    A workbook is read from its start alone, so once begun it is read to its end. Raises BadInput
    when the file as a whole cannot be read.
    """
    one = LeadImport.objects.get(pk=pk)
    _number, staged = last_of(one, ImportPhase.STAGE)
    rows = file_rows(path_of(one), one.kind, one.encoding, one.delimiter)
    left = (row for row in rows if row.number > max(staged, 1))
    while one.kind == FileKind.XLSX or go_on():
        chunk = list(islice(left, ROWS_AT_ONCE))
        if not _stage(pk, chunk, at=now()) or len(chunk) < ROWS_AT_ONCE:
            return


@transaction.atomic
def _stage(pk: int, chunk: list[FileRow], *, at: datetime) -> bool:
    """Write one chunk; tell whether the import still wants it."""
    one = locked(pk)
    number, staged = last_of(one, ImportPhase.STAGE)
    is_next = not chunk or chunk[0].number > max(staged, 1)
    if one.state != ImportState.CHECKING or one.total is not None or not is_next:
        return False
    if chunk:
        _copy(one, chunk)
        note_chunk(one, ImportChunk(
            lead_import=one, phase=ImportPhase.STAGE, number=number + 1, rows=len(chunk),
            last_row=chunk[-1].number, done_at=at,
        ), at=at)  # fmt: skip
    if len(chunk) < ROWS_AT_ONCE:
        one.total = one.rows.count()
        find_twins(one)
        one.save(update_fields=["total"])
    return True


def _copy(one: LeadImport, chunk: list[FileRow]) -> None:
    lines = StringIO("".join(_lines(one, chunk)))
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY_SQL, lines)


def _lines(one: LeadImport, chunk: list[FileRow]) -> Iterator[str]:
    for row in chunk:
        cells = json.dumps(row.cells, ensure_ascii=False).translate(COPY_TEXT)
        flaws = "\\N"
        if row.flaws:
            told = [[_head(one, place), code, message] for place, code, message in row.flaws]
            flaws = json.dumps(told, ensure_ascii=False).translate(COPY_TEXT)
        yield f"{one.pk}\t{row.number}\t{cells}\t{flaws}\n"


def _head(one: LeadImport, place: str) -> str:
    return one.columns[int(place)] if place else ""


def find_twins(one: LeadImport) -> None:
    """Mark each row whose person and product line came earlier in the file; one statement."""
    choices = Choices.of(one.choices)
    places = {name: _place(one, choices.column_of(field)) for name, field in (
        ("email", "email"), ("external", "external_id"), ("line", "product_line"),
    )}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TWINS_SQL, {"pk": one.pk, **places})


def _place(one: LeadImport, head: str | None) -> int:
    return one.columns.index(head) if head in one.columns else NO_COLUMN
