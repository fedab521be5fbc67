"""Balances say how leads stand now: open ones by stage, as the reader may see."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from leads.enums import Disposition, LifecycleStage
from leads.selectors.balances import stage_balances
from tests.leads.records import lead_at

pytestmark = pytest.mark.django_db


def test_open_leads_are_counted_by_stage_in_one_query(
    marketer: User, newcomer: User, django_assert_num_queries: Any
) -> None:
    lead_at(LifecycleStage.MQL, email="a@acme.example")
    lead_at(LifecycleStage.MQL, email="b@acme.example")
    lead_at(LifecycleStage.CUSTOMER, Disposition.WON, email="c@acme.example")
    lead_at(LifecycleStage.SQL, Disposition.LOST, email="d@acme.example")
    lead_at(LifecycleStage.SQL, email="e@acme.example")
    stage_balances(marketer)  # the person's standing is read once
    with django_assert_num_queries(1):
        balances = stage_balances(marketer)
    assert [(balance.stage.value, balance.count) for balance in balances] == [
        ("LEAD", 0), ("MQL", 2), ("SAL", 0), ("SQL", 1), ("OPPORTUNITY", 0),
    ]  # fmt: skip
    assert {balance.count for balance in stage_balances(newcomer)} == {0}
