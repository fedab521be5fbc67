"""Two who convert one lead at once: one opportunity, the other is told who was first."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leads.enums import Disposition, LifecycleStage
from leads.models import CustomerEvent, Lead, Opportunity
from leads.moving import MovesRefused
from leads.services.deals import (
    DealFacts,
    Win,
    change_opportunity,
    convert_lead,
    win_opportunity,
)
from leads.services.deals.changing import lock_open_deal
from leads.services.undoing import undo
from smarketing.errors import NotFound, Refused
from tests.conftest import AT
from tests.leads.deals.deal_records import deal_of, sql_of
from tests.leads.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
S, D = LifecycleStage, Disposition


def caught(work):
    """Return what `work` returns, or how it was refused."""
    try:
        return work()
    except (Refused, NotFound) as refused:
        return refused


def test_twenty_rounds_of_two_converters_make_twenty_opportunities(rep, manager_sales):
    people = (rep, manager_sales)
    for n in range(20):
        lead = sql_of(rep, f"p{n}@acme.example")
        tries = [
            partial(
                convert_lead, lead.pk, DealFacts(amount=Decimal(i)), actor=who, at=AT,
                reason_note="The fair",
            )
            for i, who in enumerate(people, start=1)
        ]  # fmt: skip
        results = at_once(*tries)
        lost = [r for r in results if isinstance(r, MovesRefused)]
        assert len(lost) == 1
        winner = people[1 - results.index(lost[0])]
        deal = Opportunity.objects.get(lead=lead)
        assert (deal.is_first, deal.amount) == (True, Decimal(1 + people.index(winner)))
        assert str(lost[0]) == f"{winner.name} has already moved this lead to Opportunity."
        moved = lead.transitions.filter(to_stage=S.OPPORTUNITY)
        assert [row.actor for row in moved] == [winner]


def test_two_who_win_one_deal_make_one_customer(rep, manager_sales):
    deal = deal_of(rep)
    tries = [
        partial(caught, partial(win_opportunity, deal.pk, Win(note="x"), actor=who, at=AT))
        for who in (rep, manager_sales)
    ]
    results = at_once(*tries)
    lost = [r for r in results if isinstance(r, Refused)]
    assert len(lost) == 1
    winner = (rep, manager_sales)[1 - results.index(lost[0])]
    assert str(lost[0]) == f"{winner.name} has already closed this opportunity: Won."
    lead = Lead.objects.get(pk=deal.lead_id)
    assert (lead.stage, lead.disposition) == (S.CUSTOMER, D.WON)
    assert not CustomerEvent.objects.exists()


def test_of_two_who_edit_one_deal_the_second_is_told_who_was_first(rep, manager_sales):
    people = (rep, manager_sales)
    for n in range(20):
        deal = deal_of(rep, email=f"p{n}@acme.example")
        tries = [
            partial(
                caught,
                partial(
                    change_opportunity, deal.pk, DealFacts(amount=Decimal(i), currency="EUR"),
                    version=deal.version, actor=who, at=AT,
                ),
            )
            for i, who in enumerate(people, start=1)
        ]  # fmt: skip
        results = at_once(*tries)
        (lost,) = [r for r in results if isinstance(r, Refused)]
        winner = people[1 - results.index(lost)]
        assert lost.code == "changed_meanwhile"
        assert str(lost).startswith(f"{winner.name} has changed this opportunity")
        deal.refresh_from_db()
        assert (deal.amount, deal.changed_by) == (Decimal(1 + people.index(winner)), winner)


def test_a_conversion_is_undone_or_its_deal_edited_never_both(rep, manager_sales):
    for n in range(20):
        lead = sql_of(rep, f"p{n}@acme.example")
        done = convert_lead(lead.pk, DealFacts(amount=Decimal(1)), actor=rep, at=AT)
        facts = DealFacts(amount=Decimal(2), currency="EUR")
        edit = partial(
            change_opportunity, done.deal.pk, facts, version=None, actor=manager_sales, at=AT
        )
        back = partial(undo, done.action.pk, actor=rep, at=AT)
        results = at_once(partial(caught, back), partial(caught, edit))
        kept = list(Opportunity.objects.filter(lead=lead).values_list("amount", flat=True))
        lead.refresh_from_db()
        if isinstance(results[0], Refused):
            assert (results[0].code, kept, lead.stage) == (
                "acted_meanwhile", [Decimal(2)], S.OPPORTUNITY,
            )  # fmt: skip
        else:
            assert isinstance(results[1], NotFound)
            assert (kept, lead.stage) == ([], S.SQL)


def test_the_lock_takes_the_row_of_the_deal_alone(rep):
    deal = deal_of(rep)
    with CaptureQueriesContext(connection) as made, transaction.atomic():
        lock_open_deal(deal.pk, deal.version, rep)
    (lock,) = [one["sql"] for one in made if "FOR UPDATE" in one["sql"]]
    assert ("JOIN" in lock, lock.endswith('FOR UPDATE OF "leads_opportunity"')) == (False, True)
