"""Workbooks made to cost time and memory are refused before one of their cells is read."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from leads import file_rows
from leads.file_rows import check_workbook
from smarketing.errors import BadInput
from tests.leads.imports.made import xlsx_file

SHEET = "xl/worksheets/sheet1.xml"


def workbook(folder: Path, sheet: bytes, *, called: str = SHEET) -> Path:
    """A workbook with this sheet in the place of its own."""
    known, path = zipfile.ZipFile(BytesIO(xlsx_file([["Email"]]))), folder / "hostile.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in known.namelist():
            if name != called:
                packed.writestr(name, known.read(name))
        packed.writestr(called, sheet)
    return path


def rows(count: int, cells: str = "") -> bytes:
    """So many rows, unlike enough not to be packed suspiciously well."""
    told = "".join(
        f'<row r="{n}" ht="{n * 7919 % 99991}">{cells}</row>' for n in range(1, count + 1)
    )
    return f"<worksheet><sheetData>{told}</sheetData></worksheet>".encode()


def test_rows_without_a_cell_are_counted(tmp_path):
    check_workbook(workbook(tmp_path, rows(110_000)))
    with pytest.raises(BadInput, match="100000 rows"):
        check_workbook(workbook(tmp_path, rows(110_001)))


@pytest.mark.parametrize("cells", ["<c><v>1</v></c><c/>", '<c r="A1"><f>1+1</f></c><c t="n"/>'])
def test_cells_are_counted_whatever_is_in_them(tmp_path, monkeypatch, cells):
    monkeypatch.setattr(file_rows, "MOST_CELLS", 20)
    check_workbook(workbook(tmp_path, rows(10, cells)))
    for called in (SHEET, "xl/elsewhere.xml"):
        with pytest.raises(BadInput, match="more than 20 cells"):
            check_workbook(workbook(tmp_path, rows(11, cells), called=called))


def test_a_sheet_whose_packing_is_broken(tmp_path):
    path = workbook(tmp_path, rows(5_000))
    data = bytearray(path.read_bytes())
    place = data.find(SHEET.encode(), len(data) // 2 if data.count(SHEET.encode()) == 1 else 0)
    data[place + 2_000 : place + 2_100] = b"\xff" * 100
    path.write_bytes(bytes(data))
    with pytest.raises(BadInput, match="no Excel file"):
        check_workbook(path)
