"""One person's data: everything, for who asks, from who may hand it out."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import ActivityKind, LifecycleStage, TouchKind
from leads.enums.out import ExportFormat
from leads.models import Activity, Consent, Contact, ContactExternalId, ExportFile, Touch
from leads.services.person_data import export_person
from smarketing.errors import NotAllowed
from tests.conftest import AT
from tests.leads.out.test_erasing import signed_in
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(rep) -> Contact:
    lead = lead_at(
        LifecycleStage.MQL, email="anna@a.example", given_name="=Anna", company="Acme", owner=rep
    )
    contact = lead.contact
    ContactExternalId.objects.create(contact=contact, system="crm", external_id="4711")
    Touch.objects.create(
        contact=contact, kind=TouchKind.FORM, detail="Price list", occurred_at=AT, recorded_at=AT
    )
    Activity.objects.create(
        lead=lead, actor=rep, kind=ActivityKind.CALL, text="Called", occurred_at=AT, logged_at=AT
    )
    Consent.objects.create(
        contact=contact, purpose="MARKETING", given=True, text="Yes", at=AT, through="form"
    )
    lead_at(email="berta@b.example", given_name="Berta")
    return contact


def test_json_holds_every_table(anna, administrator):
    _export, data = export_person(administrator, anna.pk, ExportFormat.JSON, at=AT)
    tables = json.loads(data)
    assert list(tables) == [
        "contact", "external_ids", "leads", "transitions", "touches", "page_views", "forms",
        "activities", "feedback", "assets_sent", "opportunities", "consents", "merges",
    ]  # fmt: skip
    assert tables["contact"][0]["email"] == "anna@a.example"
    assert tables["contact"][0]["company"] == "Acme"
    assert tables["external_ids"] == [{"system": "crm", "external_id": "4711"}]
    assert [lead["stage"] for lead in tables["leads"]] == ["MQL"]
    assert [row["to_stage"] for row in tables["transitions"]] == ["LEAD", "MQL"]
    assert tables["touches"][0]["detail"] == "Price list"
    assert tables["activities"][0]["actor"] == "Bruno Conti"
    assert tables["consents"][0]["given"] is True
    assert "berta" not in data.decode().lower()


def test_csv_tells_one_value_a_line(anna, administrator):
    _export, data = export_person(administrator, anna.pk, ExportFormat.CSV, at=AT)
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["table", "row", "field", "value"]
    assert ["contact", "1", "given_name", "'=Anna"] in rows
    assert ["touches", "1", "occurred_at", "2026-03-03T11:00:00+01:00"] in rows


def test_it_is_written_down_who_took_it(anna, manager_sales):
    export, data = export_person(manager_sales, anna.pk, ExportFormat.JSON, at=AT)
    kept = ExportFile.objects.get()
    assert kept == export
    assert (kept.owner, kept.of_list, kept.query) == (
        manager_sales, "PERSON", f"contact={anna.pk}",
    )  # fmt: skip
    assert (kept.size, kept.state, kept.created_at) == (len(data), "SENT", AT)


@pytest.mark.parametrize("who", ["marketer", "rep", "facilitator"])
def test_who_may_not(request, anna, who):
    with pytest.raises(NotAllowed):
        export_person(request.getfixturevalue(who), anna.pk, ExportFormat.JSON, at=AT)
    assert not ExportFile.objects.exists()


def test_sixteen_statements(anna, administrator):
    administrator = type(administrator).objects.get(pk=administrator.pk)
    with CaptureQueriesContext(connection) as seen:
        export_person(administrator, anna.pk, ExportFormat.JSON, at=AT)
    few = len(seen)
    for n in range(3):
        Touch.objects.create(
            contact=anna, kind="FORM", detail=str(n), occurred_at=AT, recorded_at=AT
        )
    with CaptureQueriesContext(connection) as seen:
        export_person(administrator, anna.pk, ExportFormat.JSON, at=AT)
    assert len(seen) <= few


def test_the_page(anna, administrator, marketer):
    client = signed_in(administrator)
    assert b"Export as JSON" in client.get(f"/contacts/{anna.pk}/").content
    answer = client.post(f"/contacts/{anna.pk}/data/", {"file_format": "JSON"})
    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content)["contact"][0]["id"] == anna.pk
    assert client.post(f"/contacts/{anna.pk}/data/", {"file_format": "X"}).status_code == 422
    assert b"Export as JSON" not in signed_in(marketer).get(f"/contacts/{anna.pk}/").content
