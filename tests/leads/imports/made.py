"""Files made on the fly, and imports brought where a test needs them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook

from accounts.models import User
from leads.import_choices import Choices
from leads.models import LeadImport
from leads.services.imports.receiving import receive_file
from leads.services.imports.steering import check_file, run_import
from leads.services.imports.working import work
from tests.conftest import AT

PLAIN = "Email,First name,Last name,Company,Created\n"


def csv_file(rows: int, *, start: int = 0) -> str:
    """A file of acme's people."""
    lines = [
        f"anna{n}@acme.example,Anna,Neri{n},Acme,2026-01-{n % 28 + 1:02}\n"
        for n in range(start, start + rows)
    ]
    return PLAIN + "".join(lines)


def xlsx_file(rows: Iterable[Sequence[object]]) -> bytes:
    """An Excel file with these rows."""
    book, file = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    book.save(file)
    return file.getvalue()


def upload(data: str | bytes, actor: User, *, name: str = "fair.csv") -> LeadImport:
    """Receive a file in pieces, as from the network."""
    raw = data.encode() if isinstance(data, str) else data
    pieces = (raw[n : n + 65_536] for n in range(0, len(raw), 65_536))
    return receive_file(pieces, name=name, actor=actor, at=AT)


def go(at: datetime = AT) -> int:
    """Let the job do all that waits."""
    return work(lambda: at, go_on=lambda: True)


def checked(data: str | bytes, actor: User, **chosen: object) -> LeadImport:
    """Upload, map as guessed (with `chosen` answers) and check."""
    one = upload(data, actor)
    choices = Choices.of({**one.choices, **chosen})
    check_file(one.pk, choices, actor=actor, at=AT)
    go()
    one.refresh_from_db()
    return one


def done(data: str | bytes, actor: User, **chosen: object) -> LeadImport:
    """Upload, map, check and run to the end."""
    one = checked(data, actor, **chosen)
    run_import(one.pk, actor=actor, at=AT)
    go()
    one.refresh_from_db()
    return one
