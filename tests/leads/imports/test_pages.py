"""The pages of an import: upload, mapping, check, run, report."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leads.enums.imports import ImportState
from leads.models import Lead, LeadImport, SavedMapping
from tests.leads.imports.made import PLAIN, csv_file, done, go, upload

pytestmark = pytest.mark.django_db
S = ImportState


@pytest.fixture
def alice(client: Client, marketer: Any) -> Client:
    """A browser of the marketer."""
    client.force_login(marketer)
    return client


def url(name: str, one: LeadImport) -> str:
    return reverse(f"lead-import-{name}", args=[one.pk])


def sent(one: LeadImport, **changed: str) -> dict[str, str]:
    """What the mapping page posts when nothing was changed on it, but for `changed`."""
    fields = {f"field-{place}": one.choices["fields"][head]
              for place, head in enumerate(one.columns)}  # fmt: skip
    return {
        **fields, "date_format": one.choices["date_format"], "decimal": one.choices["decimal"],
        "zone": one.choices["zone"], "outcome": "LEAD", "empty": "n/a", **changed,
    }  # fmt: skip


def test_a_form_uploads_and_leads_to_the_mapping(alice):
    file = SimpleUploadedFile("fair.csv", csv_file(2).encode())
    answer = alice.post(reverse("lead-imports"), {"file": file})
    one = LeadImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("mapping", one))
    assert (one.name, one.created_by.email) == ("fair.csv", "alice@acme.test")


def test_a_script_uploads_the_body_itself(alice):
    answer = alice.post(
        reverse("lead-imports"), csv_file(2).encode(), content_type="application/octet-stream",
        headers={"X-File-Name": "Fiera%20Citt%C3%A0.csv"},
    )  # fmt: skip
    one = LeadImport.objects.get()
    assert (answer.status_code, answer.json()) == (201, {"url": url("mapping", one)})
    assert one.name == "Fiera Città.csv"


def test_a_refused_upload_says_why(alice):
    answer = alice.post(
        reverse("lead-imports"), b"Email\n", content_type="application/octet-stream"
    )
    told = {"error": "The file has a header and no row."}
    assert (answer.status_code, answer.json()) == (422, told)
    answer = alice.post(reverse("lead-imports"), {})
    assert answer.status_code == 422
    assert b"Choose a file." in answer.content
    assert LeadImport.objects.count() == 0


def test_the_mapping_page_shows_guesses_samples_and_rows(alice, marketer):
    one = upload(csv_file(2), marketer)
    text = alice.get(url("mapping", one)).content.decode()
    assert '<option value="email" selected>E-mail</option>' in text
    assert "anna1@acme.example" in text
    assert "02 Jan 2026" in text


def test_a_change_shows_the_rows_anew_and_keeps_nothing(alice, marketer):
    one = upload(csv_file(2), marketer)
    answer = alice.post(url("mapping", one), sent(one, date_format="%d/%m/%Y"))
    assert answer.status_code == 200
    assert "is not a date like 31/12/2026" in answer.content.decode()
    one.refresh_from_db()
    assert (one.state, one.choices["date_format"]) == (S.UPLOADED, "%Y-%m-%d")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"field-0": ""}, "Map a column to the e-mail"),
        ({"field-1": "email"}, "Two columns are mapped to one field"),
        ({"field-0": "external_id"}, "Name the system"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_what_was_chosen(alice, marketer, changed, reason):
    one = upload(csv_file(2), marketer)
    answer = alice.post(url("mapping", one), sent(one, check="1", **changed))
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    one.refresh_from_db()
    assert (one.state, SavedMapping.objects.count()) == (S.UPLOADED, 0)


def test_check_run_and_report_through_the_pages(alice, marketer):
    one = upload(csv_file(2) + "nobody,A,B,C,\n", marketer)
    alice.post(url("mapping", one), sent(one, check="1"))
    go()
    text = alice.get(url("page", one)).content.decode()
    assert "Bring in 2 rows" in text
    assert "Nothing has been written yet." in text
    assert Lead.objects.count() == 0
    alice.post(url("run", one))
    go()
    text = alice.get(url("progress", one)).content.decode()
    assert Lead.objects.count() == 2
    refused = b"".join(alice.get(url("rejects", one)).streaming_content).decode()
    assert refused.splitlines()[1].startswith("nobody,A,B,C,,")


def test_a_mapping_is_offered_again_for_the_same_heads(alice, marketer):
    done(csv_file(1), marketer, outcome="MQL")
    again = upload(PLAIN.upper() + "b@acme.example,B,B,B,\n", marketer)
    text = alice.get(url("mapping", again)).content.decode()
    assert "Mapped as “fair.csv” was by Alice Rossi" in text
    assert again.choices["outcome"] == "MQL"


def test_a_file_is_read_otherwise(alice, marketer):
    one = upload("Email;Name,Nick\na@b.example;Anna,Ann\n", marketer)
    alice.post(url("reread", one), {"encoding": "utf-8-sig", "delimiter": ","})
    one.refresh_from_db()
    assert one.columns == ["Email;Name", "Nick"]
    alice.post(url("reread", one), {"encoding": "rot13", "delimiter": ","})
    one.refresh_from_db()
    assert (one.encoding, one.delimiter) == ("utf-8-sig", ",")


def test_texts_of_a_file_are_inert_on_every_page(alice, marketer):
    evil = "<script>alert(1)</script>"
    one = upload(f"Email,{evil}\n{evil},{{{{7*7}}}}\n", marketer)
    assert evil not in alice.get(url("mapping", one)).content.decode()
    alice.post(url("mapping", one), sent(one, check="1"))
    go()
    assert evil not in alice.get(url("page", one)).content.decode()


def test_statements_do_not_grow_with_rows_or_imports(alice, marketer):
    def statements(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as told:
            alice.get(path)
        return len(told)

    one = done(csv_file(1), marketer)
    first = statements(reverse("lead-imports")), statements(url("page", one))
    three = done(csv_file(3, start=5) + "x,A,B,C,\ny,A,B,C,\n", marketer)
    done(csv_file(2, start=20), marketer)
    assert statements(reverse("lead-imports")) == first[0]
    # Two more for problems and their kinds, however many.
    assert statements(url("page", three)) == first[1] + 2
