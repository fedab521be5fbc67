"""The pages of an import: upload, mapping, check, run, report."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leads.enums import ActivityKind
from leads.enums.imports import ImportState
from leads.models import (
    Campaign,
    Contact,
    ContactExternalId,
    CustomAttribute,
    Lead,
    LeadImport,
    SavedMapping,
)
from leads.services.activities import NewActivity, log_activities
from leads.services.imports.steering import run_import
from leads.services.imports.working import do_chunk
from tests.conftest import AT
from tests.leads.imports.made import PLAIN, checked, csv_file, done, go, upload

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


def test_the_zone_of_dates_is_one_of_those_that_there_are(alice, marketer):
    one = upload(csv_file(2), marketer, name="fair.csv")
    text = alice.post(url("mapping", one), sent(one, zone="Asia/Tokyo")).content.decode()
    assert '<option value="Asia/Tokyo" selected>Asia/Tokyo</option>' in text
    text = alice.post(url("mapping", one), sent(one, zone="Mars/North")).content.decode()
    assert f'<option value="{one.choices["zone"]}" selected>' in text
    assert "Mars" not in text


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
    assert statements(url("page", three)) == first[1]


FULL = (
    "Mail,HubSpot id,Old CRM id,Phase,Campaign,Owner,Agrees,Created\n"
    "a@acme.example,h1,o1,Deal,SPS Parma,bruno@acme.test,yes,2026-01-05\n"
    "b@acme.example,h2,o2,Neu,Unheard of,nobody@acme.test,vielleicht,2026-01-06\n"
)


def test_names_that_nobody_knows_and_words_that_are_guesses_are_told_beforehand(alice, marketer):
    one = upload(FULL, marketer)
    fields = {"field-0": "email", "field-1": "", "field-2": "", "field-3": "stage",
              "field-4": "campaign", "field-5": "owner", "field-6": "consent",
              "field-7": "lead_at"}  # fmt: skip
    text = alice.post(url("mapping", one), sent(one, **fields)).content.decode()
    assert "2 of the first 2 rows have a problem." in text  # neither campaign is known
    assert "“SPS Parma” is not known here." in text
    assert "“vielleicht” is neither yes nor no." in text
    assert "Rows with a name that is not known here are refused." in text
    assert text.count("a guess") == 1  # "Neu", not "Deal"
    answers = {"told-consent-1": "vielleicht", "as-consent-1": "no", "told-owner-0": "x"}
    text = alice.post(url("mapping", one), sent(one, **fields, **answers)).content.decode()
    assert "neither yes nor no" not in text
    assert "“Unheard of” is not known here." in text


def test_every_answer_of_the_page_reaches_the_mapping(alice, marketer):
    one = upload(FULL, marketer)
    Campaign.objects.create(name="SPS Parma", key="sps parma", channel="EVENT")
    alice.post(url("mapping", one), {
        **sent(one, check="1"), "field-0": "email", "field-1": "external_id",
        "system-1": "HubSpot", "field-2": "external_id", "system-2": "old crm", "field-3": "stage",
        "field-4": "campaign", "field-5": "", "field-6": "", "field-7": "lead_at",
        "policy": "create", "policy-campaign": "update", "out_of_order": "drop_date",
        "hand_over": "1", "constant-touch": "FAIR", "constant-touch_at": "2026-02-03",
        "constant-touch_kind": "no field", "constant-consent_text": "I may be written to.",
        "constant-utm_source": "fair", "constant-email": "everybody@acme.example",
        "told-campaign-1": "Unheard of", "as-campaign-1": "SPS Parma",
        "told-stage-0": "Deal", "as-stage-0": "OPPORTUNITY",
        "told-stage-1": "Neu", "as-stage-1": "MQL", "date_format": "%Y-%m-%d",
    })  # fmt: skip
    one.refresh_from_db()
    assert one.state == S.CHECKING
    mapping = one.mapping
    assert mapping["columns"] == {
        "Mail": "email", "HubSpot id": "external_id:HubSpot", "Old CRM id": "external_id:old crm",
        "Campaign": "campaign",
    }  # fmt: skip
    assert mapping["constants"] == {
        "touch": "FAIR", "touch_at": "2026-02-03T00:00:00+0100", "utm_source": "fair",
        "consent_text": "I may be written to.",
    }  # fmt: skip
    assert mapping["values"] == {"*": {"n/a": ""}, "campaign": {"Unheard of": "SPS Parma"}}
    assert mapping["policies"] == {"*": "create", "campaign": "update"}
    assert (mapping["out_of_order"], mapping["hand_over"]) == ("drop_date", True)
    go()
    alice.post(url("run", one))
    go()
    assert set(Lead.objects.values_list("stage", "campaign__name", "contact__email")) == {
        ("OPPORTUNITY", "SPS Parma", "a@acme.example"), ("MQL", "SPS Parma", "b@acme.example"),
    }  # fmt: skip
    assert set(ContactExternalId.objects.values_list("system", "external_id")) == {
        ("HubSpot", "h1"), ("old crm", "o1"), ("HubSpot", "h2"), ("old crm", "o2"),
    }  # fmt: skip


def test_two_columns_may_not_hold_the_ids_of_one_system(alice, marketer):
    one = upload(FULL, marketer)
    ids = {"field-1": "external_id", "system-1": "crm", "field-2": "external_id", "system-2": "crm"}
    answer = alice.post(url("mapping", one), sent(one, check="1", **{"field-0": "email"}, **ids))
    assert (answer.status_code, LeadImport.objects.get().state) == (422, S.UPLOADED)
    assert "Two columns are mapped to one field" in answer.content.decode()


def test_a_stage_that_comes_far_down_is_asked_after_the_check(alice, marketer):
    rows = "".join(f"a{n}@acme.example,New\n" for n in range(1_000))
    one = upload(f"Email,Stage\n{rows}z@acme.example,Verkauft\n", marketer)
    assert "Verkauft" not in alice.get(url("mapping", one)).content.decode()
    alice.post(url("mapping", one), sent(one, check="1"))
    go()
    page = alice.get(url("page", one)).content.decode()
    assert "Nobody has said yet what the stage “Verkauft” means." in page
    assert "a stage that nobody has explained" in page
    assert 'value="Verkauft"' in alice.get(url("mapping", one)).content.decode()


def test_a_file_like_an_earlier_one_can_be_mapped_anew(alice, marketer):
    done(csv_file(1), marketer, outcome="MQL", fields={"Email": "email"})
    again = upload(csv_file(1, start=9), marketer)
    assert again.choices["fields"]["Created"] == ""
    text = alice.post(url("mapping", again), {"guess": "1"}).content.decode()
    assert '<option value="lead_at" selected>' in text
    assert "Mapped as" not in text


def test_a_mapping_of_the_same_heads_in_other_letters_finds_its_columns(marketer):
    done(csv_file(1), marketer)
    again = upload(PLAIN.upper() + "b@acme.example,B,B,B,2026-01-05\n", marketer)
    assert again.choices["fields"] == {
        "EMAIL": "email", "FIRST NAME": "given_name", "LAST NAME": "family_name",
        "COMPANY": "company", "CREATED": "lead_at",
    }  # fmt: skip


def test_own_fields_are_offered_guessed_and_filled(alice, marketer):
    CustomAttribute.objects.create(subject="CONTACT", key="badge", label="Badge number",
                                   kind="NUMBER")  # fmt: skip
    one = upload('Email,Badge number,Note\na@acme.example,"1.204,5",x\n', marketer)
    assert one.choices["fields"]["Badge number"] == "contact.attributes.badge"
    text = alice.get(url("mapping", one)).content.decode()
    assert '<option value="contact.attributes.badge" selected>Badge number</option>' in text
    alice.post(url("mapping", one), sent(one, check="1"))
    go()
    alice.post(url("run", one))
    go()
    assert Contact.objects.get().attributes == {"badge": 1204.5}


def test_a_file_that_is_gone_is_told(alice, marketer, private_folder):
    one = upload(csv_file(1), marketer)
    (private_folder / "imports" / one.stored).unlink()
    answer = alice.get(url("mapping", one), follow=True)
    assert "The file is no longer here. Upload it again." in answer.content.decode()


def test_an_undo_says_beforehand_what_it_takes_out_and_what_stays(alice, marketer, rep):
    one = done(csv_file(3), marketer)
    touched = Lead.objects.order_by("id").first()
    log_activities([NewActivity(lead_id=touched.pk, kind=ActivityKind.CALL)], actor=rep, at=AT)
    text = alice.get(url("undo", one)).content.decode()
    assert "1 lead stays, because somebody has worked on it since:" in text
    assert "Anna Neri0" in text
    assert Lead.objects.count() == 3
    assert "Undo import" in alice.get(url("page", one)).content.decode()
    alice.post(url("undo", one))
    go()
    assert list(Lead.objects.values_list("id", flat=True)) == [touched.pk]
    assert "Undone by Alice Rossi." in alice.get(url("page", one)).content.decode()
    again = alice.get(url("undo", one), follow=True)
    assert "so this can no longer be done" in again.content.decode()


def test_a_run_that_is_stopped_asks_keep_or_undo(alice, marketer):
    one = checked(csv_file(5), marketer)
    run_import(one.pk, actor=marketer, at=AT)
    do_chunk(one.pk, at=AT, size=2)
    assert "Stop import" in alice.get(url("page", one)).content.decode()
    text = alice.get(url("undo", one)).content.decode()
    assert "Stop and keep rows" in text
    assert "Stop and undo import" in text
    alice.post(url("undo", one))
    go()
    one.refresh_from_db()
    assert (one.state, Lead.objects.count()) == (S.UNDONE, 0)


def test_rows_that_came_in_with_a_word_are_told_apart_from_refused_ones(alice, marketer):
    text = "Email,Created,Won on\na@acme.example,2026-02-05,2026-01-05\n"
    one = done(text, marketer, out_of_order="drop_date")
    page = alice.get(url("page", one)).content.decode()
    assert "Came in all the same" in page
    assert "The date was left out." in page
    assert "Download" not in page
