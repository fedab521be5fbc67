"""Balances say how leads stand now: open ones by stage, all by source, as the reader may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.models import Source
from leads.selectors.balances import stage_balances
from reporting.selectors import SourceBalance, source_balances
from tests.leads.records import lead_at


@pytest.fixture
def five_leads(db: None) -> Source:
    """Two open leads and a customer from the fair, a lost and an open one from nowhere."""
    fair = Source.objects.create(name="Trade fair", key="trade fair")
    lead_at(LifecycleStage.MQL, email="a@acme.example", source_id=fair.pk)
    lead_at(LifecycleStage.MQL, email="b@acme.example", source_id=fair.pk)
    lead_at(LifecycleStage.CUSTOMER, Disposition.WON, email="c@acme.example", source_id=fair.pk)
    lead_at(LifecycleStage.SQL, Disposition.LOST, email="d@acme.example")
    lead_at(LifecycleStage.SQL, email="e@acme.example")
    return fair


def test_open_leads_are_counted_by_stage_in_one_query(
    five_leads: Source, marketer: User, django_assert_num_queries: Any
) -> None:
    stage_balances(marketer)  # the person's standing is read once
    with django_assert_num_queries(1):
        balances = stage_balances(marketer)
    assert [(balance.stage.value, balance.count) for balance in balances] == [
        ("LEAD", 0),
        ("MQL", 2),
        ("SAL", 0),
        ("SQL", 1),
        ("OPPORTUNITY", 0),
    ]


def test_sources_show_all_open_and_won_in_one_query(
    five_leads: Source, marketer: User, django_assert_num_queries: Any
) -> None:
    source_balances(marketer)
    with django_assert_num_queries(1):
        balances = source_balances(marketer)
    assert balances == [
        SourceBalance(five_leads.pk, "Trade fair", leads=3, open=2, customers=1),
        SourceBalance(None, None, leads=2, open=1, customers=0),
    ]


def test_a_person_without_a_role_counts_nothing(five_leads: Source, newcomer: User) -> None:
    assert {balance.count for balance in stage_balances(newcomer)} == {0}
    assert source_balances(newcomer) == []


def test_the_page_tells_the_figures_in_words_and_in_a_table(
    five_leads: Source, client: Client, marketer: User
) -> None:
    client.force_login(marketer)
    words = client.get(reverse("reports")).content.decode()
    assert "<strong>3</strong> leads are open in the funnel now." in words
    assert f'href="{reverse("lead-list")}?source={five_leads.pk}"' in words


def test_without_leads_the_page_says_so(client: Client, marketer: User) -> None:
    client.force_login(marketer)
    assert "No figures yet" in client.get(reverse("reports")).content.decode()


def test_reviews_name_their_chair(client: Client, marketer: User, facilitator: User) -> None:
    client.force_login(marketer)
    assert "Elena Fontana" in client.get(reverse("reviews")).content.decode()
