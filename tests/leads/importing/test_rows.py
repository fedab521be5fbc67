"""Rows told by fields: the story by its dates, policies, touches, consents, rows told twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.postgres.search import SearchVector
from django.db.models import TextField, Value

from leads.enums import Disposition, LifecycleStage
from leads.folding import words
from leads.mapping import read_mapping
from leads.models import (
    Consent,
    Contact,
    ContactExternalId,
    Lead,
    Opportunity,
    Persona,
    StageTransition,
    Touch,
)
from leads.services.erasure_list import note_erased
from leads.services.importing import ImportSession, RowVerdict, import_chunk
from tests.conftest import AT

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
COLUMNS = {
    "mail": "email", "id": "external_id:hubspot", "given": "given_name", "phone": "phone",
    "firm": "company", "from": "source", "portrait": "persona", "state": "stage",
    "why": "reason", "worth": "amount", "began": "lead_at", "mql": "mql_at", "deal":
    "opportunity_at", "won": "won_at", "lost": "lost_at", "mails": "consent", "mails since":
    "consent_at", "met": "touch", "met on": "touch_at", "medium": "utm_medium",
}  # fmt: skip
DATA = {"columns": COLUMNS, "constants": {"consent_text": "You may write.", "currency": "EUR"}}


def bring(*rows: dict[str, str], session=None, **changes):
    mapping = read_mapping({**DATA, **changes})
    full = [{**dict.fromkeys(COLUMNS, ""), **row} for row in rows]
    numbered = list(enumerate(full, start=2))
    return import_chunk(numbered, mapping, actor=None, at=AT, session=session).rows


def verdicts(rows) -> list[str]:
    return [row.verdict.value for row in rows]


def problems(rows) -> list[tuple[str, str]]:
    return [(one.column, one.code) for row in rows for one in row.problems]


def day(month: int, of_month: int) -> datetime:
    return datetime(2025, month, of_month, tzinfo=UTC)


ANNA = {"mail": "anna@acme.example"}


@pytest.mark.parametrize(
    ("cells", "end", "history"),
    [
        ({}, ("LEAD", "OPEN"), [("LEAD", None)]),
        ({"began": "2025-01-02"}, ("LEAD", "OPEN"), [("LEAD", day(1, 2))]),
        ({"state": "sql"}, ("SQL", "OPEN"), [("LEAD", None), ("MQL", None), ("SAL", None),
                                             ("SQL", None)]),
        ({"began": "2025-01-02", "mql": "2025-02-03"}, ("MQL", "OPEN"),
         [("LEAD", day(1, 2)), ("MQL", day(2, 3))]),
        ({"began": "2025-01-02", "state": "MQL"}, ("MQL", "OPEN"),
         [("LEAD", day(1, 2)), ("MQL", None)]),
        ({"lost": "2025-02-03", "why": "price"}, ("LEAD", "LOST"),
         [("LEAD", None), ("LEAD", day(2, 3))]),
    ],
)  # fmt: skip
def test_dates_and_a_stage_tell_the_story(cells, end, history):
    (row,) = bring({**ANNA, **cells})
    lead = Lead.objects.get()
    assert (row.lead_id, row.contact_id) == (lead.pk, lead.contact_id)
    assert (lead.stage, lead.disposition) == end
    told = StageTransition.objects.order_by("id").values_list("to_stage", "effective_at")
    assert list(told) == history


def test_a_loss_keeps_its_reason_and_a_wrong_one_is_told():
    bring({**ANNA, "deal": "2025-01-02", "lost": "2025-02-03", "why": "Price"})
    assert StageTransition.objects.last().reason == "price"
    assert Opportunity.objects.get().reason == "price"
    assert problems(bring({"mail": "b@acme.example", "why": "whim"})) == [("why", "unknown_reason")]


def test_every_problem_of_a_row_is_told_by_its_column():
    rows = bring({"mail": "no", "worth": "-1", "began": "2025-02-31", "mails": "maybe"})
    assert problems(rows) == [
        ("mail", "bad_email"), ("began", "bad_date"), ("worth", "bad_amount"),
        ("mails", "bad_consent"),
    ]  # fmt: skip
    assert verdicts(rows) == ["refused"]
    assert Contact.objects.count() == 0


def test_impossible_orders_are_refused_by_row_and_column():
    rows = bring({**ANNA, "began": "2025-03-01", "won": "2025-02-01"})
    assert problems(rows) == [("won", "out_of_order")]
    assert (Contact.objects.count(), Lead.objects.count()) == (0, 0)


def test_impossible_orders_come_in_without_the_date_where_the_mapping_says_so():
    rows = bring({**ANNA, "began": "2025-03-01", "won": "2025-02-01"}, out_of_order="drop_date")
    assert verdicts(rows) == ["created"]
    ((told,),) = (row.problems for row in rows)
    assert (told.column, told.code) == ("won", "out_of_order")
    assert told.message == (
        "Customer on 2025-02-01 would come before Customer on 2025-03-01. The date was left out."
    ).replace("before Customer", "before Lead")
    lead = Lead.objects.get()
    assert (lead.stage, lead.lead_at, lead.customer_at, lead.closed_at) == (
        S.CUSTOMER, day(3, 1), None, None,
    )  # fmt: skip


def test_the_future_is_never_dropped():
    rows = bring({**ANNA, "won": "9999-01-01"}, out_of_order="drop_date")
    assert problems(rows) == [("won", "in_the_future")]


@pytest.mark.parametrize(
    ("policies", "phone", "name", "verdict"),
    [
        ({}, "1", "Anna", "updated"),
        ({"*": "update"}, "2", "Anna", "updated"),
        ({"phone": "update", "given_name": "create"}, "2", "", "updated"),
        ({"*": "create"}, "1", "", "unchanged"),
        ({"phone": "skip", "given_name": "skip"}, "1", "", "unchanged"),
    ],
)
def test_a_policy_says_what_a_value_does_to_a_known_one(policies, phone, name, verdict):
    bring({**ANNA, "phone": "1"})
    rows = bring({**ANNA, "phone": "2", "given": "Anna"}, policies=policies)
    contact = Contact.objects.get()
    assert (contact.phone, contact.given_name, verdicts(rows)) == (phone, name, [verdict])
    assert contact.version == (1 if verdict == "unchanged" else 2)


def test_an_empty_value_never_replaces_a_known_one():
    bring({**ANNA, "phone": "1", "from": "Google", "firm": "Acme"})
    rows = bring(ANNA, policies={"*": "update"})
    assert verdicts(rows) == ["unchanged"]
    lead = Lead.objects.select_related("source", "contact__company").get()
    assert (lead.contact.phone, lead.source.name) == ("1", "Google")


def test_source_and_persona_of_a_known_lead_are_filled_and_replaced_where_told():
    Persona.objects.create(name="Buyer", key="buyer")
    bring(ANNA)
    assert verdicts(bring({**ANNA, "from": "Google", "portrait": "BUYER"})) == ["updated"]
    assert verdicts(bring({**ANNA, "from": "Fair"})) == ["unchanged"]
    assert verdicts(bring({**ANNA, "from": "Fair"}, policies={"source": "update"})) == ["updated"]
    lead = Lead.objects.select_related("source", "persona").get()
    assert (lead.source.name, lead.persona.name, lead.version) == ("Fair", "Buyer", 3)


def test_a_persona_that_is_not_there_is_told():
    assert problems(bring({**ANNA, "portrait": "X"})) == [("portrait", "unknown_persona")]


def test_ids_of_any_system_are_kept_and_known_again():
    bring({**ANNA, "id": "77"})
    assert ContactExternalId.objects.values_list("system", "external_id").get() == ("hubspot", "77")
    assert verdicts(bring({"id": "77", "phone": "1"})) == ["updated"]
    assert Contact.objects.get().phone == "1"


def test_a_touch_comes_once():
    met = {**ANNA, "met": "FAIR", "met on": "2025-05-06", "medium": "stand"}
    assert verdicts(bring(met)) == ["created"]
    touch = Touch.objects.get()
    assert (touch.kind, touch.occurred_at, touch.utm_medium) == ("FAIR", day(5, 6), "stand")
    assert verdicts(bring(met)) == ["unchanged"]
    assert Touch.objects.count() == 1
    assert verdicts(bring({**met, "met on": "2025-05-07"})) == ["updated"]
    assert Touch.objects.count() == 2
    assert problems(bring({**met, "met on": "2027-01-01"})) == [("met on", "in_the_future")]
    assert problems(bring({**met, "met": "Dinner"})) == [("met", "bad_touch")]


def test_a_consent_is_kept_with_its_words_and_comes_once():
    yes = {**ANNA, "mails": "yes", "mails since": "2025-05-06"}
    assert verdicts(bring(yes)) == ["created"]
    consent = Consent.objects.get()
    assert (consent.given, consent.at, consent.text) == (True, day(5, 6), "You may write.")
    assert verdicts(bring(yes)) == ["unchanged"]
    assert verdicts(bring({**ANNA, "mails": "no"})) == ["updated"]
    rows = bring({**ANNA, "mails": "yes"})
    assert (verdicts(rows), problems(rows)) == (["unchanged"], [("mails", "consent_withdrawn")])
    assert list(Consent.objects.values_list("given", flat=True)) == [False, True]


def test_a_row_that_repeats_one_of_an_earlier_chunk_is_told():
    session = ImportSession(read_mapping(DATA), actor=None)
    assert verdicts(bring(ANNA, session=session)) == ["created"]
    (row,) = bring({**ANNA, "state": "MQL"}, session=session)
    assert (row.verdict, row.problems[0].code) == (RowVerdict.REFUSED, "twice_in_file")
    assert row.problems[0].message == (
        "The same person and product line came earlier in this file, in row 2."
    )
    assert Lead.objects.get().stage == S.LEAD


def test_who_was_erased_is_not_taken_in_again():
    note_erased(["anna@acme.example"], [("hubspot", "77")], at=AT)
    rows = bring(ANNA, {"mail": "b@acme.example", "id": "77"}, {"mail": "c@acme.example"})
    assert verdicts(rows) == ["refused", "refused", "created"]
    assert problems(rows) == [("", "erased"), ("", "erased")]
    assert list(Contact.objects.values_list("email", flat=True)) == ["c@acme.example"]


def test_rules_of_stages_and_columns_of_dates_do_not_go_together():
    with pytest.raises(Exception, match="do not go together"):
        read_mapping({**DATA, "stages": [{"steps": [{"stage": "LEAD"}]}]})


NASTY = [
    "Anna Rossi", "O'Neill-Smith", "Zoë Ñandú", "1e5 3.14 00123 -7", "a_b c__d", "12abc abc12",
    "Ærøskøbing straße", "שלום עולם", "日本語 テスト", "x" * 90, "E5 e5 5E", "  ", "\\ ' : & | !",
    "a\tb\nc", "½ ² Ⅷ", "anna anna ANNA", "v1.2.3 10:30 2025-01-01", "AT&T <b>", "🦊 fox",
]  # fmt: skip


def test_people_are_found_by_the_words_that_postgresql_would_keep():
    rows = [
        {"mail": f"p{n}@acme.example", "given": text, "phone": f"{n} {text}"[:50]}
        for n, text in enumerate(NASTY)
    ]
    assert set(verdicts(bring(*rows))) == {"created"}
    for contact in Contact.objects.select_related("company").order_by("id"):
        told = words(contact.given_name, "", contact.email, contact.phone, contact.company.name)
        text = Value(" ".join(told), output_field=TextField())
        kept = Contact.objects.annotate(asked=SearchVector(text, config="simple"))
        assert kept.get(pk=contact.pk).asked == contact.search
