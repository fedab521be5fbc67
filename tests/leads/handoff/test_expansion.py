"""An existing customer who comes as a lead: whoever sold to it hears that there may be more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Notice, NoticeDelivery, User
from leads.enums import Disposition, LifecycleStage
from leads.models import Company, ProductLine
from leads.services.decisions import By, Rejection, reject_leads
from leads.services.undoing import undo
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.leads.routing.pools import reps

pytestmark = pytest.mark.django_db
S = LifecycleStage
WINDOW, TICK = timedelta(seconds=10), timedelta(microseconds=1)


def line(name: str) -> int:
    return ProductLine.objects.create(name=name, key=name).pk


def rejected(rep):
    lead = lead_at(S.MQL, owner=rep, product_line_id=line("more"), company="Acme")
    rejection = Rejection(reason="existing_customer")
    return lead, reject_leads([lead.pk], rejection, by=By(actor=rep), at=AT)


def hints():
    rows = Notice.objects.filter(kind="expansion_hint")
    return [(one.recipient.name, one.params["name"], one.created_at) for one in rows]


def test_who_won_the_contact_hears_of_it_after_the_undo_window(sales, rep):
    (greta,) = reps(sales, "greta")
    lead_at(S.CUSTOMER, owner=greta, product_line_id=line("first"))
    lead, outcome = rejected(rep)
    assert outcome.leads[0].disposition == Disposition.DISQUALIFIED
    assert hints() == [("Greta", lead.contact.company.name, AT + WINDOW + TICK)]


def test_the_owner_of_the_company_comes_first(sales, rep):
    greta, hugo = reps(sales, "greta", "hugo")
    won = lead_at(S.CUSTOMER, owner=greta, product_line_id=line("first"))
    Company.objects.filter(pk=won.contact.company_id).update(owner=hugo)
    rejected(rep)
    assert [name for name, _of, _at in hints()] == ["Hugo"]


def test_who_has_left_is_passed_over(sales, rep):
    greta, hugo = reps(sales, "greta", "hugo")
    won = lead_at(S.CUSTOMER, owner=greta, product_line_id=line("first"))
    Company.objects.filter(pk=won.contact.company_id).update(owner=hugo)
    User.objects.filter(pk=hugo.pk).update(is_active=False, deactivated_at=AT)
    rejected(rep)
    assert [name for name, _of, _at in hints()] == ["Greta"]


def test_undone_at_the_last_instant_it_is_not_told(sales, rep):
    (greta,) = reps(sales, "greta")
    lead_at(S.CUSTOMER, owner=greta, product_line_id=line("first"))
    _lead, outcome = rejected(rep)
    undo(outcome.action.pk, actor=rep, at=AT + WINDOW)
    assert hints() == []
    assert not NoticeDelivery.objects.exists()


def test_who_closes_it_himself_needs_no_hint(rep):
    lead_at(S.CUSTOMER, owner=rep, product_line_id=line("first"))
    rejected(rep)
    assert hints() == []
