"""Exports hold what the list shows: filters, columns, order, and nobody's rows but the reader's."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import Notice, Organisation, User
from leads.enums import Disposition, LifecycleStage
from leads.enums.out import LISTS, ExportedList, ExportFormat, ExportState
from leads.models import Contact, ExportFile, ExportPart
from leads.out_tasks import write_exports
from leads.selectors import exporting
from leads.services import exports
from leads.services.exports import (
    Asked,
    begin_export,
    bytes_of,
    open_file,
    remove_expired,
    sent_csv,
    take_next,
    write_part,
)
from smarketing.errors import BadInput, NotAllowed, NotFound
from tests.conftest import AT
from tests.leads.records import HOUR, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
WAIT = exports.LEASE


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def leads_csv(query: str = "", *columns: str, **fields) -> Asked:
    return Asked(ExportedList.LEADS, query, ExportFormat.CSV, columns, **fields)


def table(answer) -> list[list[str]]:
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def three() -> None:
    lead_at(email="anna@a.example", given_name="Anna", family_name="Neri", company="Acme", at=AT)
    lead_at(S.MQL, email="berta@b.example", given_name="Berta", at=AT + HOUR)
    lead_at(S.SAL, D.LOST, email="carla@c.example", given_name="Carla", at=AT + 2 * HOUR)


def post(user: User, **fields):
    data = {"of_list": "LEADS", "file_format": "CSV", "query": "", **fields}
    return signed_in(user).post("/exports/new/", data)


def test_a_list_comes_out_as_it_is_shown(marketer):
    three()
    answer = post(marketer, query="sort=name&after=gone", columns="stage,company")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith('attachment; filename="leads-')
    rows = table(answer.streaming_content)
    assert rows[0] == ["ID", "Given name", "Family name", "E-mail", "Stage", "Company"]
    assert [row[1:] for row in rows[1:]] == [
        ["Berta", "", "berta@b.example", "MQL", "b.example"],
        ["Anna", "Neri", "anna@a.example", "Lead", "Acme"],
    ]
    kept = ExportFile.objects.get()
    assert (kept.owner, kept.state, kept.rows) == (marketer, ExportState.SENT, 2)
    assert (kept.query, kept.columns) == ("sort=name&disposition=OPEN", ["stage", "company"])


def test_filters_and_order_are_those_of_the_address(marketer):
    three()
    names = [row[1] for row in table(post(marketer, query="disposition=any&sort=-began"))[1:]]
    assert names == ["Carla", "Berta", "Anna"]
    names = [row[1] for row in table(post(marketer, query="disposition=any&sort=began"))[1:]]
    assert names == ["Anna", "Berta", "Carla"]
    assert [row[1] for row in table(post(marketer, query="stage=MQL"))[1:]] == ["Berta"]
    assert table(post(marketer, query="q=nobody"))[1:] == []


def test_what_cannot_be_read_exports_nothing(marketer):
    three()
    answer = post(marketer, query="score_from=much")
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/leads/")
    assert not ExportFile.objects.exists()


def test_excel(marketer):
    three()
    answer = post(marketer, file_format="XLSX", columns="score", query="sort=-began")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["ID", "Given name", "Family name", "E-mail", "Score"]
    assert [row[1:] for row in rows[1:]] == [
        ["Berta", None, "berta@b.example", 0],
        ["Anna", "Neri", "anna@a.example", 0],
    ]


def test_contacts_and_companies(marketer):
    three()
    rows = table(post(marketer, of_list="CONTACTS", query="sort=-name&lead=open"))
    assert rows[0] == [
        "ID", "Given name", "Family name", "Company", "Job title", "E-mail", "Last lead",
        "Country", "Known since",
    ]  # fmt: skip
    assert {row[1]: row[6] for row in rows[1:]} == {"Anna": "Lead", "Berta": "MQL"}
    rows = table(post(marketer, of_list="CONTACTS"))
    assert {row[1]: row[6] for row in rows[1:]}["Carla"] == "SAL · Lost"
    rows = table(post(marketer, of_list="COMPANIES"))
    assert [row[1] for row in rows] == ["Name", "Acme", "b.example", "c.example"]
    assert [row[6:8] for row in rows[1:]] == [["1", "1"], ["1", "1"], ["1", "0"]]


def test_the_head_is_in_the_readers_language(marketer):
    User.objects.filter(pk=marketer.pk).update(language="it")
    asked = leads_csv("", "stage", language="it")
    export = begin_export(marketer, asked, at=AT)
    assert table(sent_csv(export, at=AT))[0][0] == "ID"


def test_a_byte_order_mark_only_where_it_is_wanted(marketer):
    assert b"".join(post(marketer).streaming_content)[:3] == b"\xef\xbb\xbf"
    assert b"".join(post(marketer, plain="on").streaming_content)[:3] == b"ID,"


def test_statements_do_not_grow_with_rows(marketer, monkeypatch):
    monkeypatch.setattr(exporting, "CHUNK", 10)

    def statements(of_list: ExportedList) -> int:
        asked = Asked(of_list, "disposition=any", ExportFormat.CSV)
        export = begin_export(User.objects.get(pk=marketer.pk), asked, at=AT)
        with CaptureQueriesContext(connection) as seen:
            list(sent_csv(export, at=AT))
        return len(seen)

    lead_at(email="anna@a.example", company="Acme")
    one = [statements(of_list) for of_list in LISTS]
    lead_at(email="berta@b.example", company="Bmce")
    lead_at(email="carla@c.example", company="Cmce")
    assert [statements(of_list) for of_list in LISTS] == one


def test_chunks_leave_nothing_out_and_tell_nothing_twice(marketer, monkeypatch):
    monkeypatch.setattr(exporting, "CHUNK", 2)
    for n in range(5):
        lead_at(email=f"p{n}@a.example", given_name=f"P{n}")
    for sort in ("-began", "name", "score", "since", "-worked"):
        names = [row[1] for row in table(post(marketer, query=f"sort={sort}"))[1:]]
        assert sorted(names) == ["P0", "P1", "P2", "P3", "P4"]


@pytest.mark.parametrize("who", ["facilitator", "administrator", "newcomer"])
def test_the_neutral_ones_export_nothing(request, who):
    user = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        begin_export(user, leads_csv(), at=AT)
    assert post(user).status_code == 403
    assert not ExportFile.objects.exists()


def test_a_rep_takes_out_what_he_may_see(rep, marketer):
    lead_at(email="anna@a.example", given_name="Anna", owner=rep)
    lead_at(email="berta@b.example", given_name="Berta", owner=marketer)
    assert len(table(post(rep))) == 3
    Organisation.objects.update(reps_see_own_team_only=True)
    assert [row[1] for row in table(post(rep))[1:]] == ["Anna"]
    assert [row[1] for row in table(post(rep, of_list="CONTACTS"))[1:]] == ["Anna"]


@pytest.fixture
def long_list(marketer, monkeypatch):
    """Three leads where two are already many, in chunks of one."""
    monkeypatch.setattr(exports, "SENT_AT_ONCE", 2)
    monkeypatch.setattr(exporting, "CHUNK", 1)
    three()
    return begin_export(marketer, leads_csv("disposition=any&sort=-began", "stage"), at=AT)


def write_all(at=AT) -> ExportFile:
    export = take_next(at=at)
    while write_part(export, at=at):
        pass
    return ExportFile.objects.get(pk=export.pk)


def test_a_long_list_is_written_by_a_job_and_told(long_list, marketer):
    assert long_list.state == ExportState.WAITING
    done = write_all()
    assert (done.state, done.rows, done.parts_done) == (ExportState.READY, 3, 3)
    assert done.expires_at == AT + timedelta(hours=72)
    assert [row[1] for row in table(bytes_of(done))] == ["Given name", "Carla", "Berta", "Anna"]
    assert done.size == sum(map(len, bytes_of(done)))
    told = Notice.objects.get()
    assert (told.recipient, told.kind, told.url) == (marketer, "export_ready", "/exports/")
    assert take_next(at=AT + HOUR) is None


def test_excel_by_the_job(marketer, monkeypatch):
    monkeypatch.setattr(exports, "SENT_AT_ONCE", 2)
    three()
    asked = Asked(ExportedList.LEADS, "disposition=any", ExportFormat.XLSX)
    begin_export(marketer, asked, at=AT)
    done = write_all()
    sheet = load_workbook(BytesIO(b"".join(bytes_of(done)))).active
    assert (done.rows, sheet.max_row) == (3, 4)
    monkeypatch.setattr(exports, "MOST_IN_XLSX", 2)
    with pytest.raises(BadInput):
        begin_export(marketer, asked, at=AT)


def test_a_dead_workers_export_is_gone_on_with_where_it_was(long_list):
    first = take_next(at=AT)
    write_part(first, at=AT)
    assert take_next(at=AT + WAIT) is None
    second = take_next(at=AT + WAIT + timedelta(seconds=1))
    assert (second.pk, second.parts_done) == (first.pk, 1)
    assert not write_part(first, at=AT + WAIT)  # the first comes back to life: it is not his now
    later = AT + WAIT + timedelta(seconds=1)
    while write_part(second, at=later):
        pass
    done = ExportFile.objects.get()
    assert [row[1] for row in table(bytes_of(done))] == ["Given name", "Carla", "Berta", "Anna"]
    assert ExportPart.objects.count() == 3


def test_what_fails_again_and_again_is_given_up(long_list, marketer):
    at = AT
    for _n in range(exports.MOST_ATTEMPTS):
        assert take_next(at=at).state == ExportState.WAITING
        at += WAIT + timedelta(seconds=1)
    assert take_next(at=at).state == ExportState.FAILED
    assert take_next(at=at) is None
    assert Notice.objects.get().kind == "export_failed"


def test_who_lost_his_role_gets_no_file(long_list, marketer):
    marketer.memberships.all().delete()
    assert take_next(at=AT).state == ExportState.FAILED


def test_only_its_owner_opens_a_file_until_it_expires(long_list, marketer, rep):
    done = write_all()
    answer = signed_in(marketer).get(f"/exports/{done.pk}/file/")
    if answer.status_code == 200:  # the test's clock is before it expires
        assert answer["Content-Length"] == str(done.size)
    assert signed_in(rep).get(f"/exports/{done.pk}/file/").status_code == 404
    tick = timedelta(microseconds=1)
    assert open_file(marketer, done.pk, at=done.expires_at - tick) == done
    for reader, at in ((rep, AT), (marketer, done.expires_at)):
        with pytest.raises(NotFound):
            open_file(reader, done.pk, at=at)


def test_expired_files_are_removed_and_their_rows_stay(long_list):
    done = write_all()
    assert remove_expired(at=done.expires_at - timedelta(microseconds=1)) == 0
    assert remove_expired(at=done.expires_at) == 1
    assert remove_expired(at=done.expires_at) == 0
    assert not ExportPart.objects.exists()
    assert ExportFile.objects.get().state == ExportState.EXPIRED


def test_the_menu_is_on_every_list_of_who_may(marketer, facilitator):
    three()
    for url in ("/leads/", "/contacts/", "/companies/"):
        assert b'id="export-menu"' in signed_in(marketer).get(url).content
        assert b'id="export-menu"' not in signed_in(facilitator).get(url).content


def test_the_page_of_my_exports(long_list, marketer, rep):
    page = signed_in(marketer).get("/exports/").content
    assert b"Being written" in page
    write_all()
    assert b"Download file" in signed_in(marketer).get("/exports/").content
    assert b"Nothing exported yet" in signed_in(rep).get("/exports/").content


def test_by_the_api(marketer, rep):
    three()
    client = signed_in(marketer)
    said = {"list": "LEADS", "query": "stage=MQL", "columns": ["score"], "bom": False}
    answer = client.post("/api/v1/exports/", said, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (202, "WAITING")
    pk = answer.json()["id"]
    assert client.get(f"/api/v1/exports/{pk}/file/").status_code == 404
    export = take_next(at=ExportFile.objects.get().created_at)
    write_part(export, at=export.created_at)
    answer = client.get(f"/api/v1/exports/{pk}/")
    assert (answer.json()["state"], answer.json()["rows"]) == ("READY", 1)
    answer = client.get(f"/api/v1/exports/{pk}/file/")
    assert [row[1:] for row in table(answer.streaming_content)] == [
        ["Given name", "Family name", "E-mail", "Score"],
        ["Berta", "", "berta@b.example", "0"],
    ]
    assert signed_in(rep).get(f"/api/v1/exports/{pk}/").status_code == 404
    wrong = client.post("/api/v1/exports/", {**said, "columns": ["x"]}, "application/json")
    assert wrong.status_code == 400
    wrong = client.post("/api/v1/exports/", {**said, "query": "stage=X"}, "application/json")
    assert wrong.status_code == 422


def test_contacts_exist_only_once_in_the_file_of_merged_people(marketer):
    three()
    anna, berta = Contact.objects.order_by("id")[:2]
    Contact.objects.filter(pk=berta.pk).update(merged_into=anna)
    rows = table(post(marketer, of_list="CONTACTS"))
    assert sorted(row[1] for row in rows[1:]) == ["Anna", "Carla"]


def test_a_workbook_is_held_for_as_long_as_its_job_may_take(long_list):
    ExportFile.objects.update(file_format=ExportFormat.XLSX)
    held = take_next(at=AT)
    assert held.leased_until == AT + exports.WHOLE_LEASE
    assert take_next(at=AT + WAIT + timedelta(seconds=1)) is None
    assert exports.WHOLE_LEASE.total_seconds() > write_exports.time_limit
