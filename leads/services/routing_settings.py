"""Pools and rules as managers and administrators set them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import standing
from leads.criteria import CriterionKind
from leads.criteria_validation import Terms, read_valid
from leads.models import PoolMember, RoutingPool, RoutingRule
from leads.rules import manages_routing
from leads.selectors.terms import terms
from smarketing.errors import BadInput, NotAllowed, Refused

# A rule decides at once, so it asks nothing of a person.
KINDS = frozenset(CriterionKind) - {CriterionKind.QUESTION}
MOST_WEIGHT, MOST_CAPACITY = 100, 100_000
RULES_LOCK = 7_301_544  # any fixed number: the order of rules is changed by one at a time


@dataclass(frozen=True)
class Place:
    """A person's place in a pool: his weight (1-100), the most open leads (None: no limit)."""

    user_id: int
    weight: int = 1
    capacity: int | None = None


def terms_of_rules() -> Terms:
    """Return what the conditions of a rule may ask; two statements."""
    return terms(KINDS)


@transaction.atomic
def save_pool(
    pool: RoutingPool,
    *,
    name: str,
    in_working_hours: bool,
    places: Sequence[Place],
    by: User,
) -> RoutingPool:
    """Store a pool and who is in it; whoever stays keeps his turn.

    Raises NotAllowed without the right, BadInput (`name`, `people`) for a name in use, a person
    twice, or numbers out of range. Waits for whoever picks from the pool at this moment.
    """
    _hold(by)
    _check(name, places)
    if pool.pk:
        RoutingPool.objects.select_for_update().get(pk=pool.pk)
    pool.name, pool.in_working_hours = name.strip(), in_working_hours
    try:
        with transaction.atomic():
            _store_pool(pool)
    except IntegrityError:
        taken = _("Another pool has this name.")
        raise BadInput(_("The pool was not saved."), fields={"name": [taken]}) from None
    pool.members.exclude(user_id__in=[place.user_id for place in places]).delete()
    PoolMember.objects.bulk_create(
        [
            PoolMember(pool=pool, user_id=one.user_id, weight=one.weight, capacity=one.capacity)
            for one in places
        ],
        update_conflicts=True,
        unique_fields=["pool", "user"],
        update_fields=["weight", "capacity"],
    )
    return pool


def remove_pool(pool: RoutingPool, *, by: User) -> None:
    """Remove a pool; raises NotAllowed without the right, Refused while a rule leads to it."""
    _hold(by)
    try:
        pool.delete()
    except ProtectedError:
        rules = ", ".join(pool.rules.values_list("name", flat=True))
        message = _("Rules lead to this pool: %(rules)s. Change or remove them first.")
        raise Refused(message % {"rules": rules}, code="pool_in_use") from None


@transaction.atomic
def save_rule(
    rule: RoutingRule,
    *,
    name: str,
    pool: RoutingPool,
    conditions: Sequence[dict[str, Any]],
    is_active: bool,
    by: User,
) -> RoutingRule:
    """Store a rule; a new one is asked last.

    All conditions must be met, so each is stored as required. Raises NotAllowed without the right,
    BadInput (`name`, `conditions`) for what cannot be checked.
    """
    _hold(by)
    if not name.strip():
        raise BadInput(_("The rule was not saved."), fields={"name": [_("Give it a name.")]})
    wanted = [{**one, "required": True} for one in conditions]
    known = read_valid(wanted, terms_of_rules(), name="conditions")
    rule.name, rule.pool, rule.is_active = name.strip(), pool, is_active
    rule.conditions = [one.to_json() for one in known]
    if not rule.pk:
        _lock_order()
        rule.position = _last_position() + 1
        rule.save()
    else:
        rule.save(update_fields=["name", "pool", "is_active", "conditions"])
    return rule


def use_rule(rule: RoutingRule, *, in_use: bool, by: User) -> None:
    """Ask a rule again, or no longer; it keeps its place. Raises NotAllowed without the right."""
    _hold(by)
    rule.is_active = in_use
    rule.save(update_fields=["is_active"])


@transaction.atomic
def move_rule(rule_id: int, *, up: bool, by: User) -> None:
    """Let a rule be asked one place earlier or later; at the end of the list nothing changes.

    Raises NotAllowed without the right. Positions are numbered anew, so they never collide.
    """
    _hold(by)
    _lock_order()
    rows = list(RoutingRule.objects.select_for_update().order_by("position", "id"))
    here = next((n for n, row in enumerate(rows) if row.pk == rule_id), None)
    if here is None:
        return
    there = min(max(here + (-1 if up else 1), 0), len(rows) - 1)
    rows[here], rows[there] = rows[there], rows[here]
    for position, row in enumerate(rows, start=1):
        row.position = position
    RoutingRule.objects.bulk_update(rows, ["position"])


def remove_rule(rule: RoutingRule, *, by: User) -> None:
    """Remove a rule; assignments it made keep its name. Raises NotAllowed without the right."""
    _hold(by)
    rule.delete()


def _hold(by: User) -> None:
    if not manages_routing(standing(by)):
        raise NotAllowed(_("Pools and rules are for managers and administrators to set."))


def _check(name: str, places: Sequence[Place]) -> None:
    wrong: dict[str, list[str]] = {}
    if not name.strip():
        wrong["name"] = [_("Give it a name.")]
    if len({place.user_id for place in places}) < len(places):
        wrong["people"] = [_("Somebody is named twice.")]
    if any(not 1 <= place.weight <= MOST_WEIGHT for place in places):
        wrong["people"] = [_("A weight lies between 1 and %(n)d.") % {"n": MOST_WEIGHT}]
    if any(not 0 <= (place.capacity or 0) <= MOST_CAPACITY for place in places):
        wrong["people"] = [_("At most %(n)d open leads.") % {"n": MOST_CAPACITY}]
    if wrong:
        raise BadInput(_("The pool was not saved."), fields=wrong)


def _store_pool(pool: RoutingPool) -> None:
    if pool.pk:
        pool.save(update_fields=["name", "in_working_hours"])
    else:
        pool.save()


def _lock_order() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RULES_LOCK])


def _last_position() -> int:
    found = RoutingRule.objects.aggregate(last=Max("position"))["last"]
    return int(found or 0)
