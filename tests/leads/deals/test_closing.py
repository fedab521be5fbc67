"""Winning, losing, trying again, and what follows the sale."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.enums import CustomerEventKind, Disposition, LifecycleStage
from leads.models import Competitor, CustomerEvent, Lead
from leads.models.opportunities import DealState
from leads.services.deals import (
    AfterSale,
    DealFacts,
    Loss,
    Win,
    bring_back_lost,
    change_opportunity,
    lose_opportunity,
    record_customer_event,
    step_opportunity,
    win_opportunity,
)
from smarketing.errors import BadInput, NotAllowed, Refused
from tests.conftest import AT
from tests.leads.deals.deal_records import TEN, deal_facts, deal_of, one_more
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
S, D = LifecycleStage, Disposition
LATER = AT + timedelta(days=9)
PRICE = Loss(reason="price")
MARCH = date(2026, 3, 20)
SOLD_ON = AT.date()


def test_the_first_win_makes_a_customer_through_the_gate(rep):
    deal = win_opportunity(deal_of(rep).pk, Win(), actor=rep, at=LATER).deal
    lead = Lead.objects.get(pk=deal.lead_id)
    assert (lead.stage, lead.disposition, lead.customer_at) == (S.CUSTOMER, D.WON, LATER)
    assert (deal.state, deal.closed_at, deal.amount, deal.rate) == ("WON", LATER, TEN, Decimal(1))
    assert lead.transitions.order_by("-id").first().actor == rep
    assert not CustomerEvent.objects.exists()


def test_a_later_win_is_an_expansion_and_no_new_customer(rep):
    deal = deal_of(rep)
    other = one_more(deal, rep, amount=Decimal("500.00"), name="Spare parts")
    win_opportunity(deal.pk, Win(), actor=rep, at=AT)
    win_opportunity(other.pk, Win(), actor=rep, at=LATER)
    lead = Lead.objects.get(pk=deal.lead_id)
    assert lead.customer_at == AT
    event = CustomerEvent.objects.get()
    assert (event.kind, event.amount, event.note) == ("EXPANDED", Decimal(500), "Spare parts")
    assert lead.transitions.filter(to_stage=S.CUSTOMER).count() == 1


def test_another_currency_asks_for_its_rate_and_keeps_it(rep):
    deal = deal_of(rep, currency="USD")
    before = (facts(deal.lead), deal_facts(deal.lead))
    with pytest.raises(BadInput) as refused:
        win_opportunity(deal.pk, Win(), actor=rep, at=LATER)
    asked = "Say how many EUR one USD is worth on the day of the close."
    assert [str(r) for r in refused.value.fields["rate"]] == [asked]
    for wrong in (Decimal(0), Decimal(-1), Decimal("NaN"), Decimal("1e30")):
        with pytest.raises(BadInput):
            win_opportunity(deal.pk, Win(rate=wrong), actor=rep, at=LATER)
    assert (facts(deal.lead), deal_facts(deal.lead)) == before
    won = win_opportunity(deal.pk, Win(rate=Decimal("0.91")), actor=rep, at=LATER).deal
    assert (won.rate, won.currency, won.amount) == (Decimal("0.91"), "USD", TEN)


def test_a_win_says_what_the_deal_is_worth(rep):
    deal = deal_of(rep, amount=None)
    with pytest.raises(BadInput) as refused:
        win_opportunity(deal.pk, Win(), actor=rep, at=LATER)
    assert list(refused.value.fields) == ["amount"]
    assert win_opportunity(deal.pk, Win(amount=TEN), actor=rep, at=LATER).deal.amount == TEN


def test_the_last_loss_loses_the_lead_with_reason_and_competitor(rep):
    rival = Competitor.objects.create(name="Rival", key="rival")
    deal = deal_of(rep)
    other = one_more(deal, rep)
    loss = Loss(reason="bought_elsewhere", competitor_id=rival.pk, note="Cheaper")
    lose_opportunity(other.pk, PRICE, actor=rep, at=AT)
    lead = Lead.objects.get(pk=deal.lead_id)
    assert (lead.stage, lead.disposition) == (S.OPPORTUNITY, D.OPEN)
    lost = lose_opportunity(deal.pk, loss, actor=rep, at=LATER).deal
    lead.refresh_from_db()
    assert (lead.stage, lead.disposition, lead.closed_at) == (S.OPPORTUNITY, D.LOST, LATER)
    assert lead.competitor == rival
    assert (lost.state, lost.reason, lost.competitor, lost.try_again_on) == (
        "LOST", "bought_elsewhere", rival, None,
    )  # fmt: skip
    assert lead.transitions.order_by("-id").first().reason == "bought_elsewhere"


def test_a_customer_stays_one_whatever_he_does_not_buy(rep):
    deal = deal_of(rep)
    other = one_more(deal, rep)
    win_opportunity(deal.pk, Win(), actor=rep, at=AT)
    lose_opportunity(other.pk, PRICE, actor=rep, at=LATER)
    lead = Lead.objects.get(pk=deal.lead_id)
    assert (lead.disposition, lead.closed_at) == (D.WON, AT)


@pytest.mark.parametrize(
    ("loss", "field"),
    [
        (Loss(reason=""), "reason"),
        (Loss(reason="spam"), "reason"),
        (Loss(reason="other"), "note"),
        (Loss(reason="price", competitor_id=10**12), "competitor"),
        (Loss(reason="price", try_again_on=AT.date()), "try_again_on"),
        (Loss(reason="price", try_again_on=date(2040, 1, 1)), "try_again_on"),
    ],
)
def test_a_loss_that_says_too_little_changes_nothing(loss, field, rep):
    deal = deal_of(rep)
    before = (facts(deal.lead), deal_facts(deal.lead))
    with pytest.raises(BadInput) as refused:
        lose_opportunity(deal.pk, loss, actor=rep, at=AT)
    assert list(refused.value.fields) == [field]
    assert (facts(deal.lead), deal_facts(deal.lead)) == before


def test_what_is_closed_stays_closed_and_names_who_closed_it(rep, manager_sales):
    deal = deal_of(rep)
    win_opportunity(deal.pk, Win(), actor=rep, at=AT)
    before = (facts(deal.lead), deal_facts(deal.lead))
    for act in (
        lambda: win_opportunity(deal.pk, Win(), actor=manager_sales, at=LATER),
        lambda: lose_opportunity(deal.pk, PRICE, actor=manager_sales, at=LATER),
        lambda: change_opportunity(
            deal.pk, DealFacts(), version=None, actor=manager_sales, at=LATER
        ),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert str(refused.value) == "Bruno Conti has already closed this opportunity: Won."
    assert (facts(deal.lead), deal_facts(deal.lead)) == before


def test_a_second_writer_is_told_of_the_first_and_overwrites_nothing(rep, manager_sales):
    deal = deal_of(rep)
    seen = deal.version
    told = DealFacts(amount=Decimal(7), owner_id=rep.pk)
    changed = change_opportunity(deal.pk, told, version=seen, actor=manager_sales, at=LATER)
    assert (changed.version, changed.changed_by) == (seen + 1, manager_sales)
    before = deal_facts(deal.lead)
    for act in (
        lambda: change_opportunity(deal.pk, DealFacts(), version=seen, actor=rep, at=LATER),
        lambda: win_opportunity(deal.pk, Win(), version=seen, actor=rep, at=LATER),
        lambda: step_opportunity(deal.pk, deal.step_id, version=seen, actor=rep, at=LATER),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "changed_meanwhile"
        assert str(refused.value).startswith("Dario Greco has changed this opportunity")
    assert deal_facts(deal.lead) == before


def test_a_deal_of_somebody_else_is_his_to_work_on(rep, marketer):
    deal = deal_of(rep)
    with pytest.raises(NotAllowed):
        step_opportunity(deal.pk, deal.step_id, version=None, actor=marketer, at=AT)
    with pytest.raises(NotAllowed):
        win_opportunity(deal.pk, Win(), actor=marketer, at=AT)


# --- trying again --------------------------------------------------------------------------------


def lost_until(rep, day):
    deal = deal_of(rep)
    loss = Loss(reason="price", try_again_on=day)
    return lose_opportunity(deal.pk, loss, actor=rep, at=AT).deal


def test_on_its_day_a_lost_contact_begins_a_new_row(rep):
    deal = lost_until(rep, MARCH)
    rome_midnight = AT.replace(day=19, hour=23, minute=0)
    assert bring_back_lost(at=rome_midnight - timedelta(microseconds=1)) == 0
    assert bring_back_lost(at=rome_midnight) == 1
    lost, new = Lead.objects.order_by("id")
    assert (lost.pk, lost.disposition, lost.woken_at) == (deal.lead_id, D.LOST, rome_midnight)
    assert (new.stage, new.disposition) == (S.LEAD, D.OPEN)
    assert (new.contact_id, new.recycled_from_id) == (lost.contact_id, lost.pk)
    assert (new.lead_at, new.engagement_from) == (rome_midnight, lost.closed_at)
    assert bring_back_lost(at=rome_midnight) == 0


def test_never_is_never(rep):
    lost_until(rep, None)
    assert bring_back_lost(at=AT + timedelta(days=4000)) == 0


def test_what_the_last_deal_said_counts(rep):
    deal = deal_of(rep)
    other = one_more(deal, rep)
    lose_opportunity(deal.pk, Loss(reason="price", try_again_on=MARCH), actor=rep, at=AT)
    lose_opportunity(other.pk, PRICE, actor=rep, at=LATER)
    assert bring_back_lost(at=AT + timedelta(days=60)) == 0


def test_a_contact_who_is_back_already_keeps_the_row_that_he_has(rep):
    lost_until(rep, MARCH)
    back = lead_at(S.LEAD, email="anna@acme.example")
    assert bring_back_lost(at=AT + timedelta(days=60)) == 1
    assert Lead.objects.open().get() == back


def test_the_pass_costs_the_same_for_one_and_for_two(rep):
    for n in range(3):
        deal = deal_of(rep, email=f"p{n}@acme.example")
        loss = Loss(reason="price", try_again_on=MARCH + timedelta(days=n))
        lose_opportunity(deal.pk, loss, actor=rep, at=AT)
    counts = []
    for day in (1, 10):
        with CaptureQueriesContext(connection) as captured:
            assert bring_back_lost(at=AT.replace(day=20) + timedelta(days=day - 1)) == 1 + day // 10
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- after the sale ------------------------------------------------------------------------------


def customer(rep):
    return win_opportunity(deal_of(rep).pk, Win(), actor=rep, at=AT).deal.lead


def event(kind=CustomerEventKind.RENEWED, day=SOLD_ON, **fields):
    return AfterSale(kind=kind, occurred_on=day, **fields)


def test_renewed_expanded_and_left_are_told_on_the_customer(rep):
    lead = customer(rep)
    later = LATER.date()
    record_customer_event(lead.pk, event(amount=TEN), actor=rep, at=LATER)
    record_customer_event(lead.pk, event(CustomerEventKind.CHURNED, later), actor=rep, at=LATER)
    with pytest.raises(Refused) as refused:
        record_customer_event(lead.pk, event(day=later), actor=rep, at=LATER)
    assert str(refused.value) == "This customer left on 2026-03-12."
    kinds = lead.customer_events.values_list("kind", "amount")
    assert list(kinds) == [("RENEWED", TEN), ("CHURNED", None)]
    lead.refresh_from_db()
    assert (lead.stage, lead.disposition) == (S.CUSTOMER, D.WON)


def test_only_a_customer_has_an_after(rep):
    deal = deal_of(rep)
    with pytest.raises(Refused) as refused:
        record_customer_event(deal.lead_id, event(), actor=rep, at=LATER)
    assert refused.value.code == "no_customer"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (event(day=AT.date() - timedelta(days=1)), "occurred_on"),
        (event(day=LATER.date() + timedelta(days=1)), "occurred_on"),
        (event(amount=Decimal(-1)), "amount"),
        (event(currency="QQQ"), "currency"),
    ],
)
def test_what_cannot_have_happened_is_refused(told, field, rep):
    lead = customer(rep)
    with pytest.raises(BadInput) as refused:
        record_customer_event(lead.pk, told, actor=rep, at=LATER)
    assert list(refused.value.fields) == [field]
    assert not lead.customer_events.exists()


def test_deal_states_are_three():
    assert [state.value for state in DealState] == ["OPEN", "WON", "LOST"]
