"""Files that people came in by hold nobody who was erased; whatever the house's reasons are."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from leads.enums import CloseReason, Disposition, LifecycleStage
from leads.enums.imports import ImportPhase, ImportState
from leads.models import Erasure, ImportChunk, ImportRow, Lead, LeadImport, Opportunity, Reason
from leads.models.opportunities import DealState
from leads.services.erasing import erase_people, erase_person, protection_lifted
from leads.services.erasing_uploads import stands_in
from leads.services.imports.receiving import path_of, receive_file
from leads.services.recycling import wake_due
from leads.services.sweeping import GONE, sweep
from smarketing.errors import Refused
from tests.conftest import AT
from tests.leads.out.test_erasing import found
from tests.leads.records import HOUR, lead_at

S, D = LifecycleStage, Disposition
EMAIL = "anna.neri@acme.example"
FILE = f"E-mail,Name\n{EMAIL.upper()},Anna\nberta@b.example,Berta\n"


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def upload(db, marketer):
    def receive(data: bytes, name: str = "list.csv") -> LeadImport:
        return receive_file([data], name=name, actor=marketer, at=AT)

    return receive


def erase(contact_id: int, actor, at=AT) -> Erasure:
    return erase_person(contact_id, actor=actor, reason="asked", at=at)


@pytest.mark.django_db
def test_a_staged_file_loses_his_row_its_words_and_the_file(
    upload, administrator, django_capture_on_commit_callbacks
):
    contact = lead_at(email=EMAIL).contact
    one = upload(FILE.encode())
    path = path_of(one)
    LeadImport.objects.filter(pk=one.pk).update(state=ImportState.CHECKED, total=2)
    for number, cells in ((2, [EMAIL.upper(), "Anna"]), (3, ["berta@b.example", "Berta"])):
        ImportRow.objects.create(lead_import=one, number=number, cells=cells)
    told = [{"row": n, "verdict": "refused", "column": "Name", "code": "x", "message": f"“{who}”"}
            for n, who in ((2, "Anna"), (3, "Berta"))]  # fmt: skip
    ImportChunk.objects.create(
        lead_import=one, phase=ImportPhase.CHECK, number=1, last_row=3, rows=2, refused=2,
        problems=told, done_at=AT,
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        erase(contact.pk, administrator)
    one.refresh_from_db()
    assert list(ImportRow.objects.values_list("number", flat=True)) == [3]
    assert [row["message"] for row in ImportChunk.objects.get().problems] == [GONE, "“Berta”"]
    assert one.sample == [["berta@b.example", "Berta"]]
    assert (one.stored, one.state, path.exists()) == ("", ImportState.CHECKED, False)
    assert found(EMAIL) == []


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_not_read_yet_is_removed_and_its_import_says_why(
    upload, administrator, encoding, django_capture_on_commit_callbacks
):
    contact = lead_at(email=EMAIL).contact
    his, other = upload(FILE.encode(encoding)), upload(b"E-mail\nberta@b.example\n")
    paths = path_of(his), path_of(other)
    with django_capture_on_commit_callbacks(execute=True):
        erase(contact.pk, administrator)
    his.refresh_from_db()
    other.refresh_from_db()
    assert (his.state, his.stored) == (ImportState.FAILED, "")
    assert "erased" in his.failure
    assert (other.state, [path.exists() for path in paths]) == (ImportState.UPLOADED, [False, True])


@pytest.mark.django_db
def test_a_workbook_is_looked_through(upload, administrator, django_capture_on_commit_callbacks):
    contact = lead_at(email=EMAIL).contact
    out = io.BytesIO()
    book = Workbook()
    for row in (["E-mail"], [EMAIL]):
        book.active.append(row)
    book.save(out)
    one = upload(out.getvalue(), "list.xlsx")
    with django_capture_on_commit_callbacks(execute=True):
        erase(contact.pk, administrator)
    assert LeadImport.objects.get(pk=one.pk).state == ImportState.FAILED
    assert not path_of(one).is_file()


def test_words_are_found_across_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr("leads.services.erasing_uploads.PIECE", 7)
    path = tmp_path / "file"
    path.write_text(f"x,y\n1,{EMAIL}\n")
    assert stands_in(path, "utf-8", [EMAIL])
    assert not stands_in(path, "utf-8", ["berta@b.example"])
    assert stands_in(path, "", [EMAIL])  # no workbook: cannot be looked through


@pytest.mark.django_db
@pytest.mark.parametrize("stage", [S.LEAD, S.MQL, S.SAL, S.SQL, S.OPPORTUNITY])
def test_it_works_whatever_reasons_the_house_has(administrator, rep, stage):
    lead = lead_at(stage, owner=rep)
    Reason.objects.all().update(is_active=False)
    Reason.objects.filter(code=CloseReason.OTHER).delete()
    erase(lead.contact_id, administrator)
    lead.refresh_from_db()
    assert lead.disposition == (D.LOST if stage == S.OPPORTUNITY else D.DISQUALIFIED)
    assert not Opportunity.objects.filter(state=DealState.OPEN).exists()


@pytest.mark.django_db
def test_nothing_brings_an_erased_person_back(administrator):
    lead = lead_at(S.SAL, D.RECYCLED)
    Lead.objects.filter(pk=lead.pk).update(nurture_until=AT + HOUR)
    erase(lead.contact_id, administrator)
    assert wake_due(AT + 2 * HOUR) == 0
    assert Lead.objects.count() == 1


@pytest.mark.django_db
def test_several_at_once_or_nobody(administrator):
    people = [lead_at(email=f"p{n}@a.example").contact_id for n in range(3)]
    rows = erase_people(people[:2], actor=None, reason="kept long enough", at=AT)
    assert [row.contact_id for row in rows] == people[:2]
    assert found("p0@a.example") == found("p1@a.example") == []
    with pytest.raises(Refused):
        erase_people(people, actor=None, reason="x", at=AT)
    assert Erasure.objects.count() == 2
    assert found("p2@a.example")


@pytest.mark.django_db
def test_addresses_of_every_shape_are_swept(rep):
    odd, plain = "o'neil@a.example", "zoë+x@müller.example"
    lead = lead_at(email="b@b.example")
    told = f"Ask\n{odd} or\t{plain.upper()}, not x{plain}."
    lead.contact.attributes = {"note": told, "other": f"{plain}.example"}
    lead.contact.save(update_fields=["attributes"])
    with protection_lifted():
        assert sweep([odd, plain]) == 1
    lead.contact.refresh_from_db()
    assert lead.contact.attributes == {
        "note": f"Ask\n{GONE} or\t{GONE}, not x{plain}.", "other": f"{plain}.example",
    }  # fmt: skip
