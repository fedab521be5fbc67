"""What a person takes back within the window takes its deals along."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from leads.enums import Disposition, LifecycleStage
from leads.models import DealStep, Lead, Opportunity, StageTransition, UndoableAction
from leads.moving import Move
from leads.services.deals import (
    DealFacts,
    Loss,
    Win,
    change_opportunity,
    convert_lead,
    lose_opportunity,
)
from leads.services.deals import win_opportunity as win
from leads.services.moves import move_leads
from leads.services.undoing import undo
from smarketing.errors import Refused
from tests.conftest import AT
from tests.leads.deals.deal_records import TEN, deal_of, one_more, sql_of

pytestmark = pytest.mark.django_db
SOON, LATER = AT + timedelta(seconds=5), AT + timedelta(days=9)


def test_an_undone_conversion_leaves_no_deal(rep):
    lead = sql_of(rep)
    outcome = convert_lead(lead.pk, DealFacts(amount=TEN), actor=rep, at=AT)
    undo(outcome.action.pk, actor=rep, at=SOON)
    lead.refresh_from_db()
    assert (lead.stage, lead.opportunity_at) == (LifecycleStage.SQL, None)
    assert not Opportunity.objects.exists()
    again = convert_lead(lead.pk, DealFacts(amount=TEN), actor=rep, at=LATER).deal
    assert again.is_first


@pytest.mark.parametrize("kind", ["won", "lost"])
def test_an_undone_close_opens_the_deal_again(kind, rep):
    deal = deal_of(rep)
    at = LATER
    loss = Loss(reason="price", try_again_on=(at + timedelta(days=30)).date())
    if kind == "won":
        outcome = win(deal.pk, Win(), actor=rep, at=at)
    else:
        outcome = lose_opportunity(deal.pk, loss, actor=rep, at=at)
    undo(outcome.action.pk, actor=rep, at=at + timedelta(seconds=5))
    lead = Lead.objects.get(pk=deal.lead_id)
    assert (lead.stage, lead.disposition) == (LifecycleStage.OPPORTUNITY, Disposition.OPEN)
    deal.refresh_from_db()
    assert (deal.state, deal.closed_at, deal.rate, deal.reason, deal.try_again_on) == (
        "OPEN", None, None, "", None,
    )  # fmt: skip
    assert deal.amount == TEN


NOTED = {"note": "Wants it in May", "expected_close_on": (AT + timedelta(days=40)).date()}


def deal_row(deal: Opportunity) -> dict:
    """The deal as stored; who wrote it last, when and how often aside."""
    written = ("version", "changed_by_id", "changed_at")
    row = Opportunity.objects.filter(pk=deal.pk).values().get()
    return {name: value for name, value in row.items() if name not in written}


@pytest.mark.parametrize("kind", ["won", "won as it was", "lost"])
def test_an_undone_close_leaves_the_deal_as_it_was(kind, rep):
    deal = deal_of(rep, step_id=DealStep.objects.order_by("-position")[0].pk, **NOTED)
    before, version = deal_row(deal), deal.version
    told = {"amount": Decimal("12500.50"), "note": "With the service contract"}
    if kind == "lost":
        loss = Loss(reason="price", note="Too dear")
        outcome = lose_opportunity(deal.pk, loss, actor=rep, at=LATER)
    else:
        outcome = win(deal.pk, Win(**(told if kind == "won" else {})), actor=rep, at=LATER)
    assert deal_row(deal) != before
    undo(outcome.action.pk, actor=rep, at=LATER + timedelta(seconds=5))
    assert deal_row(deal) == before
    deal.refresh_from_db()
    assert deal.version == version + 2


def test_an_amount_that_only_the_win_told_is_unknown_again(rep):
    deal = deal_of(rep, amount=None)
    outcome = win(deal.pk, Win(amount=TEN), actor=rep, at=LATER)
    undo(outcome.action.pk, actor=rep, at=LATER + timedelta(seconds=5))
    deal.refresh_from_db()
    assert (deal.amount, deal.state) == (None, "OPEN")


def test_of_a_lost_lead_every_deal_is_as_it_was(rep):
    deal = deal_of(rep, **NOTED)
    other = one_more(deal, rep, currency="EUR", note="The second plant")
    before = [deal_row(deal), deal_row(other)]
    move = Move(
        lead_id=deal.lead_id, disposition=Disposition.LOST, reason="price", note="Gone", actor=rep
    )
    outcome = move_leads([move], at=LATER)
    assert {row["note"] for row in (deal_row(deal), deal_row(other))} == {"Gone"}
    undo(outcome.action.pk, actor=rep, at=LATER + timedelta(seconds=5))
    assert [deal_row(deal), deal_row(other)] == before


def refused(action, rep, at) -> str:
    """Show that the refused undo changed nothing; return its words."""
    rows = (Opportunity, Lead, StageTransition, UndoableAction)
    before = [list(model.objects.order_by("pk").values()) for model in rows]
    with pytest.raises(Refused) as no:
        undo(action.pk, actor=rep, at=at)
    assert [list(model.objects.order_by("pk").values()) for model in rows] == before
    assert no.value.code == "acted_meanwhile"
    return str(no.value)


DARIO = "Dario Greco has worked on this lead meanwhile, so it can no longer be undone."


def edit(deal: Opportunity, who, at) -> None:
    facts = DealFacts(amount=Decimal(9000), currency="EUR")
    change_opportunity(deal.pk, facts, version=None, actor=who, at=at)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=4), timedelta(seconds=5)])
def test_a_deal_that_a_colleague_has_changed_stays(late, rep, manager_sales):
    done = convert_lead(sql_of(rep).pk, DealFacts(amount=TEN), actor=rep, at=AT)
    edit(done.deal, manager_sales, AT + late)
    assert refused(done.action, rep, SOON) == DARIO


def test_a_deal_of_a_move_that_a_colleague_has_changed_stays(rep, manager_sales):
    move = Move(lead_id=sql_of(rep).pk, to_stage=LifecycleStage.OPPORTUNITY, actor=rep)
    action = move_leads([move], at=AT).action
    edit(Opportunity.objects.get(), manager_sales, AT)
    assert refused(action, rep, SOON) == DARIO


def test_a_deal_that_a_colleague_has_added_stays(rep, manager_sales):
    done = convert_lead(sql_of(rep).pk, DealFacts(amount=TEN), actor=rep, at=AT)
    one_more(done.deal, manager_sales, currency="EUR")
    assert refused(done.action, rep, SOON) == DARIO


def test_a_win_stays_when_a_colleague_works_on_another_deal_of_the_lead(rep, manager_sales):
    deal = deal_of(rep)
    other = one_more(deal, rep, currency="EUR")
    done = win(deal.pk, Win(), actor=rep, at=LATER)
    edit(other, manager_sales, LATER)
    assert refused(done.action, rep, LATER + timedelta(seconds=5)) == DARIO


def test_what_a_colleague_did_before_holds_nothing(rep, manager_sales):
    deal = deal_of(rep)
    other = one_more(deal, rep, currency="EUR")
    edit(other, manager_sales, LATER - timedelta(microseconds=1))
    done = win(deal.pk, Win(), actor=rep, at=LATER)
    undo(done.action.pk, actor=rep, at=LATER)
    deal.refresh_from_db()
    other.refresh_from_db()
    assert (deal.state, other.amount) == ("OPEN", Decimal(9000))


def test_ones_own_edit_goes_with_the_conversion(rep):
    done = convert_lead(sql_of(rep).pk, DealFacts(amount=TEN), actor=rep, at=AT)
    edit(done.deal, rep, AT)
    undo(done.action.pk, actor=rep, at=SOON)
    assert not Opportunity.objects.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_an_undone_loss_costs_the_same_for_one_and_for_three(many, rep, django_assert_num_queries):
    deals = [deal_of(rep, email=f"p{n}@acme.example") for n in range(many)]
    moves = [
        Move(lead_id=deal.lead_id, disposition=Disposition.LOST, reason="price", actor=rep)
        for deal in deals
    ]
    outcome = move_leads(moves, at=LATER)
    # begin, action, settings, leads, activities, deals, disputes, transitions, leads, rows back,
    # voided, first MQL, assignments, feedback, action, those who hear of it, end
    with django_assert_num_queries(20):
        undo(outcome.action.pk, actor=rep, at=LATER)
