"""Texts that a spreadsheet would run, on their way out and back."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from leads.formula_guard import guarded, guarded_if_typed, unguarded
from leads.sheets import csv_rows, read_text, write_xlsx

ROME = ZoneInfo("Europe/Rome")
NASTY = [
    '=HYPERLINK("http://evil.example","click")',
    "+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "-2+3",
    "\t=1",
    "\r=1",
    "\n=1",
    "'=1",
    "''=1",
    "'",
    "'tis",
    "+39 02 1234567",
    "＝1",
    'a,b;c\t"d"\r\ne',
    "_x000D_",
    "_x0041_",
    "\x07bell",
    "Zoë 🦊 שלום",
    "",
]


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@A", "\t=", "\r=", "\n=", "＝1", "＋", "－", "＠"]
)
def test_what_would_run_begins_with_an_apostrophe(text):
    assert guarded(text) == f"'{text}"
    assert guarded_if_typed(text) == text


@pytest.mark.parametrize("text", ["", "a=1", "1", "'tis", "'", " =1"])
def test_what_would_not_run_stays(text):
    assert guarded(text) == guarded_if_typed(text) == unguarded(text) == text


@given(st.text() | st.text("=+-@'\t\r\na"))
@example("''=")
def test_what_was_guarded_comes_back(text):
    assert unguarded(guarded(text)) == text
    assert unguarded(guarded_if_typed(text)) == text
    assert guarded(text)[:1] not in set("=+-@\t\r\n＝＋－＠")


def test_csv_comes_back_as_it_was():
    data = csv_rows([[text, 7, None] for text in NASTY], ROME)
    rows = list(csv.reader(StringIO(data.decode(), newline="")))
    assert [[unguarded(row[0]), *row[1:]] for row in rows] == [[text, "7", ""] for text in NASTY]
    assert all(row[0][:1] not in set("=+-@\t\r\n＝") for row in rows)


def test_xlsx_comes_back_as_it_was_and_holds_no_formula():
    out = BytesIO()
    texts = [text for text in NASTY if text]
    n = write_xlsx(out, ["=Head"], [[text, -5] for text in texts], ROME, "Leads")
    assert n == len(texts)
    sheet = load_workbook(out).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [unguarded(read_text(cell.value)) for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert sheet["A1"].data_type == "s"
    assert cells[0].quotePrefix
    assert sheet["B2"].value == -5


def test_instants_are_written_in_the_zone_of_the_house():
    instant = datetime(2026, 3, 31, 21, 30, 5, 999, tzinfo=UTC)
    assert csv_rows([[instant]], ROME) == b"2026-03-31T23:30:05+02:00\r\n"
    out = BytesIO()
    write_xlsx(out, ["When"], [[instant]], ROME, "Leads")
    assert load_workbook(out).active["A2"].value.isoformat() == "2026-03-31T23:30:05"
