"""An erased person is nowhere any more, and every figure is what it was."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Value
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import KeptAnswer, Notice, User
from leads.enums import ActivityKind, AttributeKind, Disposition, LifecycleStage, TouchKind
from leads.enums.out import ExportState
from leads.models import (
    Activity,
    Campaign,
    Contact,
    ContactExternalId,
    CustomAttribute,
    ErasedKey,
    Erasure,
    ExportFile,
    ExportPart,
    Lead,
    NextStep,
    Source,
    StageTransition,
    Touch,
    UndoableAction,
)
from leads.services.contacts import ContactFacts, contacts_for
from leads.services.editing import edit_contact
from leads.services.erasing import erase_person
from leads.services.erasing_steps import without_values
from leads.services.erasure_list import erased_among, note_erased
from leads.services.opening import Capture, open_leads
from leads.services.sweeping import GONE, sweep
from smarketing import registry
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused
from smarketing.registry import ErasureStep
from tests.conftest import AT
from tests.leads.records import facts, history, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
EMAIL = "anna.neri@acme.example"
COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema()
        AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'tsvector', 'ARRAY')
"""


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def found(word: str) -> list[str]:
    """Return every column of the database that holds `word`, files of exports included."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        places = [f'"{table}"."{column}"' for table, column in cursor.fetchall()]
        hits = []
        for place in places:
            table = place.split(".")[0]
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE {place}::text ~* %s",
                [rf"(?<![[:alnum:]]){re.escape(word)}"],
            )
            if cursor.fetchone()[0]:
                hits.append(place.replace('"', ""))
    parts = ExportPart.objects.all()
    hits += ["export" for part in parts if word in bytes(part.data).decode()]
    return sorted(hits)


@pytest.fixture
def anna(rep, marketer):
    """Anna, whose address stands in every kind of place."""
    source = Source.objects.create(name="Google", key="google")
    fair = Campaign.objects.create(name="Fair", key="fair", channel="event")
    lead = lead_at(
        S.SAL, email=EMAIL, given_name="Anna", family_name="Neri", phone="+39 02 1234567",
        job_title="Buyer", country="Italy", company="Acme", owner=rep, source_id=source.pk,
        campaign_id=fair.pk,
    )  # fmt: skip
    contact = lead.contact
    edit_contact(
        contact.pk, {"job_title": "Head buyer"}, version=contact.version, actor=marketer, at=AT
    )
    ContactExternalId.objects.create(contact=contact, system="crm", external_id="C-4711")
    Activity.objects.create(
        lead=lead, actor=rep, kind=ActivityKind.NOTE, text=f"Write to {EMAIL}",
        occurred_at=AT, logged_at=AT,
    )  # fmt: skip
    Touch.objects.create(
        contact=contact, kind=TouchKind.FORM, detail=EMAIL, url=f"https://x.example/?e={EMAIL}",
        outside_id=EMAIL, utm_content=EMAIL, campaign=fair, occurred_at=AT, recorded_at=AT,
    )  # fmt: skip
    NextStep.objects.create(
        lead=lead, owner=rep, kind="CALL", text=f"Call {EMAIL}", due_at=AT, created_by=rep,
        created_at=AT,
    )  # fmt: skip
    for url, params in (("/inbox/", {"name": "Anna Neri"}), (f"/leads/{lead.pk}/", {})):
        Notice.objects.create(recipient=rep, kind="x", params=params, url=url, created_at=AT)
    KeptAnswer.objects.create(
        user=rep, key="k", fingerprint="f", status=200, body=f'{{"email": "{EMAIL}"}}',
        created_at=AT,
    )  # fmt: skip
    UndoableAction.objects.create(actor=rep, done_at=AT, before={str(lead.pk): {"note": EMAIL}})
    other = lead_at(email=f"ros{EMAIL}", given_name="Rosanna")
    Activity.objects.create(
        lead=other, actor=rep, kind=ActivityKind.NOTE, text=f"Knows {EMAIL}, ros{EMAIL}.",
        search=SearchVector(Value(f"knows {EMAIL}"), config="simple"),
        occurred_at=AT, logged_at=AT,
    )  # fmt: skip
    export = ExportFile.objects.create(
        owner=rep, of_list="LEADS", file_format="CSV", query=f"q={EMAIL}", created_at=AT,
        state=ExportState.READY, ready_at=AT, expires_at=AT + timedelta(days=1), parts_done=1,
    )  # fmt: skip
    ExportPart.objects.create(export=export, number=0, data=EMAIL.encode())
    return Contact.objects.get(pk=contact.pk)


def figures() -> list[tuple]:
    """What every figure of a past month is told by."""
    moves = StageTransition.objects.filter(lead__contact__country="Italy").exclude(cause="rule")
    return list(
        moves.order_by("id").values_list(
            "to_stage", "to_disposition", "effective_at", "inferred", "reason", "lead__source",
            "lead__campaign", "lead__lead_at", "lead__mql_at", "lead__sal_at",
            "lead__contact__company", "lead__contact__country",
        )
    )  # fmt: skip


def erase(contact: Contact, actor: User, reason: str = "asked by e-mail") -> Erasure:
    return erase_person(contact.pk, actor=actor, reason=reason, at=AT)


def test_the_address_is_nowhere_in_the_database(anna, administrator):
    word = "anna.neri@acme.example"
    assert len(found(word)) > 8
    erase(anna, administrator)
    assert found(word) == []
    for told in ("Head buyer", "1234567", "C-4711"):
        assert found(told) == []


def test_others_of_a_similar_address_stay(anna, administrator):
    erase(anna, administrator)
    note = Activity.objects.get(lead__contact__given_name="Rosanna")
    assert note.text == f"Knows {GONE}, ros{EMAIL}."
    assert Contact.objects.filter(email=f"ros{EMAIL}").exists()


def test_figures_of_the_past_stay(anna, administrator):
    before = figures()
    erase(anna, administrator)
    assert figures() == before
    touch = Touch.objects.get(contact=anna)
    assert (touch.kind, touch.occurred_at, touch.campaign.name) == (TouchKind.FORM, AT, "Fair")
    assert Activity.objects.filter(lead__contact=anna, kind="NOTE").count() == 1


def test_what_is_left_of_the_contact(anna, administrator):
    row = erase(anna, administrator)
    left = Contact.objects.get(pk=anna.pk)
    assert (left.email, left.given_name, left.family_name, left.phone, left.city) == (
        None, "", "", "", "",
    )  # fmt: skip
    assert (left.country, left.company.name, left.erased_at) == ("Italy", "Acme", AT)
    assert left.name == f"#{anna.pk}"
    assert not ContactExternalId.objects.filter(contact=anna).exists()
    assert (row.actor, row.reason, row.at, row.contact) == (
        administrator, "asked by e-mail", AT, left,
    )  # fmt: skip
    assert ExportFile.objects.get().state == ExportState.EXPIRED


def test_open_leads_are_closed_by_the_gate(anna, administrator):
    erase(anna, administrator)
    lead = Lead.objects.get(contact=anna)
    assert (lead.stage, lead.disposition, lead.closed_at) == (S.SAL, D.DISQUALIFIED, AT)
    assert NextStep.objects.get(lead=lead).dropped_at == AT


def test_nothing_takes_an_erased_person_in_again(anna, administrator, marketer):
    erase(anna, administrator)
    rows, _made = contacts_for(
        [
            ContactFacts(captured_through="x", email=" Anna.Neri@ACME.example "),
            ContactFacts(captured_through="x", system="crm", external_id="C-4711"),
            ContactFacts(captured_through="x", email="new@acme.example"),
        ],
        actor=None,
        at=AT,
    )
    assert [getattr(row, "code", "") for row in rows] == ["erased", "erased", ""]
    capture = Capture(
        contact=ContactFacts(captured_through="x", email=EMAIL), steps=[history(S.LEAD)]
    )
    opened = open_leads([capture], actor=None, at=AT, apply_rest=True)
    assert opened.leads == (None,)
    assert not Contact.objects.filter(email=EMAIL).exists()


def test_the_list_tells_only_whom_it_is_asked_about(db, settings):
    note_erased(["anna@a.example"], [("crm", "1")], at=AT)
    note_erased(["anna@a.example"], [], at=AT)
    assert ErasedKey.objects.count() == 2
    assert erased_among(["Anna@A.example", "b@b.example"], [("crm", "1"), ("erp", "1")]) == {
        "Anna@A.example", ("crm", "1"),
    }  # fmt: skip
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 9, [settings.SECRET_KEY]
    assert erased_among(["anna@a.example"]) == {"anna@a.example"}
    settings.SECRET_KEY_FALLBACKS = []
    assert erased_among(["anna@a.example"]) == set()
    assert found("anna@a") == []


@pytest.mark.parametrize("who", ["marketer", "rep", "facilitator"])
def test_who_may_not(request, anna, who):
    before = facts(Lead.objects.get(contact=anna))
    with pytest.raises(NotAllowed):
        erase(anna, request.getfixturevalue(who))
    assert facts(Lead.objects.get(contact=anna)) == before
    assert not ErasedKey.objects.exists()


def test_refusals_change_nothing(anna, manager_sales):
    for reason in ("", " ", "x" * 201):
        with pytest.raises(BadInput):
            erase(anna, manager_sales, reason)
    with pytest.raises(NotFound):
        erase_person(1, actor=manager_sales, reason="x", at=AT)
    assert found("anna.neri@acme.example")
    erase(anna, manager_sales)
    with pytest.raises(Refused):
        erase(anna, manager_sales)
    assert Erasure.objects.count() == 1


def test_upper_floors_erase_too(anna, administrator):
    asked = []
    step = ErasureStep("test", 1, lambda pks, at: asked.append((list(pks), at)) or 7)
    registry.erasure_steps.register(step)
    try:
        erase(anna, administrator)
    finally:
        registry.erasure_steps._entries.pop("test")
    assert asked == [([anna.pk], AT)]


def test_merged_rows_are_the_same_person(anna, administrator):
    twin = lead_at(S.SAL, D.LOST, email="anna@home.example", given_name="Anna").contact
    Contact.objects.filter(pk=twin.pk).update(merged_into=anna)
    erase(twin, administrator)
    assert set(Contact.objects.filter(erased_at=AT).values_list("pk", flat=True)) == {
        twin.pk, anna.pk,
    }  # fmt: skip
    assert found("anna@home.example") == []


def test_own_fields_keep_what_figures_ask(anna, administrator):
    for key, kind in (("size", AttributeKind.CHOICE), ("pet", AttributeKind.TEXT)):
        CustomAttribute.objects.create(
            subject="CONTACT", key=key, label=key, kind=kind, choices=["L"] if key == "size" else []
        )
    Contact.objects.filter(pk=anna.pk).update(attributes={"size": "L", "pet": "Fido"})
    erase(anna, administrator)
    assert Contact.objects.get(pk=anna.pk).attributes == {"size": "L"}
    assert found("Fido") == []


def test_evidence_keeps_that_it_was_met():
    asked = {"field": "contact.email", "value": "x"}
    row = {"criterion": asked, "value": EMAIL, "met": True}
    evidence = {"score": 7, "definitions": [{"criteria": [row]}]}
    left = {"criterion": asked, "value": None, "met": True}
    assert without_values(evidence) == {"score": 7, "definitions": [{"criteria": [left]}]}


def test_history_is_protected_again_afterwards(anna, administrator):
    erase(anna, administrator)
    with pytest.raises(Exception, match="append-only"):
        StageTransition.objects.update(note="x")


def test_our_own_people_are_not_swept(rep):
    sweep([rep.email])
    assert User.objects.get(pk=rep.pk).email == "bruno@acme.test"


def test_statements_do_not_grow(anna, administrator):
    def statements(contact: Contact) -> int:
        actor = User.objects.get(pk=administrator.pk)
        with CaptureQueriesContext(connection) as seen:
            erase(contact, actor)
        return len(seen)

    one = lead_at(S.SAL, D.LOST, email="berta@b.example").contact
    many = lead_at(S.SAL, D.LOST, email="carla@c.example").contact
    for n in range(3):
        Touch.objects.create(
            contact=many, kind="FORM", detail=str(n), occurred_at=AT, recorded_at=AT
        )
        Activity.objects.create(
            lead=many.leads.get(), kind="CALL", text="x", occurred_at=AT, logged_at=AT
        )
    assert statements(many) == statements(one)


def test_the_page_asks_why_and_for_the_name(anna, manager_marketing, marketer):
    client, url = signed_in(manager_marketing), f"/contacts/{anna.pk}/erase/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "asked", "name": "Anna"}).status_code == 422
    assert Contact.objects.get(pk=anna.pk).erased_at is None
    assert client.post(url, {"reason": "asked", "name": "anna neri"}).status_code == 302
    assert Contact.objects.get(pk=anna.pk).erased_at is not None
    assert b"This person was erased" in client.get(f"/contacts/{anna.pk}/").content
    assert signed_in(marketer).get(url).status_code == 403


def test_every_history_is_looked_through(db):
    names = {model._meta.label for model in apps.get_models()}
    assert {"leads.ContactEvent", "leads.LeadEvent", "leads.OpportunityEvent"} <= names
