"""The rows of a CSV or an Excel file, one after the other, within limits. Pure over a path.

What breaks the file as a whole is a BadInput; what breaks one row is a flaw of that row.
"""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from leads.formula_guard import unguarded
from leads.sheets import read_text
from leads.sniffing import MOST_BYTES, MOST_CELL, MOST_COLUMNS, MOST_LINE, MOST_ROWS, OLE
from smarketing.errors import BadInput

MOST_PARTS = 500
MOST_UNPACKED = 400_000_000
MOST_TEXTS = 60_000_000
# A cell costs some 20 µs to read, whatever is in it: so many take half a minute.
MOST_CELLS = 1_000_000
SPARE_ROWS = 10_000  # blank ones, passed over
DENSEST = 150
LOOKED_AT = 4_096
COVER_ROWS = 50
Flaw = tuple[str, str, str]


@dataclass(frozen=True)
class FileRow:
    """A row as it stands in the file; the header is row 1."""

    number: int
    cells: list[str]
    flaws: tuple[Flaw, ...] = ()


def check_limits(kind: str, size: int, longest_line: int) -> None:
    """Refuse what is too large before anything is parsed."""
    if size == 0:
        raise BadInput(_("The file is empty."))
    if size > MOST_BYTES[kind]:
        most = MOST_BYTES[kind] // 1_000_000
        raise BadInput(_("The file is larger than %(n)d MB. Split it.") % {"n": most})
    if kind == "CSV" and longest_line > MOST_LINE:
        raise BadInput(
            _("A line of the file is longer than %(n)d characters. Is it a CSV file?")
            % {"n": MOST_LINE}
        )


def file_rows(path: Path, kind: str, encoding: str, delimiter: str) -> Iterator[FileRow]:
    """Yield the rows of the file, its header first; blank rows are passed over.

    Raises BadInput for a file that cannot be read, or has too many rows or columns.
    """
    rows = _sheet_rows(path) if kind == "XLSX" else _text_rows(path, encoding, delimiter)
    width = 0
    for number, cells in enumerate(rows, start=1):
        if number > MOST_ROWS[kind] + 1:
            raise BadInput(_too_many_rows(kind))
        if not any(cell.strip() for cell in cells):
            if number == 1:
                raise BadInput(_("The first row is blank; it should name the columns."))
            continue
        if number == 1:
            width = _width(cells)
        yield _checked(number, cells, width)


def _too_many_rows(kind: str) -> str:
    told = {"n": MOST_ROWS[kind]}
    if kind == "XLSX":
        return _("An Excel file may have %(n)d rows. Save it as CSV and upload that.") % told
    return _("The file has more than %(n)d rows. Split it.") % told


def _width(cells: Sequence[str]) -> int:
    if len(cells) > MOST_COLUMNS:
        raise BadInput(
            _("The file has %(n)d columns; at most %(most)d can be read.")
            % {"n": len(cells), "most": MOST_COLUMNS}
        )
    return len(cells)


def _checked(number: int, cells: Sequence[str], width: int) -> FileRow:
    flaws: list[Flaw] = []
    if any(cell.strip() for cell in cells[width:]):
        flaws.append(("", "too_many_cells", _("This row has more cells than there are columns.")))
    whole = [*cells[:width], *[""] * (width - len(cells))]
    for place, cell in enumerate(whole):
        if "\x00" in cell:
            whole[place] = cell.replace("\x00", "\ufffd")
            flaws.append((str(place), "not_storable", _("A character that cannot be stored.")))
        if len(cell) > MOST_CELL:
            whole[place] = cell[:100]
            told = _("This cell is longer than %(n)d characters.") % {"n": MOST_CELL}
            flaws.append((str(place), "too_long", told))
    return FileRow(number, [_storable(cell) for cell in whole], tuple(flaws))


def _storable(cell: str) -> str:
    """Half a pair of UTF-16 is no character of the database's."""
    return cell.encode("utf-8", "replace").decode("utf-8")


# --- CSV -----------------------------------------------------------------------------------------


