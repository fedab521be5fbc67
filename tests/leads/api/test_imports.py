"""A file comes in by REST: uploaded, checked, run, stopped, undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from leads.models import ImportRow, Lead, LeadImport
from leads.services.imports.working import do_chunk
from smarketing import time_source
from tests.leads.imports.made import PLAIN, csv_file, go, xlsx_file

pytestmark = pytest.mark.django_db
RAW = "application/octet-stream"


@pytest.fixture(autouse=True)
def _private(settings, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path / "private"


def work() -> None:
    go(time_source.now())


def upload(api, data: bytes | str, name: str = "fair.csv"):
    raw = data.encode() if isinstance(data, str) else data
    return api.post(f"/api/v1/imports/?name={name}", raw, content_type=RAW)


def checked(api, data: str) -> str:
    url = f"/api/v1/imports/{upload(api, data).json()['id']}/"
    assert api.post(f"{url}check/", {}, format="json").status_code == 202
    work()
    return url


def test_from_the_upload_to_the_undo(marketer_api):
    told = upload(marketer_api, csv_file(3) + "nobody,Bea,Rossi,Acme,\n")
    assert told.status_code == 201
    one = told.json()
    assert (one["name"], one["state"], one["columns"][0]) == ("fair.csv", "UPLOADED", "Email")
    assert one["mapping"]["fields"]["Email"] == "email"
    url = f"/api/v1/imports/{one['id']}/"
    answer = marketer_api.post(f"{url}check/", {"constants": {"source": "Fair"}}, format="json")
    assert (answer.status_code, answer.json()["state"]) == (202, "CHECKING")
    work()
    one = marketer_api.get(url).json()
    assert (one["state"], one["checked"]["created"], one["checked"]["refused"]) == ("CHECKED", 3, 1)
    assert [(p["row"], p["column"], p["code"]) for p in one["problems"]] == [
        (5, "Email", "bad_email")
    ]
    assert Lead.objects.count() == 0
    assert marketer_api.post(f"{url}run/").json()["state"] == "RUNNING"
    work()
    one = marketer_api.get(url).json()
    assert (one["state"], one["brought_in"]["created"], one["progress"]["done"]) == ("DONE", 3, 4)
    assert Lead.objects.first().source.name == "Fair"
    rejects = b"".join(marketer_api.get(f"{url}rejects/").streaming_content).decode()
    assert rejects.splitlines()[1].startswith("nobody,Bea,Rossi,Acme,,")
    assert marketer_api.get(f"{url}undo/").json() == {
        "removed": 3, "stay": 0, "contacts": 3, "restored": 0, "kept": [],
    }  # fmt: skip
    assert marketer_api.post(f"{url}undo/").json()["state"] == "UNDOING"
    work()
    assert (marketer_api.get(url).json()["state"], Lead.objects.count()) == ("UNDONE", 0)


@pytest.mark.parametrize(
    ("rows", "state", "leads"), [("keep", "CANCELLED", 2), ("undo", "UNDONE", 0)]
)
def test_stopped_to_keep_or_to_undo_what_is_in(marketer_api, rows, state, leads):
    url = checked(marketer_api, csv_file(5))
    marketer_api.post(f"{url}run/")
    pk = LeadImport.objects.get().pk
    assert do_chunk(pk, at=time_source.now(), size=2)
    assert marketer_api.post(f"{url}pause/").json()["state"] == "PAUSED"
    assert marketer_api.post(f"{url}resume/").json()["state"] == "RUNNING"
    assert marketer_api.post(f"{url}stop/", {"rows": rows}, format="json").status_code == 202
    work()
    assert (marketer_api.get(url).json()["state"], Lead.objects.count()) == (state, leads)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"fields": {"Nothing": "email"}}, 422),
        ({"fields": {"Email": "shoe_size"}}, 422),
        ({"constants": {"shoe_size": "42"}}, 422),
        ({"fields": {"First name": "given_name"}}, 422),
        ({"zone": "Mars/Olympus"}, 400),
        ({"date_format": "%q"}, 400),
        ({"stages": {"Won": "SOLD"}}, 400),
        ({"fields": "email"}, 400),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_its_field(marketer_api, body, status):
    url = f"/api/v1/imports/{upload(marketer_api, csv_file(1)).json()['id']}/"
    answer = marketer_api.post(f"{url}check/", body, format="json")
    assert answer.status_code == status
    assert marketer_api.get(url).json()["state"] == "UPLOADED"
    assert ImportRow.objects.count() == 0


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", PLAIN.encode(), b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0old"]
)
def test_a_file_that_cannot_be_read_leaves_nothing(marketer_api, data, tmp_path):
    assert upload(marketer_api, data).status_code == 422
    assert not LeadImport.objects.exists()
    assert list((tmp_path / "private").rglob("*.*")) == []


def test_an_excel_file(marketer_api):
    told = upload(marketer_api, xlsx_file([["Email"], ["anna@acme.example"]]), name="fair.xlsx")
    assert (told.status_code, told.json()["kind"]) == (201, "XLSX")


def test_only_who_may_bring_in_files_sees_them(marketer_api, rep_api):
    url = f"/api/v1/imports/{upload(marketer_api, csv_file(1)).json()['id']}/"
    assert upload(rep_api, csv_file(1)).status_code == 403
    for path in ("", "rejects/", "undo/"):
        assert rep_api.get(url + path).status_code == 403
    assert rep_api.get("/api/v1/imports/").status_code == 403
    assert LeadImport.objects.count() == 1


def test_the_list_goes_on_page_by_page(marketer_api):
    for n in range(3):
        upload(marketer_api, csv_file(1), name=f"{n}.csv")
    rows = LeadImport.objects.get(name="0.csv")
    LeadImport.objects.bulk_create([
        LeadImport(name=f"old {n}", kind="CSV", size=1, fingerprint="x",
                   created_by=rows.created_by, created_at=rows.created_at) for n in range(50)
    ])  # fmt: skip
    first = marketer_api.get("/api/v1/imports/").json()
    second = marketer_api.get(first["next"]).json()
    assert [one["name"] for one in first["results"]][:2] == ["2.csv", "1.csv"]
    assert (len(first["results"]), len(second["results"]), second["next"]) == (50, 3, None)
    assert second["results"][-1]["name"] == "0.csv"
    assert marketer_api.get("/api/v1/imports/?after=nonsense").status_code == 404


def test_a_run_by_its_key_begins_once(marketer_api):
    url = checked(marketer_api, csv_file(1))
    first = marketer_api.post(f"{url}run/", headers={"Idempotency-Key": "one"})
    again = marketer_api.post(f"{url}run/", headers={"Idempotency-Key": "one"})
    assert (first.status_code, again.json()) == (202, first.json())
    assert marketer_api.post(f"{url}run/").status_code == 409


def test_an_upload_by_its_key_is_taken_once(marketer_api):
    def send(data: str):
        return marketer_api.post(
            "/api/v1/imports/?name=fair.csv",
            data.encode(),
            content_type=RAW,
            headers={"Idempotency-Key": "fair-1"},
        )

    first, again, other = send(csv_file(2)), send(csv_file(2)), send(csv_file(3))
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert other.json()["code"] == "idempotency_key_reused"
    assert LeadImport.objects.count() == 1
