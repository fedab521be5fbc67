"""Two contacts become one person: what wins, what unites, what is refused, what goes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rules import standing
from leads.enums import Cause, Disposition, LifecycleStage, TouchKind
from leads.models import Contact, ContactExternalId, Lead, Merge, Opportunity, ProductLine, Touch
from leads.moving import MovesRefused, Step
from leads.search import contacts_matching
from leads.selectors.canonical import canonical_id, canonical_ids, contact_ids_of, united_ids
from leads.services.contacts import ContactFacts
from leads.services.merging import merge_contacts
from leads.services.opening import Capture, open_leads
from leads.services.unmerging import undo_merge
from smarketing.errors import NotFound, Refused
from tests.conftest import AT
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
TICK = timedelta(microseconds=1)
MONTH = timedelta(days=30)


def person(email: str, **fields: Any) -> Contact:
    """A contact with an open lead at LEAD of a product line of its own."""
    fields.setdefault("product_line_id", line(email).pk)
    return lead_at(S.LEAD, email=email, **fields).contact


def line(name: str) -> ProductLine:
    return ProductLine.objects.get_or_create(name=name, key=name)[0]


def rows(*contacts: Contact) -> list[dict[str, Any]]:
    """Everything that a refusal must leave and an undo restore, versions apart."""
    ids = [contact.pk for contact in contacts]
    known = [dict(row) for row in Contact.objects.filter(id__in=ids).order_by("id").values()]
    leads = [dict(r) for r in Lead.objects.filter(contact_id__in=ids).order_by("id").values()]
    for row in [*known, *leads]:
        del row["version"]
    return [*known, *leads]


def contact(pk: int) -> Contact:
    return Contact.objects.get(pk=pk)


def test_the_winner_keeps_its_values_and_is_filled_where_it_has_none(marketer):
    anna = person("anna@acme.example", given_name="Anna", city="Roma")
    other = person("a.rossi@acme.example", given_name="Annina", family_name="Rossi", phone="06 1")
    other.attributes = {"size": 40, "area": "North"}
    other.save(update_fields=["attributes"])
    anna.attributes = {"size": 30}
    anna.save(update_fields=["attributes"])
    merge = merge_contacts(anna.pk, other.pk, actor=marketer, at=AT)
    anna = contact(anna.pk)
    assert (anna.email, anna.given_name, anna.city) == ("anna@acme.example", "Anna", "Roma")
    assert (anna.family_name, anna.phone) == ("Rossi", "06 1")
    assert anna.attributes == {"size": 30, "area": "North"}
    assert contact(other.pk).merged_into_id == anna.pk
    assert merge.before["values"] == {"family_name": "", "phone": "", "attributes.area": None}


def test_conflicts_are_chosen_by_hand_and_both_addresses_still_lead_to_the_winner(marketer):
    anna = person("anna@acme.example", given_name="Anna")
    other = person("a.rossi@acme.example", given_name="Annina", phone="06 1")
    picks = {"email": "loser", "given_name": "loser", "phone": "winner"}
    merge_contacts(anna.pk, other.pk, actor=marketer, at=AT, choices=picks)
    anna = contact(anna.pk)
    assert (anna.email, anna.given_name) == ("a.rossi@acme.example", "Annina")
    assert anna.phone == "06 1"  # what is empty is filled, whatever was picked
    assert contact(other.pk).email == "anna@acme.example"
    for email in ("anna@acme.example", "a.rossi@acme.example"):
        assert captured(email=email).contact_id == anna.pk


def captured(*, product_line_id: int | None = None, **who: Any) -> Lead:
    capture = Capture(
        contact=ContactFacts(captured_through="form", **who),
        steps=[Step(to_stage=S.LEAD, cause=Cause.RULE)],
        product_line_id=product_line_id,
    )
    (lead,) = open_leads([capture], actor=None, at=AT).leads
    assert lead is not None
    return lead


def test_ids_of_other_systems_resolve_to_the_winner_and_stay_where_they_are(marketer):
    anna, other = person("anna@acme.example"), person("other@acme.example")
    ContactExternalId.objects.create(contact=other, system="crm", external_id="7")
    merge_contacts(anna.pk, other.pk, actor=marketer, at=AT)
    assert ContactExternalId.objects.get().contact_id == other.pk
    assert captured(system="crm", external_id="7").contact_id == anna.pk


def test_no_history_moves_and_reads_unite(marketer):
    anna, other = person("anna@acme.example"), person("other@acme.example")
    for who in (anna, other):
        Touch.objects.create(contact=who, kind=TouchKind.FORM, occurred_at=AT, recorded_at=AT)
    merge_contacts(anna.pk, other.pk, actor=marketer, at=AT)
    assert Touch.objects.filter(contact=other).count() == 1
    assert Touch.objects.filter(contact__in=contact_ids_of(other.pk)).count() == 2
    assert contact_ids_of(anna.pk) == contact_ids_of(other.pk) == [anna.pk, other.pk]
    assert canonical_id(other.pk) == anna.pk
    assert canonical_ids([other.pk, anna.pk, 9_999]) == {
        other.pk: anna.pk, anna.pk: anna.pk, 9_999: 9_999
    }  # fmt: skip
    assert united_ids([9_999]) == {9_999: [9_999]}


def test_an_open_lead_of_the_same_line_closes_as_merged_through_the_gate(marketer):
    disks = line("disks")
    anna = person("anna@acme.example", product_line_id=disks.pk)
    other = person("other@acme.example", product_line_id=disks.pk)
    kept, repeated = Lead.objects.order_by("id")
    merge_contacts(anna.pk, other.pk, actor=marketer, at=AT)
    repeated.refresh_from_db()
    assert (repeated.disposition, repeated.merged_into_id) == (D.MERGED, kept.pk)
    assert repeated.contact_id == other.pk
    (close,) = repeated.transitions.filter(to_disposition=D.MERGED)
    assert (close.reason, close.actor, close.effective_at) == ("duplicate", marketer, AT)
    # One open lead a line also for the united person: the next capture meets the winner's.
    assert captured(email="other@acme.example", product_line_id=disks.pk).pk == kept.pk


def test_open_leads_of_two_lines_both_stay_and_are_met_by_captures_of_the_person(marketer):
    anna, other = person("anna@acme.example"), person("other@acme.example")
    merge_contacts(anna.pk, other.pk, actor=marketer, at=AT)
    theirs = Lead.objects.get(contact=other)
    assert theirs.disposition == D.OPEN
    assert captured(email="anna@acme.example", product_line_id=theirs.product_line_id) == theirs


def test_both_are_found_by_the_words_of_either(marketer):
    anna = person("anna@acme.example", given_name="Anna")
    other = person("other@beta.example", given_name="Ottavia")
    merge = merge_contacts(anna.pk, other.pk, actor=marketer, at=AT)
    for text in ("ottavia", "beta", "anna"):
        assert {row.pk for row in contacts_matching(text)} == {anna.pk, other.pk}
    undo_merge(merge.pk, actor=marketer, at=AT)
    assert [row.pk for row in contacts_matching("ottavia")] == [other.pk]


def test_chains_are_flat(marketer):
    a, b, c = (person(f"{name}@acme.example") for name in "abc")
    merge_contacts(b.pk, a.pk, actor=marketer, at=AT)
    last = merge_contacts(c.pk, b.pk, actor=marketer, at=AT)
    assert [contact(x.pk).merged_into_id for x in (a, b, c)] == [c.pk, c.pk, None]
    assert contact_ids_of(a.pk) == [c.pk, a.pk, b.pk]
    undo_merge(last.pk, actor=marketer, at=AT)
    assert [contact(x.pk).merged_into_id for x in (a, b, c)] == [b.pk, None, None]


def test_an_undo_restores_everything(marketer, rep):
    disks = line("disks")
    anna = person("anna@acme.example", product_line_id=disks.pk)
    other = person("o@acme.example", given_name="Otto", product_line_id=disks.pk, owner=rep)
    was = rows(anna, other)
    picks = {"email": "loser"}
    merge = merge_contacts(anna.pk, other.pk, actor=marketer, at=AT, choices=picks)
    assert rows(anna, other) != was
    undone = undo_merge(merge.pk, actor=rep, at=AT + MONTH)
    assert rows(anna, other) == was
    assert (undone.undone_at, undone.undone_by) == (AT + MONTH, rep)
    lead = Lead.objects.get(contact=other)
    voided = lead.transitions.filter(voided_by__isnull=False).values_list(
        "to_disposition", flat=True
    )
    assert sorted(voided) == [D.MERGED, D.OPEN]


def test_an_undo_leaves_what_somebody_has_changed_since(marketer):
    anna, other = person("anna@acme.example"), person("o@acme.example", city="Roma", phone="06 1")
    merge = merge_contacts(anna.pk, other.pk, actor=marketer, at=AT)
    Contact.objects.filter(pk=anna.pk).update(city="Parma")
    undo_merge(merge.pk, actor=marketer, at=AT)
    assert (contact(anna.pk).city, contact(anna.pk).phone) == ("Parma", "")


@pytest.mark.parametrize(("late", "code"), [(-TICK, ""), (0 * TICK, ""), (TICK, "too_late")])
def test_thirty_days_are_thirty_days(late, code, marketer):
    anna, other = person("anna@acme.example"), person("o@acme.example")
    merge = merge_contacts(anna.pk, other.pk, actor=marketer, at=AT)
    united = rows(anna, other)
    if not code:
        undo_merge(merge.pk, actor=marketer, at=AT + MONTH + late)
        assert contact(other.pk).merged_into_id is None
        return
    with pytest.raises(Refused) as refused:
        undo_merge(merge.pk, actor=marketer, at=AT + MONTH + late)
    assert refused.value.code == code
    assert rows(anna, other) == united


def test_what_cannot_be_undone_says_why_and_changes_nothing(marketer, rep):
    a, b, c = (person(f"{name}@acme.example") for name in "abc")
    first = merge_contacts(b.pk, a.pk, actor=marketer, at=AT)
    second = merge_contacts(c.pk, b.pk, actor=marketer, at=AT)
    was = rows(a, b, c)
    with pytest.raises(Refused) as refused:
        undo_merge(first.pk, actor=marketer, at=AT)
    assert (refused.value.code, rows(a, b, c)) == ("merged_on", was)
    undo_merge(second.pk, actor=rep, at=AT)
    with pytest.raises(Refused) as refused:
        undo_merge(second.pk, actor=marketer, at=AT)
    assert (refused.value.code, str(refused.value)) == (
        "already_undone", "Bruno Conti has undone this merge on 3 Mar 2026."
    )  # fmt: skip
    with pytest.raises(NotFound):
        undo_merge(999_999, actor=marketer, at=AT)


def test_an_address_taken_meanwhile_cannot_come_back(marketer):
    anna = person("anna@acme.example")
    other = person("o@acme.example")
    picks = {"email": "loser"}
    merge = merge_contacts(anna.pk, other.pk, actor=marketer, at=AT, choices=picks)
    Contact.objects.filter(pk=anna.pk).update(email="new@acme.example")
    third = person("third@acme.example")
    Contact.objects.filter(pk=third.pk).update(email="o@acme.example")
    was = rows(anna, other, third)
    with pytest.raises(Refused) as refused:
        undo_merge(merge.pk, actor=marketer, at=AT)
    assert (refused.value.code, rows(anna, other, third)) == ("email_taken", was)


def test_what_is_refused_changes_nothing(marketer, rep):
    disks = line("disks")
    a = person("a@acme.example", product_line_id=disks.pk)
    b = person("b@acme.example", product_line_id=disks.pk)
    c = person("c@acme.example")
    merge_contacts(c.pk, person("d@acme.example").pk, actor=marketer, at=AT)
    gone = Contact.objects.get(email="d@acme.example")
    was = rows(a, b, c, gone)

    def refused(*ids: int, actor: Any = marketer, **more: Any) -> str:
        with pytest.raises(Refused) as error:
            merge_contacts(*ids, actor=actor, at=AT, **more)
        assert rows(a, b, c, gone) == was
        return error.value.code

    assert refused(a.pk, a.pk) == "same_contact"
    assert refused(a.pk, gone.pk) == "already_merged"
    assert refused(gone.pk, a.pk) == "already_merged"
    assert refused(a.pk, b.pk, expected=(a.version, b.version + 1)) == "changed_meanwhile"
    Opportunity.objects.create(lead=Lead.objects.get(contact=b), amount=9)
    assert refused(a.pk, b.pk) == "open_deal"
    Opportunity.objects.all().delete()
    Lead.objects.filter(contact=b).update(owner=marketer)
    was = rows(a, b, c, gone)
    with pytest.raises(MovesRefused):  # a rep closes his own leads or nobody's
        merge_contacts(a.pk, b.pk, actor=rep, at=AT)
    assert rows(a, b, c, gone) == was
    assert Merge.objects.count() == 1


def test_two_identified_people_are_never_merged_by_themselves(marketer):
    anna, other = person("anna@acme.example"), person("other@acme.example")
    with pytest.raises(Refused) as refused:
        merge_contacts(anna.pk, other.pk, actor=None, at=AT)
    assert refused.value.code == "two_identified"
    nameless = Contact.objects.create(captured_through="beacon", created_at=AT)
    merge_contacts(anna.pk, nameless.pk, actor=None, at=AT)
    assert contact(nameless.pk).merged_into_id == anna.pk


def test_the_statements_do_not_grow_with_the_leads(marketer):
    spent = []
    standing(marketer)  # read once a request
    for n, many in ((1, 1), (2, 3)):
        a, b = person(f"a{n}@acme.example"), person(f"b{n}@acme.example")
        for m in range(many):
            for who in (a, b):
                lead_at(S.LEAD, email=who.email, product_line_id=line(f"line {m}").pk)
        with CaptureQueriesContext(connection) as captured_queries:
            merge_contacts(a.pk, b.pk, actor=marketer, at=AT)
        spent.append(len(captured_queries))
    assert spent[0] == spent[1]


def test_facts_of_both_leads_are_there_after_a_refused_merge(marketer, rep):
    anna, other = person("anna@acme.example"), person("other@acme.example")
    before = [facts(lead) for lead in Lead.objects.order_by("id")]
    with pytest.raises(Refused):
        merge_contacts(anna.pk, other.pk, actor=marketer, at=AT, expected=(9, 9))
    assert [facts(lead) for lead in Lead.objects.order_by("id")] == before
