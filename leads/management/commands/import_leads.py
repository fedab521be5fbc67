"""`manage.py import_leads FILE --mapping M.json`: history from a CSV or Excel file; prints JSON."""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from accounts.querysets import normalise_email
from leads.enums.imports import FileKind
from leads.file_rows import check_limits, file_rows
from leads.formula_guard import unguarded
from leads.mapping import Mapping, read_mapping
from leads.services.importing import import_history
from smarketing import time_source
from smarketing.errors import BadInput

UNREADABLE = (OSError, LookupError, ValueError, RecursionError, csv.Error, BadInput)
PACKED = b"PK\x03\x04"


class Command(BaseCommand):
    """Bring the rows of a file in as history."""

    help = "Import leads with their history from a CSV or Excel file; see docs/import.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV file, or the Excel workbook (.xlsx)")
        parser.add_argument("--mapping", type=Path, required=True, help="the mapping, as JSON")
        parser.add_argument("--dry-run", action="store_true", help="check every row, write nothing")
        parser.add_argument(
            "--as", dest="email", default="", help="the person in whose name it is done (e-mail)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            mapping = read_mapping(json.loads(options["mapping"].read_text(encoding="utf-8")))
            rows, actor = rows_of(options["file"], mapping), person(options["email"])
            with kept_or_not(dry_run=options["dry_run"]):
                report = import_history(rows, mapping, actor=actor, at=time_source.now())
        except UNREADABLE as error:
            raise CommandError(str(error)) from error
        counts = {"dry_run": options["dry_run"], **asdict(report)}
        self.stdout.write(json.dumps(counts, ensure_ascii=False, indent=2))


@contextmanager
def kept_or_not(*, dry_run: bool) -> Iterator[None]:
    """Undo at the end what a dry run wrote; else every chunk stays once it is in."""
    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows_of(path: Path, mapping: Mapping) -> Iterator[dict[str, str]]:
    """Yield the rows of the file by column, nothing for a blank one, so that each keeps its number;
    an Excel file is known by what is in it. Raises BadInput when a column of the mapping is not
    there."""
    with path.open("rb") as file:
        is_packed = file.read(len(PACKED)) == PACKED
    rows = _sheet_rows(path) if is_packed else _text_rows(path, mapping)
    heads = next(rows, [])
    _check_heads(heads, mapping)
    for cells in rows:
        yield dict(zip(heads, cells, strict=False)) if any(cells) else {}


def _text_rows(path: Path, mapping: Mapping) -> Iterator[Sequence[str]]:
    with path.open(encoding=mapping.encoding, newline="") as lines:
        for cells in csv.reader(lines, delimiter=mapping.delimiter):
            yield [unguarded(cell) if cell[:1] == "'" else cell for cell in cells]


def _sheet_rows(path: Path) -> Iterator[Sequence[str]]:
    check_limits(FileKind.XLSX, path.stat().st_size, 0)
    last = 0
    for row in file_rows(path, FileKind.XLSX, "", ","):
        yield from [()] * (row.number - last - 1)
        yield row.cells
        last = row.number


def _check_heads(heads: Sequence[str], mapping: Mapping) -> None:
    doubled = sorted({head for head in mapping.columns_needed if heads.count(head) > 1})
    if doubled:
        raise BadInput(f"The file has more than one column {', '.join(doubled)}.")
    missing = sorted(mapping.columns_needed - set(heads))
    if missing:
        raise BadInput(f"The file has no column {', '.join(missing)}.")


def person(email: str) -> User | None:
    """Return the person with this e-mail; nobody was named: the operator of the machine."""
    if not email:
        return None
    found = User.objects.active().filter(email=normalise_email(email)).first()
    if found is None:
        raise BadInput(f"Nobody here has the e-mail {email}.")
    return found
