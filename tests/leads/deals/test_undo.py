"""What a person takes back within the window takes its deals along."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads.enums import Disposition, LifecycleStage
from leads.models import Lead, Opportunity
from leads.services.deals import DealFacts, Loss, Win, convert_lead, lose_opportunity
from leads.services.deals import win_opportunity as win
from leads.services.undoing import undo
from tests.conftest import AT
from tests.leads.deals.deal_records import TEN, deal_of, sql_of

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
