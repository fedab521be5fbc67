"""A whole import taken out again: what nobody touched goes, what somebody touched stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice
from leads.enums.imports import ImportPhase, ImportState
from leads.models import (
    Assignment,
    Company,
    Consent,
    Contact,
    ContactExternalId,
    Erasure,
    ImportChunk,
    Lead,
    LeadImport,
    Opportunity,
    ProductLine,
    Source,
    StageTransition,
    Touch,
)
from leads.selectors.import_undo import marked_tables
from leads.services.erasing import erase_person
from leads.services.imports.steering import run_import
from leads.services.imports.undoing import preview_undo, undo_chunk, undo_import
from leads.services.imports.working import do_chunk
from smarketing.errors import NotAllowed, Refused
from tests.conftest import AT
from tests.leads.imports.made import PLAIN, checked, csv_file, done, go

pytestmark = pytest.mark.django_db
S, P = ImportState, ImportPhase
LATER = AT + timedelta(hours=1)
STORY = "Email,First name,Company,Source,Product,Created,MQL date,Stage,Close date,Amount\n"


def everything() -> dict[str, list[Any]]:
    """All rows of all tables that an import may write, versions aside."""
    found = {}
    for model in (Contact, Company, Lead, Source, ProductLine, StageTransition, Touch, Consent,
                  ContactExternalId, Opportunity):  # fmt: skip
        rows = model._base_manager.order_by("pk").values()
        found[model.__name__] = [
            {key: value for key, value in row.items() if key != "version"} for row in rows
        ]
    for history in ("ContactEvent", "LeadEvent", "OpportunityEvent", "CompanyEvent"):
        found[history] = list(apps.get_model("leads", history).objects.values_list("pgh_obj_id"))
    return found


def undone(one: LeadImport, actor: Any) -> LeadImport:
    undo_import(one.pk, actor=actor, at=LATER)
    go(LATER)
    one.refresh_from_db()
    return one


def test_an_untouched_import_leaves_no_trace_but_itself(marketer):
    before = everything()
    one = done(csv_file(5), marketer)
    assert everything() != before
    preview = preview_undo(one.pk, actor=marketer)
    assert (preview.leads, preview.contacts, preview.removed, preview.stay) == (5, 5, 5, 0)
    undone(one, marketer)
    assert everything() == before
    assert (one.state, one.undone_by, one.undo_asked_at, one.undone_at) == (
        S.UNDONE, marketer, LATER, LATER,
    )  # fmt: skip
    run = ImportChunk.objects.get(lead_import=one, phase=P.RUN)
    assert (run.created, len(run.made["leads"])) == (5, 5)
    back = ImportChunk.objects.get(lead_import=one, phase=P.UNDO)
    assert (back.created, back.unchanged, back.made["contacts"]) == (5, 0, 5)


def test_undone_chunk_by_chunk_from_the_last(marketer):
    before = everything()
    one = checked(csv_file(5), marketer)
    run_import(one.pk, actor=marketer, at=AT)
    while do_chunk(one.pk, at=AT, size=2):
        pass
    undo_import(one.pk, actor=marketer, at=LATER)
    assert undo_chunk(one.pk, at=LATER)
    assert list(Contact.objects.order_by("id").values_list("email", flat=True)) == [
        "anna0@acme.example", "anna1@acme.example", "anna2@acme.example", "anna3@acme.example",
    ]  # fmt: skip
    go(LATER + timedelta(seconds=121))  # another worker goes on
    assert everything() == before
    numbers = ImportChunk.objects.filter(phase=P.UNDO).order_by("id")
    assert list(numbers.values_list("number", flat=True)) == [3, 2, 1]


def test_once_undone_the_same_file_comes_in_again(marketer):
    undone(done(csv_file(3), marketer), marketer)
    again = done(csv_file(3), marketer)
    assert ImportChunk.objects.get(lead_import=again, phase=P.RUN).created == 3


def test_a_known_contact_and_lead_are_as_they_were(marketer):
    stages = {"LEAD": "LEAD", "WON": "WON"}
    done(STORY + "anna@acme.example,,Acme,,,2026-01-05,,LEAD,,\n", marketer, stages=stages)
    before = everything()
    more = STORY + "anna@acme.example,Anna,Acme,Web,,2026-01-05,2026-02-01,WON,2026-03-01,900\n"
    one = done(more, marketer, stages=stages)
    lead = Lead.objects.select_related("contact", "source").get()
    assert (lead.stage, lead.contact.given_name) == ("CUSTOMER", "Anna")
    assert lead.source is not None
    assert Opportunity.objects.get().amount == Decimal(900)
    undone(one, marketer)
    after = everything()
    assert after.pop("ContactEvent") != before.pop("ContactEvent")  # what was changed, and back
    assert after.pop("LeadEvent") != before.pop("LeadEvent")
    assert after == before


def test_what_somebody_changed_after_the_import_stays_changed(marketer):
    done(PLAIN + "anna@acme.example,,,Acme,2026-01-05\n", marketer)
    one = done(PLAIN + "anna@acme.example,Anna,Neri,Acme,2026-01-05\n", marketer)
    anna = Contact.objects.get()
    assert (anna.given_name, anna.family_name) == ("Anna", "Neri")
    Contact.objects.filter(pk=anna.pk).update(family_name="Rossi", version=anna.version + 1)
    undone(one, marketer)
    anna.refresh_from_db()
    assert (anna.given_name, anna.family_name) == ("", "Rossi")
    assert Lead.objects.count() == 1
    assert "rossi" in str(anna.search)


def log_call(lead: Lead, by: Any) -> None:
    lead.activities.create(
        kind="CALL", direction="OUT", actor=by, occurred_at=LATER, logged_at=LATER
    )


def edit_lead(lead: Lead, by: Any) -> None:
    Lead.objects.filter(pk=lead.pk).update(version=lead.version + 1)


def edit_contact(lead: Lead, by: Any) -> None:
    Contact.objects.filter(pk=lead.contact_id).update(version=lead.contact.version + 1)


def add_touch(lead: Lead, by: Any) -> None:
    Touch.objects.create(contact=lead.contact, kind="FORM", occurred_at=AT, recorded_at=LATER)


def say_no(lead: Lead, by: Any) -> None:
    Consent.objects.create(
        contact=lead.contact, purpose="MARKETING", given=False, at=LATER, through="form"
    )


def open_deal(lead: Lead, by: Any) -> None:
    Opportunity.objects.create(lead=lead)


def merge_into_it(lead: Lead, by: Any) -> None:
    Contact.objects.create(captured_through="test", created_at=AT, merged_into=lead.contact)


@pytest.mark.parametrize(
    "touch", [log_call, edit_lead, edit_contact, add_touch, say_no, open_deal, merge_into_it]
)
def test_a_lead_that_somebody_worked_on_stays_whole(marketer, touch: Callable[..., None]):
    one = done(csv_file(3), marketer)
    lead = Lead.objects.select_related("contact").get(contact__email="anna1@acme.example")
    touch(lead, marketer)
    preview = preview_undo(one.pk, actor=marketer)
    assert (preview.removed, preview.stay, list(preview.kept)) == (2, 1, [lead.pk])
    undone(one, marketer)
    assert list(Lead.objects.values_list("pk", flat=True)) == [lead.pk]
    assert list(StageTransition.objects.values_list("lead_id", flat=True)) == [lead.pk]
    assert Contact.objects.filter(email__isnull=False).get().email == "anna1@acme.example"
    assert Company.objects.get().name == "Acme"
    assert ImportChunk.objects.get(phase=P.UNDO).made["kept"] == [lead.pk]
    assert one.state == S.UNDONE


@pytest.mark.parametrize("outcome", ["LEAD", "RECYCLED", "LOST"])
def test_who_was_erased_since_stays_as_he_is(marketer, administrator, outcome):
    """Whatever became of the lead: what an erasure left is kept, for figures and as its proof."""
    one = done(csv_file(2), marketer, outcome=outcome)
    anna = Contact.objects.get(email="anna0@acme.example")
    erase_person(anna.pk, actor=administrator, reason="asked", at=LATER)
    lead = Lead.objects.get(contact=anna)
    undone(one, marketer)
    assert (one.state, list(Lead.objects.all()), list(Contact.objects.all())) == (
        S.UNDONE, [lead], [anna],
    )  # fmt: skip
    anna.refresh_from_db()
    assert (anna.email, anna.family_name, anna.erased_at) == (None, "", LATER)
    assert Erasure.objects.get().contact_id == anna.pk


def test_who_was_known_and_erased_since_gets_nothing_back(marketer, administrator):
    done(PLAIN + "anna@acme.example,Pia,,Acme,2026-01-05\n", marketer)
    one = done(
        PLAIN + "anna@acme.example,Anna,Neri,Acme,2026-01-05\n", marketer, policies={"*": "update"}
    )
    anna = Contact.objects.get()
    erase_person(anna.pk, actor=administrator, reason="asked", at=LATER)
    undone(one, marketer)
    anna.refresh_from_db()
    assert (anna.email, anna.given_name, anna.family_name) == (None, "", "")
    assert one.state == S.UNDONE


def test_a_second_lead_of_an_imported_person_keeps_the_person_alone(marketer):
    one = done(csv_file(1), marketer)
    contact = Contact.objects.get()
    line = ProductLine.objects.create(name="Ovens", key="ovens")
    other = Lead.objects.create(contact=contact, product_line=line, stage="LEAD", created_at=LATER)
    undone(one, marketer)
    assert list(Lead.objects.all()) == [other]
    assert list(Contact.objects.all()) == [contact]


def test_cancelled_and_undone_at_once(marketer):
    before = everything()
    one = checked(csv_file(5), marketer)
    run_import(one.pk, actor=marketer, at=AT)
    assert do_chunk(one.pk, at=AT, size=2)
    undone(one, marketer)
    assert (one.state, everything()) == (S.UNDONE, before)
    assert one.finished_at == LATER


def test_what_another_import_changed_since_stays(marketer):
    one = done(csv_file(2), marketer)
    done(csv_file(1).replace("Neri0", "Neri0").replace("2026-01-01", "2026-01-01"), marketer)
    assert preview_undo(one.pk, actor=marketer).stay == 0  # nothing was changed by it
    moved = "Email,Created,MQL date\nanna0@acme.example,2026-01-01,2026-02-01\n"
    done(moved, marketer)
    preview = preview_undo(one.pk, actor=marketer)
    assert (preview.removed, preview.stay) == (1, 1)


def delete_named(setting: str, pk: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('smarketing.import_undo', %s, true)", [setting])
        cursor.execute("DELETE FROM leads_stagetransition WHERE id = %s", [pk])


def test_history_goes_only_with_the_chunk_that_wrote_it_while_it_is_undone(marketer):
    one, other = done(csv_file(1), marketer), done(csv_file(2), marketer)
    ImportChunk.objects.filter(lead_import=other).update(done_at=LATER)
    mine = StageTransition.objects.get(lead__contact__email="anna0@acme.example").pk
    refused = ("", f"{one.pk}:1", f"{other.pk}:1", f"{one.pk}:7")
    for setting in refused:
        with pytest.raises(IntegrityError):
            delete_named(setting, mine)
    undo_import(one.pk, actor=marketer, at=LATER)
    for setting in ("", f"{other.pk}:1", f"{one.pk}:7"):
        with pytest.raises(IntegrityError):
            delete_named(setting, mine)
    assert StageTransition.objects.count() == 2
    delete_named(f"{one.pk}:1", mine)
    assert StageTransition.objects.count() == 1


def test_an_undo_is_asked_by_who_brings_in_files_and_once(marketer, rep):
    one = done(csv_file(1), marketer)
    with pytest.raises(NotAllowed):
        undo_import(one.pk, actor=rep, at=LATER)
    with pytest.raises(NotAllowed):
        preview_undo(one.pk, actor=rep)
    assert Lead.objects.count() == 1
    undone(one, marketer)
    with pytest.raises(Refused, match="Undone"):
        undo_import(one.pk, actor=marketer, at=LATER)


def test_the_statements_do_not_grow_with_the_rows(marketer):
    counts = []
    for rows in (1, 3):
        one = done(csv_file(rows, start=rows * 10), marketer)
        undo_import(one.pk, actor=marketer, at=LATER)
        with CaptureQueriesContext(connection) as asked:
            undo_chunk(one.pk, at=LATER)
        counts.append(len(asked))
        go(LATER)
    assert counts[0] == counts[1]


def test_every_table_that_holds_something_of_a_lead_is_watched():
    labels = {"leads.Activity", "leads.Assignment", "leads.Feedback", "leads.NextStep",
              "leads.StageTransition", "leads.Touch", "leads.Submission", "leads.Consent",
              "leads.Merge", "leads.CustomerEvent", "leads.Snooze", "leads.AssetSend",
              "leads.Opportunity", "leads.Visitor", "leads.ProposedChange"}  # fmt: skip
    assert labels - set(marked_tables()) == set()


def test_leads_that_were_handed_over_go_with_their_assignments_and_notices(marketer, rep):
    rows = "anna@acme.example,2026-01-05,2026-02-01\nbea@acme.example,2026-01-05,2026-02-01\n"
    one = done("Email,Created,MQL date\n" + rows, marketer, hand_over=True)
    assert Assignment.objects.count() == 2
    assert preview_undo(one.pk, actor=marketer).stay == 0
    undone(one, marketer)
    assert (Lead.objects.count(), Assignment.objects.count(), Contact.objects.count()) == (0, 0, 0)
    assert not Notice.objects.filter(url__regex=r"^/leads/\d+/$").exists()
