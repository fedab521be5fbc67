"""While no agreement is in force, the page names who will sign it and what is missing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import TeamKind
from accounts.models import Organisation, User
from sla.selectors.parties import parties


def test_without_teams_nobody_can_sign(organisation: Organisation) -> None:
    assert [(p.kind, p.team, p.can_sign) for p in parties()] == [
        (TeamKind.MARKETING, None, False),
        (TeamKind.SALES, None, False),
    ]


def test_the_active_heads_of_both_roots_sign(
    manager_marketing: User,
    manager_sales: User,
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture that is called
        marketing, sales = parties()
    assert marketing.team is not None
    assert sales.team is not None
    assert (marketing.team.head, sales.team.head) == (manager_marketing, manager_sales)
    assert (marketing.can_sign, sales.can_sign) == (True, True)


def test_a_head_who_has_left_cannot_sign(manager_sales: User, at: object) -> None:
    User.objects.filter(pk=manager_sales.pk).update(is_active=False, deactivated_at=at)
    assert [party.can_sign for party in parties()] == [False, False]


def test_the_administrator_is_led_to_what_is_missing(
    client: Client, administrator: User, rep: User
) -> None:
    client.force_login(administrator)
    words = client.get(reverse("agreement")).content.decode()
    assert "Name the heads" in words
    assert "Sales has no head yet, so nobody can sign for it." in words

    client.force_login(rep)
    assert "Name the heads" not in client.get(reverse("agreement")).content.decode()
