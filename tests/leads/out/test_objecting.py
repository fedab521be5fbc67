"""A no to Marketing holds at once, for the whole person, and nothing but his own yes ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import CloseReason, ConsentPurpose, Disposition, LifecycleStage, TouchKind
from leads.models import Consent, Contact, Lead, Opportunity
from leads.models.opportunities import DealState
from leads.moving import Move
from leads.selectors.mailing import may_mail, stages_of_marketing
from leads.services.consents import ConsentFacts, record_consents
from leads.services.deals.trying_again import bring_back_lost
from leads.services.merging import merge_contacts
from leads.services.moves import move_leads
from leads.services.objecting import agree_to_marketing, object_to_marketing, stop_marketing
from leads.services.recycling import wake_due
from leads.services.touches import TouchFacts, record_touches
from leads.services.unmerging import undo_merge
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused
from tests.conftest import AT
from tests.leads.records import HOUR, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
DAY = timedelta(days=1)


def mailed(lead: Lead) -> bool:
    """Whether Marketing may write to the person."""
    return may_mail(lead, stages_of_marketing())


def recycled(rep, email="anna@acme.example") -> Lead:
    """A lead that Sales gave back for now."""
    lead = lead_at(S.SAL, email=email, owner=rep)
    move_leads(
        [Move(lead_id=lead.pk, disposition=D.RECYCLED, reason=CloseReason.NOT_NOW.value, actor=rep,
              recycle_until=AT + 10 * DAY)],
        at=AT,
    )  # fmt: skip
    return Lead.objects.select_related("contact").get(pk=lead.pk)


def test_it_stops_nurturing_at_once(rep, marketer):
    lead = recycled(rep)
    assert (lead.nurture_until, mailed(lead)) == (AT + 10 * DAY, True)
    row = object_to_marketing(lead.contact_id, how="by phone", actor=rep, at=AT + HOUR)
    assert row.no_marketing_since == AT + HOUR
    after = Lead.objects.select_related("contact").get(pk=lead.pk)
    assert (after.nurture_until, mailed(after)) == (None, False)
    assert after.version == lead.version + 1
    assert wake_due(AT + 11 * DAY) == 0
    assert Lead.objects.count() == 1
    assert list(
        Consent.objects.values_list("given", "purpose", "through", "recorded_by", "at")
    ) == [(False, ConsentPurpose.MARKETING, "by phone", rep.pk, AT + HOUR)]


def test_what_is_recycled_afterwards_is_not_nurtured(rep):
    lead = lead_at(S.SAL, owner=rep)
    object_to_marketing(lead.contact_id, how="by e-mail", actor=rep, at=AT)
    move_leads(
        [Move(lead_id=lead.pk, disposition=D.RECYCLED, reason=CloseReason.NOT_NOW.value, actor=rep,
              recycle_until=AT + DAY)],
        at=AT,
    )  # fmt: skip
    assert Lead.objects.get().nurture_until is None
    assert wake_due(AT + 2 * DAY) == 0


def test_a_date_set_meanwhile_wakes_nobody(rep):
    lead = recycled(rep)
    Contact.objects.filter(pk=lead.contact_id).update(no_marketing_since=AT)
    assert wake_due(AT + 10 * DAY) == 0
    Contact.objects.filter(pk=lead.contact_id).update(no_marketing_since=None)
    assert wake_due(AT + 10 * DAY) == 1


def test_a_lost_deal_is_not_tried_again(rep):
    lead = lead_at(S.OPPORTUNITY, D.LOST, owner=rep)
    Opportunity.objects.create(
        lead=lead, is_first=True, state=DealState.LOST, closed_at=AT, try_again_on=AT.date()
    )
    object_to_marketing(lead.contact_id, how="by e-mail", actor=rep, at=AT)
    assert Opportunity.objects.get().try_again_on is None
    assert bring_back_lost(at=AT + DAY) == 0


def test_the_person_himself_still_comes_back(rep):
    lead = recycled(rep)
    object_to_marketing(lead.contact_id, how="by phone", actor=rep, at=AT + HOUR)
    touch = TouchFacts(contact_id=lead.contact_id, kind=TouchKind.FORM, occurred_at=AT + 2 * HOUR)
    record_touches([touch], at=AT + 2 * HOUR)
    new = Lead.objects.select_related("contact").latest("id")
    assert (new.stage, new.recycled_from_id, mailed(new)) == (S.LEAD, lead.pk, False)


def test_it_is_of_the_whole_person(rep, marketer):
    one, other = (lead_at(email=mail).contact for mail in ("a@a.example", "b@b.example"))
    Contact.objects.filter(pk=other.pk).update(merged_into=one)
    row = object_to_marketing(other.pk, how="by phone", actor=marketer, at=AT)
    assert row.pk == one.pk
    assert set(Contact.objects.values_list("no_marketing_since", flat=True)) == {AT}
    assert Consent.objects.get().contact_id == one.pk


def test_a_merge_brings_it_along_and_its_undo_takes_it_back(marketer):
    winner, loser = (lead_at(email=mail).contact for mail in ("a@a.example", "b@b.example"))
    object_to_marketing(loser.pk, how="by phone", actor=marketer, at=AT)
    merge = merge_contacts(winner.pk, loser.pk, actor=marketer, at=AT + HOUR)
    assert Contact.objects.get(pk=winner.pk).no_marketing_since == AT + HOUR
    undo_merge(merge.pk, actor=marketer, at=AT + 2 * HOUR)
    assert Contact.objects.get(pk=winner.pk).no_marketing_since is None
    assert Contact.objects.get(pk=loser.pk).no_marketing_since == AT


def test_said_twice_it_is_written_once(rep):
    pk = lead_at().contact_id
    for n in range(2):
        object_to_marketing(pk, how="by phone", actor=rep, at=AT + n * HOUR)
    assert Consent.objects.count() == 1
    assert Contact.objects.get().no_marketing_since == AT


def test_a_no_of_a_form_or_a_sender_holds_and_a_yes_does_not_end_it(rep):
    lead = recycled(rep)
    no = ConsentFacts(given=False, contact_id=lead.contact_id)
    record_consents([no], through="api", by=None, at=AT)
    assert Contact.objects.get().no_marketing_since == AT
    assert Lead.objects.get().nurture_until is None
    yes = ConsentFacts(given=True, text="Yes", contact_id=lead.contact_id)
    record_consents([yes], through="form: x", by=None, at=AT + HOUR)
    assert Contact.objects.get().no_marketing_since == AT


def test_a_no_to_something_else_stops_nothing(rep):
    pk = lead_at().contact_id
    no = ConsentFacts(given=False, contact_id=pk, purpose=ConsentPurpose.TRACKING)
    record_consents([no], through="form: x", by=None, at=AT)
    assert Contact.objects.get().no_marketing_since is None


def test_who_agrees_again_is_nurtured_again(rep, marketer):
    lead = recycled(rep)
    object_to_marketing(lead.contact_id, how="by phone", actor=rep, at=AT)
    row = agree_to_marketing(
        lead.contact_id, words="You may write to me.", how="signed at the fair", version="3",
        actor=marketer, at=AT + DAY,
    )  # fmt: skip
    assert row.no_marketing_since is None
    after = Lead.objects.select_related("contact").get(pk=lead.pk)
    assert (after.nurture_until, mailed(after)) == (AT + 91 * DAY, True)
    newest = Consent.objects.first()
    assert newest is not None
    assert (newest.given, newest.text, newest.text_version, newest.through) == (
        True, "You may write to me.", "3", "signed at the fair",
    )  # fmt: skip


def test_refusals_change_nothing(rep, facilitator, marketer):
    pk = lead_at().contact_id
    with pytest.raises(NotAllowed):
        object_to_marketing(pk, how="x", actor=facilitator, at=AT)
    with pytest.raises(NotFound):
        object_to_marketing(0, how="x", actor=rep, at=AT)
    for how in ("", " ", "x" * 101):
        with pytest.raises(BadInput):
            object_to_marketing(pk, how=how, actor=rep, at=AT)
        with pytest.raises(BadInput):
            agree_to_marketing(pk, words="Yes", how=how, actor=rep, at=AT)
    with pytest.raises(BadInput):
        agree_to_marketing(pk, words=" ", how="by phone", actor=rep, at=AT)
    Contact.objects.filter(pk=pk).update(erased_at=AT)
    with pytest.raises(Refused):
        agree_to_marketing(pk, words="Yes", how="by phone", actor=rep, at=AT)
    assert not Consent.objects.exists()
    assert Contact.objects.get().no_marketing_since is None


def test_statements_do_not_grow_with_the_people(rep):
    def statements(ids) -> int:
        with CaptureQueriesContext(connection) as seen:
            stop_marketing(ids, at=AT)
        return len(seen)

    people = [lead_at(email=f"p{n}@a.example").contact_id for n in range(4)]
    assert statements([]) == 0
    assert statements(people[:1]) == statements(people[1:]) == 4
