"""Tables as files: CSV and XLSX, for spreadsheets and for reading back. Pure but for the writing.

A cell is a text, a number, an instant, a day or nothing. Texts are guarded (`leads.formula_guard`);
numbers and instants are ours and are written as they are: in CSV an instant is ISO 8601 with its
offset, in XLSX a date of the organisation's zone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import IO, Any, TypeAlias
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from leads.formula_guard import WOULD_RUN, guarded, guarded_if_typed

Cell: TypeAlias = str | int | Decimal | datetime | None
BOM = "\ufeff".encode()
DATE_FORMAT = "yyyy-mm-dd hh:mm"
WIDTHS = 20
# What XML cannot hold, carriage returns that its readers change, and what reads like an escape.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def csv_rows(rows: Iterable[Sequence[Cell]], zone: ZoneInfo) -> bytes:
    """Return `rows` as CSV in UTF-8: commas, CRLF, quotes where needed."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([[_plain(cell, zone) for cell in row] for row in rows])
    return out.getvalue().encode()


def _plain(cell: Cell, zone: ZoneInfo) -> str | int | Decimal:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(zone).isoformat(timespec="seconds")
    return guarded(cell) if isinstance(cell, str) else cell


def write_xlsx(
    out: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Cell]], zone: ZoneInfo, title: str
) -> int:
    """Write one sheet with a bold head to `out`, row by row; return how many rows followed it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place in range(len(head)):
        sheet.column_dimensions[_letters(place)].width = WIDTHS
    bold = [_text(sheet, text) for text in head]
    for cell in bold:
        cell.font = Font(bold=True)
    sheet.append(bold)
    n = 0
    for row in rows:
        sheet.append([_typed(sheet, cell, zone) for cell in row])
        n += 1
    book.save(out)
    return n


def read_text(text: str) -> str:
    """Return the text of an XLSX cell with its escapes (`_x000D_`) resolved."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _typed(sheet: Any, cell: Cell, zone: ZoneInfo) -> Any:
    if isinstance(cell, str):
        return _text(sheet, cell) if cell else None
    if isinstance(cell, datetime):
        shown = WriteOnlyCell(sheet, cell.astimezone(zone).replace(tzinfo=None, microsecond=0))
        shown.number_format = DATE_FORMAT
        return shown
    return cell


def _text(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it begins with, and stays text when somebody edits it."""
    fit = UNFIT.sub(lambda found: f"_x{ord(found[0]):04X}_", guarded_if_typed(text))
    cell = WriteOnlyCell(sheet, fit)
    cell.data_type = "s"
    if WOULD_RUN.match(text):
        cell.quotePrefix = True
    return cell


def _letters(place: int) -> str:
    """Return the letters of the column at `place`, counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
