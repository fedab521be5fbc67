"""The demo's pools and rules: reps take turns in their country, large accounts go to two."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from accounts.models import Notice, NoticeDelivery, User
from leads.models import Company, PoolMember, RoutingPool, RoutingRule
from leads.services.assignment_notices import LEAD_ASSIGNED, LEADS_UNPLACED

# pool: (prefers people at work, [(sign-in name, weight, most open leads)])
POOLS: dict[str, tuple[bool, list[tuple[str, int, int | None]]]] = {
    "Italy": (False, [("andrea.galli", 1, 12), ("sara.esposito", 1, 6)]),
    "Spain": (False, [("javier.ortega", 2, None), ("nuria.vidal", 1, None)]),
    "France": (True, [("antoine.mercier", 1, 10), ("elodie.garnier", 1, 10)]),
    "Large accounts": (False, [("sara.esposito", 1, 6), ("javier.ortega", 1, 12)]),
}
LARGE = 700
# rule, pool, conditions; asked in this order
RULES: list[tuple[str, str, list[dict[str, Any]]]] = [
    (
        "Large companies in Italy and Spain",
        "Large accounts",
        [
            {"kind": "at_least", "field": "company.employees", "value": LARGE},
            {"kind": "in", "field": "contact.country", "value": ["Italy", "Spain"]},
        ],
    ),
    ("Italy", "Italy", [{"kind": "equals", "field": "contact.country", "value": "Italy"}]),
    ("Spain", "Spain", [{"kind": "equals", "field": "contact.country", "value": "Spain"}]),
    ("France", "France", [{"kind": "equals", "field": "contact.country", "value": "France"}]),
]
# Accounts that somebody has looked after for years.
COMPANY_OWNERS = {
    "Latteria Collina": "andrea.galli",
    "Cervezas Moncayo": "nuria.vidal",
    "Papeteries de l’Isère": "elodie.garnier",
}


def load_routing(users: Mapping[str, User]) -> None:
    """Load pools, rules and owners of companies; `users` by sign-in name."""
    pools = {
        name: RoutingPool.objects.create(name=name, in_working_hours=minds)
        for name, (minds, _people) in POOLS.items()
    }
    PoolMember.objects.bulk_create(
        PoolMember(pool=pools[name], user=users[login], weight=weight, capacity=capacity)
        for name, (_minds, people) in POOLS.items()
        for login, weight, capacity in people
    )
    RoutingRule.objects.bulk_create(
        RoutingRule(
            name=name,
            position=position,
            pool=pools[pool],
            conditions=[{**one, "required": True} for one in conditions],
        )
        for position, (name, pool, conditions) in enumerate(RULES, start=1)
    )
    for company, login in COMPANY_OWNERS.items():
        Company.objects.filter(name=company).update(owner=users[login])


def quieten(at: datetime) -> None:
    """What the demo's year told is read, but for the last days; none of it is mailed to anyone."""
    NoticeDelivery.objects.filter(due_at__lte=at + timedelta(minutes=1)).delete()
    past = Notice.objects.filter(read_at=None, created_at__lt=at - timedelta(days=2))
    past.filter(kind__in=[LEAD_ASSIGNED, LEADS_UNPLACED]).update(read_at=F("created_at"))
