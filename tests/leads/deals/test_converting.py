"""SQL → OPPORTUNITY: whole, once, by one person; and deals follow every other door."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from leads.enums import Cause, CloseReason, Disposition, LifecycleStage
from leads.models import DealStep, Opportunity, ProductLine
from leads.models.opportunities import DealState
from leads.moving import Move, MovesRefused, Step
from leads.services.deals import DealFacts, add_opportunity, convert_lead
from leads.services.moves import move_leads
from smarketing.errors import BadInput, NotAllowed, Refused
from tests.conftest import AT
from tests.factories import member
from tests.leads.deals.deal_records import TEN, deal_facts, deal_of, one_more, sql_of
from tests.leads.records import facts, lead_at

pytestmark = pytest.mark.django_db
S = LifecycleStage


def test_a_conversion_moves_the_lead_and_makes_its_first_deal(rep):
    line = ProductLine.objects.create(name="Valves", key="valves")
    lead = sql_of(rep, product_line_id=line.pk)
    told = DealFacts(amount=TEN, currency="EUR", expected_close_on=date(2026, 6, 1), note="Keen")
    deal = convert_lead(lead.pk, told, actor=rep, at=AT).deal
    lead.refresh_from_db()
    assert (lead.stage, lead.opportunity_at) == (S.OPPORTUNITY, AT)
    deal.refresh_from_db()
    assert (deal.is_first, deal.state, deal.amount, deal.currency) == (True, "OPEN", TEN, "EUR")
    assert (deal.owner, deal.product_line, deal.opened_at, deal.changed_by) == (rep, line, AT, rep)
    assert deal.step == DealStep.objects.filter(is_active=True).first()
    assert (deal.expected_close_on, deal.note) == (date(2026, 6, 1), "Keen")


def test_twice_gives_one_deal_and_names_who_was_first(rep, manager_sales):
    deal = deal_of(rep)
    before = deal_facts(deal.lead)
    with pytest.raises(MovesRefused) as refused:
        convert_lead(
            deal.lead_id, DealFacts(amount=Decimal(5)), actor=manager_sales, at=AT, reason_note="x"
        )
    assert str(refused.value) == "Bruno Conti has already moved this lead to Opportunity."
    assert deal_facts(deal.lead) == before


@pytest.mark.parametrize("who", ["marketer", "facilitator", "administrator", "newcomer"])
def test_converting_is_for_sales(who, rep, request):
    lead = sql_of(rep)
    before = facts(lead)
    with pytest.raises(MovesRefused):
        convert_lead(lead.pk, DealFacts(), actor=request.getfixturevalue(who), at=AT)
    assert (facts(lead), deal_facts(lead)) == (before, [])


def test_a_manager_converts_with_a_note(rep, manager_sales):
    lead = sql_of(rep)
    with pytest.raises(MovesRefused) as refused:
        convert_lead(lead.pk, DealFacts(), actor=manager_sales, at=AT)
    assert refused.value.code == "note_needed"
    deal = convert_lead(
        lead.pk, DealFacts(), actor=manager_sales, at=AT, reason_note="Bruno is away"
    ).deal
    assert deal.owner == rep


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": Decimal("-1")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal("1e999")}, "amount"),
        ({"amount": Decimal("9" * 30)}, "amount"),
        ({"amount": Decimal("1.001")}, "amount"),
        ({"currency": "EURO"}, "currency"),
        ({"currency": "XXQ"}, "currency"),
        ({"expected_close_on": date(1, 1, 1)}, "expected_close_on"),
        ({"expected_close_on": date(9999, 12, 31)}, "expected_close_on"),
        ({"step_id": 10**12}, "step"),
        ({"product_line_id": 10**12}, "product_line"),
        ({"owner_id": 10**12}, "owner"),
        ({"name": "x" * 151}, "name"),
    ],
)
def test_what_no_deal_can_be_is_refused_at_its_field(wrong, field, rep):
    lead = sql_of(rep)
    before = facts(lead)
    with pytest.raises(BadInput) as refused:
        convert_lead(lead.pk, DealFacts(**wrong), actor=rep, at=AT)
    assert list(refused.value.fields) == [field]
    assert (facts(lead), deal_facts(lead)) == (before, [])


def test_more_deals_may_be_added_but_only_after_the_conversion(rep):
    lead = sql_of(rep, "bea@acme.example")
    with pytest.raises(Refused) as refused:
        add_opportunity(lead.pk, DealFacts(), actor=rep, at=AT)
    assert refused.value.code == "not_converted"
    deal = deal_of(rep)
    other = one_more(deal, rep, amount=Decimal(500))
    assert (other.is_first, other.owner, other.amount) == (False, rep, Decimal(500))
    assert Opportunity.objects.filter(lead=deal.lead, is_first=True).count() == 1


def test_a_stranger_adds_no_deal(rep, marketer, sales):
    greta = member("greta@acme.test", Role.REP, team=sales, name="Greta Villa")
    deal = deal_of(rep)
    for who, code in ((greta, "not_owner"), (marketer, "wrong_side")):
        with pytest.raises(NotAllowed) as refused:
            one_more(deal, who)
        assert refused.value.code == code


# --- deals follow the lead through every other door ----------------------------------------------


def test_a_move_made_at_another_door_makes_wins_and_loses_deals_too(rep, manager_sales):
    lead = sql_of(rep)
    move_leads([Move(lead_id=lead.pk, to_stage=S.OPPORTUNITY, actor=rep)], at=AT)
    deal = lead.opportunities.get()
    assert (deal.is_first, deal.state, deal.owner) == (True, DealState.OPEN, rep)
    move_leads([Move(lead_id=lead.pk, to_stage=S.CUSTOMER, actor=rep)], at=AT)
    deal.refresh_from_db()
    assert (deal.state, deal.closed_at, deal.rate) == (DealState.WON, AT, Decimal(1))


def test_a_skip_to_customer_has_one_won_deal(rep, manager_sales):
    lead = lead_at(S.SAL, owner=rep)
    move = Move(lead_id=lead.pk, to_stage=S.CUSTOMER, actor=manager_sales, note="Signed at once")
    move_leads([move], at=AT)
    deal = lead.opportunities.get()
    assert (deal.is_first, deal.state, deal.closed_at) == (True, DealState.WON, AT)


def test_closing_the_lead_as_lost_loses_every_open_deal(rep):
    deal = deal_of(rep)
    one_more(deal, rep)
    move = Move(
        lead_id=deal.lead_id, disposition=Disposition.LOST, reason=CloseReason.PRICE, actor=rep,
        note="Half of ours",
    )  # fmt: skip
    move_leads([move], at=AT + timedelta(hours=1))
    rows = deal.lead.opportunities.values_list("state", "reason", "closed_at")
    assert list(rows) == [("LOST", "price", AT + timedelta(hours=1))] * 2


def test_history_makes_no_deals_by_itself(rep):
    lead = lead_at(S.SQL, owner=rep)
    step = {"cause": Cause.IMPORT, "effective_at": AT}
    move_leads([Move(lead_id=lead.pk, to_stage=S.OPPORTUNITY, **step)], at=AT)
    assert not lead.opportunities.exists()
    assert Step(cause=Cause.IMPORT).is_history


@pytest.mark.parametrize("many", [1, 3])
def test_deals_follow_at_a_price_that_does_not_grow(many, rep):
    leads = [sql_of(rep, f"p{n}@acme.example") for n in range(many)]
    moves = [Move(lead_id=lead.pk, to_stage=S.OPPORTUNITY, actor=rep) for lead in leads]
    with CaptureQueriesContext(connection) as captured:
        move_leads(moves, at=AT)
    assert len([q for q in captured if '"leads_opportunity"' in q["sql"]]) == 2
