"""Pools, rules and people of Sales for the tests of routing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.enums import Role
from accounts.models import Team, User
from leads.models import Assignment, Lead, PoolMember, RoutingPool, RoutingRule
from leads.selectors.avoiding import reps_to_avoid
from leads.selectors.house import funnel_settings
from leads.services.placing import place_new_mqls
from tests.conftest import AT
from tests.factories import member

REPS = ("bruno", "greta", "hugo", "irene")


def reps(team: Team, *logins: str) -> list[User]:
    """Reps of the team, by the first part of their addresses."""
    return [
        member(f"{login}@acme.test", Role.REP, team=team, name=login.title())
        for login in logins or REPS
    ]


def pool_of(
    *people: User,
    name: str = "Everyone",
    weights: Sequence[int] = (),
    capacity: int | None = None,
    **fields: Any,
) -> RoutingPool:
    """A pool of the people, weight 1 unless told."""
    pool = RoutingPool.objects.create(name=name, **fields)
    PoolMember.objects.bulk_create(
        PoolMember(pool=pool, user=user, weight=weight, capacity=capacity)
        for user, weight in zip(people, weights or [1] * len(people), strict=True)
    )
    return pool


def rule_for(
    pool: RoutingPool, *conditions: Mapping[str, Any], position: int = 1, **fields: Any
) -> RoutingRule:
    """A rule that sends leads to the pool; without conditions it takes all."""
    fields.setdefault("name", f"To {pool.name}")
    return RoutingRule.objects.create(
        pool=pool, position=position, conditions=list(conditions), **fields
    )


def country(name: str) -> dict[str, Any]:
    """The condition that a contact comes from a country."""
    return {"kind": "equals", "field": "contact.country", "value": name}


def placed(*leads: Lead, avoid: Mapping[int, frozenset[int]] | None = None) -> list[Assignment]:
    """Place the leads now as the gate does, unwritten."""
    if avoid is None:
        avoid = reps_to_avoid(leads, settings=funnel_settings(), at=AT)
    return place_new_mqls(leads, actor=None, at=AT, avoid=avoid)
