"""What is exported and imported again is what it was, whatever its texts begin with."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from openpyxl import load_workbook

from leads.columns import all_columns
from leads.enums import Disposition, LifecycleStage
from leads.enums.imports import ImportPhase, ImportState
from leads.enums.out import SHEETS, ExportedList, ExportFormat
from leads.formula_guard import unguarded
from leads.mapping import read_mapping
from leads.models import Contact, Lead
from leads.selectors.imports import Counts, counts_of, problems_of
from leads.services.exports import Asked, begin_export, sent_csv, sent_xlsx
from leads.services.importing import import_history
from leads.sheets import read_text
from tests.conftest import AT
from tests.leads.imports.made import done
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
NASTY = [
    '=HYPERLINK("http://evil.example","click")',
    "+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "-2+3",
    "'=1",
    "''@x",
    "'tis",
    'D\'Annunzio; "x", y',
    "Zoë 🦊 שלום",
    "_x000D_",
]
COLUMNS = {
    "Given name": "given_name", "Family name": "family_name", "E-mail": "email",
    "Company": "company", "Job title": "job_title", "Country": "country", "Source": "source",
}  # fmt: skip
MAPPING = read_mapping(
    {
        "columns": COLUMNS,
        "constants": {"captured_through": "again"},
        "stages": [{"steps": [{"stage": "LEAD"}]}],
    }
)
KEPT = ("given_name", "family_name", "job_title", "country", "company__name")


def people(domain: str) -> list[tuple]:
    rows = Contact.objects.filter(email__endswith=domain).order_by("email")
    return list(rows.values_list(*KEPT))


@pytest.fixture
def nasty(marketer):
    for n, text in enumerate(NASTY):
        lead_at(
            LifecycleStage.LEAD, email=f"p{n}@old.example", given_name=text, family_name=text,
            job_title=text, country=text, company=f"{text} Ltd",
        )  # fmt: skip
    return marketer


def exported_file(user, file_format: str) -> bytes:
    columns = ("company", "job_title", "country", "source")
    asked = Asked(ExportedList.LEADS, "sort=name", ExportFormat(file_format), columns)
    export = begin_export(user, asked, at=AT)
    if file_format == "CSV":
        return b"".join(sent_csv(export, at=AT))
    with sent_xlsx(export, at=AT) as out:
        return out.read()


def exported(user, file_format: str) -> list[dict[str, str]]:
    data = exported_file(user, file_format)
    if file_format == "CSV":
        text = data.decode("utf-8-sig")
        rows = csv.DictReader(StringIO(text, newline=""))
        return [{head: unguarded(cell) for head, cell in row.items()} for row in rows]
    sheet = load_workbook(BytesIO(data)).active
    cells = ([str(cell.value or "") for cell in row] for row in sheet.iter_rows())
    head, *rows = ([unguarded(read_text(text)) for text in row] for row in cells)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("file_format", ["CSV", "XLSX"])
def test_the_same_people_again_change_nothing(nasty, file_format):
    before = list(Contact.objects.order_by("id").values())
    report = import_history(exported(nasty, file_format), MAPPING, actor=nasty, at=AT)
    assert (report.rows, report.created, report.refused) == (len(NASTY), 0, 0)
    assert list(Contact.objects.order_by("id").values()) == before
    assert Lead.objects.count() == len(NASTY)


@pytest.mark.parametrize("file_format", ["CSV", "XLSX"])
def test_other_people_of_the_same_texts_are_the_same(nasty, file_format):
    rows = exported(nasty, file_format)
    for row in rows:
        row["E-mail"] = row["E-mail"].replace("old.example", "new.example")
    report = import_history(rows, MAPPING, actor=nasty, at=AT)
    assert (report.created, report.refused) == (len(NASTY), 0)
    old = [person[:-1] for person in people("old.example")]
    assert [person[:-1] for person in people("new.example")] == old
    assert [person[0] for person in old] == NASTY


@pytest.mark.parametrize("file_format", ["CSV", "XLSX"])
def test_the_file_comes_back_through_the_page(nasty, file_format, settings, tmp_path):
    """What the list exports is guessed, checked and brought in as it stands: nothing changes."""
    settings.PRIVATE_ROOT = tmp_path
    before = list(Contact.objects.order_by("id").values())
    one = done(exported_file(nasty, file_format), nasty)
    names = {one.choices["fields"][head] for head in ("Given name", "Family name", "E-mail")}
    assert names == {"given_name", "family_name", "email"}
    counts = counts_of(one, ImportPhase.RUN)
    assert (one.state, counts.rows, counts.unchanged) == (
        ImportState.DONE, len(NASTY), len(NASTY),
    )  # fmt: skip
    assert list(Contact.objects.order_by("id").values()) == before


@pytest.mark.parametrize("file_format", ["CSV", "XLSX"])
def test_the_file_brings_the_same_texts_to_an_empty_house(nasty, file_format, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    data = exported_file(nasty, file_format)
    names = list(Contact.objects.order_by("id").values_list("email", *KEPT[:-1]))
    Contact.objects.update(email=Concat(Value("x"), "email"))
    one = done(data, nasty)
    assert counts_of(one, ImportPhase.RUN).created == len(NASTY)
    new = Contact.objects.exclude(email__startswith="x").order_by("email")
    assert list(new.values_list("email", *KEPT[:-1])) == sorted(names)


@pytest.fixture
def private_files(settings, tmp_path):
    """Files lie in a folder of the test's own."""
    settings.PRIVATE_ROOT = tmp_path


ALL_COLUMNS = tuple(column.key for column in all_columns())


@pytest.mark.parametrize("columns", [(), ALL_COLUMNS], ids=["usual", "all"])
@pytest.mark.parametrize("file_format", list(SHEETS))
def test_leads_wherever_they_stand_come_back_as_they_are(
    marketer, rep, file_format, columns, private_files
):
    """Stages, dispositions, owners, dates: the page reads what the list wrote, by itself."""
    ends = [(S.LEAD, D.RECYCLED), (S.MQL, D.DISQUALIFIED), (S.SQL, D.LOST), (S.CUSTOMER, D.WON)]
    for n, (stage, disposition) in enumerate(
        [*((stage, D.OPEN) for stage in tuple(S)[:-1]), *ends]
    ):
        lead_at(stage, disposition, email=f"p{n}@acme.example", owner=rep, given_name="Pia")
    before = [list(model.objects.order_by("pk").values()) for model in (Lead, Contact)]
    asked = Asked(ExportedList.LEADS, "", file_format, columns)
    export = begin_export(marketer, asked, at=AT)
    if file_format == "CSV":
        data = b"".join(sent_csv(export, at=AT))
    else:
        with sent_xlsx(export, at=AT) as out:
            data = out.read()
    one = done(data, marketer)
    assert problems_of(one, ImportPhase.RUN) == []
    assert counts_of(one, ImportPhase.RUN) == Counts(rows=9, unchanged=9)
    assert [list(model.objects.order_by("pk").values()) for model in (Lead, Contact)] == before
