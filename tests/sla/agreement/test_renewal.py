"""The agreement is looked at again every so often: a reminder, an overdue mark, a word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Notice, User
from sla.renewal import renewal_of
from sla.services.renewing import RENEWAL, confirm_renewal, remind_of_renewal
from smarketing.errors import Refused
from tests.conftest import AT
from tests.sla.agreement.drafts import proposed_by, signed_by

DUE = datetime(2026, 6, 3, 10, 0, tzinfo=UTC)  # three months after AT
WEEK, TICK = timedelta(days=7), timedelta(microseconds=1)


def test_it_is_near_a_week_before_and_overdue_after(
    manager_marketing: User, manager_sales: User
) -> None:
    version = signed_by(manager_marketing, manager_sales)
    stands = []
    for at in (DUE - WEEK - TICK, DUE - WEEK, DUE, DUE + TICK):
        renewal = renewal_of(version, at)
        assert renewal is not None
        stands.append((renewal.due_at, renewal.is_near, renewal.is_overdue))
    assert stands == [
        (DUE, False, False),
        (DUE, True, False),
        (DUE, True, False),
        (DUE, True, True),
    ]


def test_both_heads_are_told_once(manager_marketing: User, manager_sales: User) -> None:
    signed_by(manager_marketing, manager_sales)
    assert remind_of_renewal(at=DUE - WEEK - TICK) == 0
    assert not Notice.objects.filter(kind=RENEWAL).exists()
    for at in (DUE - WEEK, DUE, DUE + WEEK):
        assert remind_of_renewal(at=at) == 1
    told = Notice.objects.filter(kind=RENEWAL).values_list("recipient", flat=True)
    assert sorted(told) == sorted([manager_marketing.pk, manager_sales.pk])


def test_the_word_that_it_holds_plans_the_next_look(
    manager_marketing: User, manager_sales: User
) -> None:
    version = signed_by(manager_marketing, manager_sales)
    held = confirm_renewal(version, actor=manager_sales, at=DUE)
    renewal = renewal_of(held, DUE)
    assert renewal is not None
    assert (renewal.due_at, renewal.is_near) == (datetime(2026, 9, 3, 10, 0, tzinfo=UTC), False)


def test_only_what_is_in_force_is_looked_at(manager_marketing: User, manager_sales: User) -> None:
    version = proposed_by(manager_marketing)
    with pytest.raises(Refused) as refusal:
        confirm_renewal(version, actor=manager_sales, at=AT)
    version.refresh_from_db()
    assert (refusal.value.code, version.renewal_checked_at) == ("not_in_force", None)
