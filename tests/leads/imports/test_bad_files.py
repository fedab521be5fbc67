"""Files that are broken or hostile: refused with a reason, and nothing of them is kept."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from leads.enums.imports import ImportPhase
from leads.file_rows import file_rows
from leads.formula_guard import guarded
from leads.import_choices import Choices, RowReader, guess, mapping_of
from leads.mapping import read_mapping
from leads.models import Contact, ImportRow, LeadImport
from leads.selectors.imports import Counts, counts_of, problems_of
from leads.services.imports.receiving import receive_file
from leads.services.imports.staging import ROWS_AT_ONCE, stage_rows
from leads.services.imports.steering import check_file
from leads.sniffing import MOST_BYTES, MOST_LINE, MOST_ROWS, Sniffer, heads_of, sniff_delimiter
from smarketing.errors import BadInput
from tests.conftest import AT
from tests.leads.imports.made import PLAIN, checked, csv_file, done, upload, xlsx_file

HEAD = ["Email", "First name", "Created"]


def kept(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def refused(data, marketer, folder, match):
    with pytest.raises(BadInput, match=match):
        upload(data, marketer)
    assert (LeadImport.objects.count(), kept(folder)) == (0, [])


@pytest.mark.django_db
def test_a_huge_file_is_refused_before_all_of_it_is_here(marketer, private_folder, monkeypatch):
    monkeypatch.setitem(MOST_BYTES, "CSV", 6_000_000)
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield b"anna@acme.example\n" * 5_000

    with pytest.raises(BadInput, match="larger than 6 MB"):
        receive_file(endless(), name="big.csv", actor=marketer, at=AT)
    assert (taken, kept(private_folder)) == (67, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "empty"),
        (b"a,b\n" + b"x" * (MOST_LINE + 1), "longer than 1000000"),
        (",".join(map(str, range(201))).encode() + b"\n1\n", "201 columns"),
        (b",".join([b"c"] * 20_000) + b"\n1\n", "20000 columns"),
        (b"Email\n", "a header and no row"),
        (b"\n\nEmail\n", "first row is blank"),
        (b'Email,Name\na@b.example,"open\nand so on\n', "Row 2: a quotation mark"),
        (b'Email,Name\na@b.example,"' + b"open\n" * 60_000, "Row 2: a quotation mark"),
        (b"PK\x03\x04 no workbook", "no Excel file"),
        (b"\xd0\xcf\x11\xe0 old", "old or locked"),
    ],
)
def test_files_that_cannot_be_read_are_refused_with_a_reason(data, match, marketer, private_folder):
    refused(data, marketer, private_folder, match)


def workbook(**parts: bytes) -> bytes:
    """A plain workbook with some parts put in its place."""
    plain, made = zipfile.ZipFile(BytesIO(xlsx_file([HEAD, ["a@b.example", "A", ""]]))), BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in plain.namelist():
            if name not in parts:
                packed.writestr(name, plain.read(name))
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><a>&b;</a>'
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("parts", "match"),
    [
        ({SHEET: b"<a>" + b"0" * 50_000_000 + b"</a>"}, "unpack to far too much"),
        ({SHEET: ENTITIES}, "declares entities"),
        ({"xl/vbaProject.bin": b"macro"}, "carries macros"),
        ({SHEET: b"<worksheet><broken"}, "no Excel file"),
    ],
)
def test_hostile_workbooks_are_refused(parts, match, marketer, private_folder):
    refused(workbook(**parts), marketer, private_folder, match)


@pytest.mark.django_db
def test_more_rows_than_excel_may_have_ask_for_csv(marketer, private_folder, monkeypatch):
    monkeypatch.setitem(MOST_ROWS, "XLSX", 3)
    rows = [HEAD, *(["a@b.example", "A", ""] for _n in range(4))]
    told = "An Excel file may have 3 rows. Save it as CSV and upload that."
    refused(xlsx_file(rows), marketer, private_folder, told)


@pytest.mark.django_db
def test_a_file_that_proves_too_long_fails_while_it_is_read(marketer, monkeypatch):
    monkeypatch.setitem(MOST_ROWS, "CSV", 1_500)
    one = checked(csv_file(1_501), marketer)
    told = "The file has more than 1500 rows. Split it."
    assert (one.state, one.failure, ImportRow.objects.count()) == ("FAILED", told, 0)


@pytest.mark.django_db
def test_a_workbook_comes_in_as_a_text_file_does(marketer):
    rows = [HEAD, ["Anna@Acme.example", "Anna", date(2026, 1, 2)], [], ["x", 3.0, None]]
    one = done(xlsx_file(rows), marketer)
    assert counts_of(one, ImportPhase.RUN) == Counts(rows=2, created=1, refused=1)
    assert [problem["row"] for problem in problems_of(one, ImportPhase.RUN)] == [4]
    assert Contact.objects.get().email == "anna@acme.example"


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_letters_are_right_in_every_encoding(encoding, delimiter, marketer):
    text = delimiter.join(("Email", "Nome")) + "\n" + delimiter.join(("a@b.example", "Niccolò"))
    one = upload(text.encode(encoding), marketer)
    assert (one.columns, one.sample) == (["Email", "Nome"], [["a@b.example", "Niccolò"]])


@pytest.mark.django_db
def test_bad_rows_are_told_by_row_and_column_and_keep_no_other_out(marketer):
    one = done(
        PLAIN
        + "nul\x00@acme.example,A,B,C,\n"
        + "ok@acme.example,A,B,C,2026-01-05,\n"
        + "much@acme.example,A,B,C,2026-01-05,more\n"
        + "feb@acme.example,A,B,C,2026-02-31\n"
        + "old@acme.example,A,B,C,0001-01-01\n"
        + "far@acme.example,A,B,C,9999-01-01\n"
        + "RTL@acme.example,\u202eevil,\u200bzero,C,2026-01-05\n"
        + f"long@acme.example,{'x' * 32_768},B,C,\n"
        + ",Nobody,B,C,\n",
        marketer,
    )
    told = [(p["row"], p["column"], p["code"]) for p in problems_of(one, ImportPhase.RUN)]
    assert told == [
        (2, "Email", "not_storable"), (4, "", "too_many_cells"), (5, "Created", "bad_date"),
        (6, "Created", "bad_date"), (7, told[4][1], "in_the_future"), (9, "First name", "too_long"),
        (10, "Email", "no_identity"),
    ]  # fmt: skip
    assert set(Contact.objects.values_list("email", flat=True)) == {
        "ok@acme.example", "rtl@acme.example",
    }  # fmt: skip


@pytest.mark.django_db
def test_doubled_heads_are_told_apart(marketer):
    one = upload("Email,Phone,Phone\na@b.example,1,2\n", marketer)
    assert one.columns == ["Email", "Phone", "Phone (2)"]
    assert one.choices["fields"] == {"Email": "email", "Phone": "phone", "Phone (2)": ""}


@pytest.mark.django_db
def test_a_name_of_the_file_leads_nowhere(marketer, private_folder):
    one = receive_file([PLAIN.encode() + b"a@b.example,,,,\n"], name="../../etc/x\\y.csv",
                       actor=marketer, at=AT)  # fmt: skip
    assert (one.name, len(one.stored), kept(private_folder)) == ("y.csv", 40, [one.stored])


@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data, tmp_path_factory):
    """Sniffing, reading and guessing end in rows or in a BadInput, never otherwise."""
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    sniffer = Sniffer()
    sniffer.feed(data)
    delimiter = sniff_delimiter(sniffer.head.decode(sniffer.encoding, "replace"))
    try:
        rows = list(file_rows(path, sniffer.kind, sniffer.encoding, delimiter))
    except BadInput:
        return
    if not rows:
        return
    heads = heads_of(rows[0].cells)
    assert len(set(heads)) == len(heads)
    assert all(len(row.cells) == len(heads) for row in rows)
    cells = [row.cells for row in rows[1:]]
    choices = guess(heads, cells, zone="Europe/Rome")
    read_mapping(mapping_of(choices))
    reader = RowReader(heads, choices)
    for row in cells:
        reader.read(row)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


@given(rows=st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5))
def test_texts_written_and_read_are_the_same(rows, tmp_path_factory):
    """What is written as the refused rows are is read as it was."""
    path = tmp_path_factory.getbasetemp() / "texts"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["a", "b"], *([guarded(c) for c in row] for row in rows)])
    told = [row.cells for row in file_rows(path, "CSV", "utf-8-sig", ",")][1:]
    assert told == [row for row in rows if any(cell.strip() for cell in row)]


def test_the_first_sheet_with_rows_is_read_not_a_cover_nor_what_is_hidden(marketer):
    book, file = Workbook(), BytesIO()
    book.active.append(["Fiera Bologna 2026: who came to our stand"])
    for title, email in (("Old", "old@acme.example"), ("Visitors", "new@acme.example")):
        sheet = book.create_sheet(title)
        sheet.append(HEAD)
        sheet.append([email, "A", ""])
    book["Old"].sheet_state = "hidden"
    book.save(file)
    done(file.getvalue(), marketer)
    assert list(Contact.objects.values_list("email", flat=True)) == ["new@acme.example"]


def test_a_workbook_is_read_to_its_end_however_short_the_time(marketer):
    rows = [HEAD, *([f"a{n}@acme.example", "A", ""] for n in range(ROWS_AT_ONCE + 1))]
    one = upload(xlsx_file(rows), marketer, name="long.xlsx")
    check_file(one.pk, Choices.of(one.choices), actor=marketer, at=AT)
    stage_rows(one.pk, now=lambda: AT, go_on=lambda: False)
    one.refresh_from_db()
    assert (one.total, one.rows.count()) == (ROWS_AT_ONCE + 1, ROWS_AT_ONCE + 1)
