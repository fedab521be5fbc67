"""Merged rows are one person to routing, cooldown, nurturing and rulings as well."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads.enums import AssignmentCause, Disposition, LifecycleStage, TouchKind
from leads.models import Contact, Lead, ProductLine
from leads.moving import Move
from leads.selectors.avoiding import reps_to_avoid
from leads.selectors.house import funnel_settings
from leads.services.decisions import By, Rejection, reject_leads
from leads.services.merging import merge_contacts, merge_leads
from leads.services.moves import move_leads
from leads.services.recycling import wake_due
from leads.services.touches import TouchFacts, record_touches
from leads.services.unmerging import undo_merge
from smarketing.errors import Refused
from tests.conftest import AT
from tests.leads.records import facts, lead_at
from tests.leads.routing.pools import pool_of, reps, rule_for

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
DAY = timedelta(days=1)


def line(name: str) -> int:
    return ProductLine.objects.get_or_create(name=name, key=name)[0].pk


def merged(winner: Lead, loser: Lead, by) -> None:
    merge_contacts(winner.contact_id, loser.contact_id, actor=by, at=AT)


def test_who_works_a_lead_of_a_merged_row_gets_the_persons_next_mql(sales, marketer):
    bruno, greta = reps(sales, "bruno", "greta")
    rule_for(pool_of(greta))
    new = lead_at(S.LEAD, email="anna@acme.example", product_line_id=line("a"))
    worked = lead_at(S.SAL, email="anna@home.example", product_line_id=line("b"), owner=bruno)
    merged(new, worked, marketer)
    (moved,) = move_leads([Move(lead_id=new.pk, to_stage=S.MQL, actor=marketer)], at=AT).leads
    assert moved.owner_id == bruno.pk
    assert moved.assignments.get().cause == AssignmentCause.OPEN_OWNER


def test_a_lead_of_a_merged_row_meets_the_persons_owner_too(sales, marketer):
    bruno, greta = reps(sales, "bruno", "greta")
    rule_for(pool_of(greta))
    worked = lead_at(S.SAL, email="anna@home.example", product_line_id=line("b"), owner=bruno)
    new = lead_at(S.LEAD, email="anna@acme.example", product_line_id=line("a"))
    merged(worked, new, marketer)
    (moved,) = move_leads([Move(lead_id=new.pk, to_stage=S.MQL, actor=marketer)], at=AT).leads
    assert moved.owner_id == bruno.pk


def test_who_rejected_a_merged_row_is_avoided_within_the_cooldown(rep, marketer):
    old = lead_at(S.MQL, email="anna@home.example", owner=rep)
    reject_leads([old.pk], Rejection(reason="not_now"), by=By(actor=rep), at=AT)
    new = lead_at(S.LEAD, email="anna@acme.example", product_line_id=line("a"))
    merged(new, old, marketer)
    new = Lead.objects.get(pk=new.pk)
    found = reps_to_avoid([new], settings=funnel_settings(), at=AT + DAY)
    assert found == {new.contact_id: frozenset({rep.pk})}


def test_nurturing_ends_in_the_open_lead_that_a_merged_row_has(rep, marketer):
    old = lead_at(S.MQL, email="anna@acme.example", owner=rep)
    rejection = Rejection(reason="not_now", until=AT + DAY)
    reject_leads([old.pk], rejection, by=By(actor=rep), at=AT)
    going = lead_at(S.LEAD, email="anna@home.example")
    merged(old, going, marketer)
    assert wake_due(AT + DAY) == 1
    old.refresh_from_db()
    assert (old.woken_at, Lead.objects.count()) == (AT + DAY, 2)


def test_a_hot_touch_of_the_person_wakes_what_rests_on_a_merged_row(rep, marketer):
    old = lead_at(S.MQL, email="anna@home.example", owner=rep)
    reject_leads([old.pk], Rejection(reason="not_now"), by=By(actor=rep), at=AT)
    other = lead_at(S.LEAD, email="anna@acme.example", product_line_id=line("a"))
    merged(other, old, marketer)
    record_touches([TouchFacts(contact_id=other.contact_id, kind=TouchKind.FORM)], at=AT + DAY)
    new = Lead.objects.latest("id")
    assert (new.recycled_from_id, new.contact_id) == (old.pk, other.contact_id)


def two_open() -> tuple[Lead, Lead]:
    first = lead_at(S.LEAD, product_line_id=line("a"))
    return first, lead_at(S.LEAD, product_line_id=line("b"))


def test_two_open_leads_become_one_and_two_again(marketer):
    stays, goes = two_open()
    was = facts(goes)["lead"]
    merge = merge_leads(stays.pk, goes.pk, actor=marketer, at=AT)
    goes.refresh_from_db()
    assert (goes.disposition, goes.merged_into_id, goes.closed_at) == (D.MERGED, stays.pk, AT)
    undo_merge(merge.pk, actor=marketer, at=AT + DAY)
    now = facts(goes)["lead"]
    assert {**now, "version": 0} == {**was, "version": 0}
    assert not goes.transitions.filter(to_disposition=D.MERGED, voided_by=None).exists()


def test_leads_of_two_people_are_not_merged(marketer):
    one, two = lead_at(S.LEAD), lead_at(S.LEAD, email="b@acme.example")
    before = facts(one), facts(two)
    with pytest.raises(Refused) as no:
        merge_leads(one.pk, two.pk, actor=marketer, at=AT)
    assert no.value.code == "two_people"
    assert (facts(one), facts(two)) == before


def test_a_closed_lead_is_not_merged(marketer):
    open_one = lead_at(S.LEAD, product_line_id=line("a"))
    closed = lead_at(S.MQL, D.LOST)
    with pytest.raises(Refused) as no:
        merge_leads(open_one.pk, closed.pk, actor=marketer, at=AT)
    assert no.value.code == "not_open"
    assert Contact.objects.count() == 1
