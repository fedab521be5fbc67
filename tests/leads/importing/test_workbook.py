"""An Excel workbook comes in from the shell as a CSV file does."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from leads.models import Contact, Lead, Opportunity

pytestmark = pytest.mark.django_db


def test_the_command_reads_a_workbook_by_what_is_in_it(tmp_path, capsys):
    file, mapping = tmp_path / "leads.bin", tmp_path / "m.json"
    book = Workbook()
    book.active.append(["mail", "began", "value"])
    book.active.append(["a@b.example", date(2025, 2, 1), 12.5])
    book.active.append([None, None, None])
    book.active.append(["b@b.example", None, None])
    book.save(file)
    columns = {"mail": "email", "began": "opportunity_at", "value": "amount"}
    mapping.write_text(json.dumps({"columns": columns}))
    call_command("import_leads", str(file), mapping=mapping)
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["created"], told["problems"]) == (2, 2, [])
    lead = Lead.objects.get(contact__email="a@b.example")
    assert lead.opportunity_at == datetime(2025, 2, 1, tzinfo=UTC)
    assert Opportunity.objects.get().amount == Decimal("12.50")


@pytest.mark.parametrize(
    "cover",
    [{"B2": "Trade fair Bologna 2026", "B4": "Prepared by Carla"},
     {"A1": "Trade fair Bologna 2026", "A3": "Prepared by Carla"}, {"A1": "Only a title"}],
)  # fmt: skip
def test_a_cover_sheet_is_passed_over(tmp_path, capsys, cover):
    file, mapping = tmp_path / "leads.xlsx", tmp_path / "m.json"
    book = Workbook()
    for place, text in cover.items():
        book.active[place] = text
    visitors = book.create_sheet("Visitors")
    visitors.append(["mail", "city"])
    visitors.append(["a@b.example", "Rome"])
    book.save(file)
    mapping.write_text(json.dumps({"columns": {"mail": "email", "city": "city"}}))
    call_command("import_leads", str(file), mapping=mapping)
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["created"], told["problems"]) == (1, 1, [])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_row_is_told_by_the_number_that_it_has_in_the_file(tmp_path, capsys, kind):
    file, mapping = tmp_path / "leads.bin", tmp_path / "m.json"
    rows = [["mail", "city"], ["a@b.example", "Rome"], [], ["", ""], ["wrong", ""]]
    if kind == "csv":
        file.write_text("\n".join(",".join(row) for row in rows))
    else:
        book = Workbook()
        for row in rows:
            book.active.append([cell or None for cell in row])
        book.save(file)
    mapping.write_text(json.dumps({"columns": {"mail": "email", "city": "city"}}))
    call_command("import_leads", str(file), mapping=mapping)
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["created"], told["refused"]) == (2, 1, 1)
    assert [(one["row"], one["code"]) for one in told["problems"]] == [(5, "bad_email")]


def test_what_only_looks_like_a_workbook_is_refused(tmp_path):
    file, mapping = tmp_path / "leads.xlsx", tmp_path / "m.json"
    file.write_bytes(b"PK\x03\x04 and nothing else")
    mapping.write_text(json.dumps({"columns": {"mail": "email"}}))
    with pytest.raises(CommandError, match="no Excel file"):
        call_command("import_leads", str(file), mapping=mapping)
    assert Contact.objects.count() == 0