def _text_rows(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    number = 0
    with path.open(encoding=encoding, newline="") as lines:
        last = _LastRecord(lines)
        reader = csv.reader(last, delimiter=delimiter)
        try:
            for number, cells in enumerate(reader, start=1):  # noqa: B007  # told when it fails
                last.begin_next()
                yield [unguarded(cell) for cell in cells]
        except csv.Error as error:
            raise BadInput(_unclosed(number + 1)) from error
        except UnicodeError as error:
            told = _("The file is not written in %(name)s. Choose another encoding.")
            raise BadInput(told % {"name": encoding}) from error
        if last.is_unclosed(delimiter):
            raise BadInput(_unclosed(number))


def _unclosed(number: int) -> str:
    told = _("Row %(n)d: a quotation mark opens a cell and nothing closes it.")
    return told % {"n": number}


class _LastRecord:
    """The lines of a file, none endless; remembers those of the row that is being read."""

    def __init__(self, lines: TextIOWrapper) -> None:
        self._lines = lines
        self._row: list[str] = []
        self._before: list[str] = []

    def __iter__(self) -> Iterator[str]:
        while line := self._lines.readline(MOST_LINE + 1):
            if len(line) > MOST_LINE:
                raise csv.Error("endless line")
            self._row.append(line)
            yield line

    def begin_next(self) -> None:
        """The row of the lines so far has been read."""
        self._before, self._row = self._row, []

    def is_unclosed(self, delimiter: str) -> bool:
        """Tell whether the last row ended within quotation marks, because the file did."""
        try:
            list(csv.reader(self._before, delimiter=delimiter, strict=True))
        except csv.Error as error:
            return "unexpected end" in str(error)
        return False


# --- Excel ---------------------------------------------------------------------------------------


def check_workbook(path: Path) -> None:
    """Refuse, without reading a cell, what is no plain workbook or would unpack to far too much."""
    with path.open("rb") as file:
        if file.read(4) == OLE:
            raise BadInput(
                _("This is an old or locked Excel file. Save it as .xlsx without a password.")
            )
    try:
        with zipfile.ZipFile(path) as packed:
            _check_parts(packed)
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise BadInput(_("This is no Excel file that can be read.")) from error


def _check_parts(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise BadInput(_("This is no Excel file that can be read."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadInput(_("The file carries macros. Save it as .xlsx or CSV."))
    texts = sum(part.file_size for part in parts if "sharedStrings" in part.filename)
    unpacked = sum(part.file_size for part in parts)
    dense = any(
        part.file_size > LOOKED_AT * DENSEST
        and part.file_size > DENSEST * max(part.compress_size, 1)
        for part in parts
    )
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or texts > MOST_TEXTS or dense:
        raise BadInput(_("The file would unpack to far too much. Save it as CSV."))
    for part in parts:
        _check_part(packed, part)
        if "sharedStrings" not in part.filename:
            _check_sheet(packed, part)


def _check_sheet(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a sheet of too many rows or cells by counting how they begin, which is quick; whoever
    builds objects of them to find that out has lost already."""
    rows = cells = 0
    with packed.open(part) as opened:
        # One that is cut by the end of a piece is missed, which no limit needs to know.
        while piece := opened.read(1 << 20):
            rows += piece.count(b"<row")
            cells += piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b"<c/")
            if rows > MOST_ROWS["XLSX"] + SPARE_ROWS:
                raise BadInput(_too_many_rows("XLSX"))
            if cells > MOST_CELLS:
                told = _("The sheet has more than %(n)d cells. Save it as CSV and upload that.")
                raise BadInput(told % {"n": MOST_CELLS})


def _check_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if not part.filename.endswith((".xml", ".rels")):
        return
    with packed.open(part) as opened:
        head = opened.read(LOOKED_AT).replace(b"\x00", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise BadInput(_("The file declares entities, which no spreadsheet needs. It is refused."))
    if part.filename == "[Content_Types].xml" and b"macroEnabled" in head:
        raise BadInput(_("The file carries macros. Save it as .xlsx or CSV."))


def _sheet_rows(path: Path) -> Iterator[list[str]]:
    check_workbook(path)
    try:
        with path.open("rb") as file:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            yield from _values(book)
    except BadInput:
        raise
    except Exception as error:  # a broken workbook breaks the reader in many ways
        raise BadInput(_("This is no Excel file that can be read.")) from error


def _values(book: Any) -> Iterator[list[str]]:
    """Yield the rows of the first sheet that has a header and a row: a cover sheet has none, and
    what is hidden was not meant. Where several have, one whose header names two columns is meant
    rather than a cover that tells something line by line."""
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    found: Iterator[list[str]] | None = None
    for sheet in shown:
        rows = _cells(sheet)
        ahead = list(islice(rows, COVER_ROWS))
        if sum(map(bool, ahead)) > 1:
            found = found or chain(ahead, rows)
            if sum(map(bool, ahead[0])) > 1:
                found = chain(ahead, rows)
                break
    yield from found or _cells((shown or book.worksheets)[0])


def _cells(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()
    for values in sheet.iter_rows(values_only=True):
        cells = [_text_of(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        yield cells


def _text_of(value: Any) -> str:
    """Say a cell's value as a CSV file would, dates from the year to the second."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        is_day = not (value.hour or value.minute or value.second)
        return value.strftime("%Y-%m-%d" if is_day else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}" if abs(value) < 1e15 else repr(value)  # noqa: PLR2004
    return unguarded(read_text(str(value)))
