"""What routing must know before it decides: rules, owners, pools, and how everyone stands now.

Each reader asks for all leads at once; the number of statements does not grow with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from accounts.enums import Role, TeamKind
from accounts.models import Membership, User
from accounts.selectors.calendars import business_times_of_people
from accounts.selectors.people import people_away
from leads.criteria import Facts, are_met, read_criteria
from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import RANK
from leads.models import Company, Contact, Lead, PoolMember, RoutingPool, RoutingRule
from leads.round_robin import Share
from leads.routing import Candidate, Desk, Pool, Question, Rule, Seat
from leads.selectors.canonical import leads_of_people, person_of
from leads.selectors.facts import facts_key, facts_of

HANDED_OVER = (LifecycleStage.MQL, LifecycleStage.SAL, LifecycleStage.SQL)
WORKED = (*HANDED_OVER, LifecycleStage.OPPORTUNITY)
Avoid = Mapping[int, frozenset[int]]


def questions_of(
    leads: Sequence[Lead], *, at: datetime, avoid: Avoid | None = None, as_new: bool = False
) -> list[Question]:
    """Return what routing asks of each of `leads`, in order; at most eleven statements.

    `avoid` maps contacts to people who must not get their leads now. With `as_new` the present
    owner of a lead counts for nothing, as if it were qualified just now.
    """
    contacts = {lead.contact_id for lead in leads}
    prefetch_related_objects(leads, "contact")  # those that did not come with their leads
    people = {lead.contact_id: lead.contact for lead in leads}
    rules = active_rules()
    facts = facts_of(leads) if any(rule.conditions for rule in rules) else {}
    known = {lead.pk for lead in leads if lead.pk}
    open_owners = _open_owners(people.values(), without=known if as_new else set())
    company_owners = _company_owners(contacts)
    return [
        Question(
            contact_id=lead.contact_id,
            open_owner_ids=_owners_of(lead, open_owners, as_new=as_new),
            company_owner_id=company_owners.get(lead.contact_id),
            avoid=(avoid or {}).get(lead.contact_id, frozenset()),
            rule=first_rule(rules, facts.get(facts_key(lead, index), Facts()), at),
        )
        for index, lead in enumerate(leads)
    ]


def active_rules() -> list[Rule]:
    """Return the rules in use, in their order; one statement."""
    return [
        Rule(
            id=row.pk,
            name=row.name,
            pool_id=row.pool_id,
            conditions=tuple(read_criteria(row.conditions)),
        )
        for row in RoutingRule.objects.filter(is_active=True)
    ]


def first_rule(rules: Iterable[Rule], facts: Facts, at: datetime) -> Rule | None:
    """Return the first rule whose conditions are met; one without conditions takes every lead."""
    return next((rule for rule in rules if are_met(rule.conditions, facts, at=at)), None)


def _open_owners(contacts: Iterable[Contact], *, without: set[int]) -> dict[int, list[int]]:
    """Return who works open leads of each person, the furthest lead first; one statement.

    By the contact that stands for the person: leads of rows merged into it are its own.
    """
    ranks = [When(stage=stage, then=Value(RANK[stage])) for stage in WORKED]
    rows = (
        leads_of_people(contacts)
        .filter(disposition=Disposition.OPEN, stage__in=WORKED, owner__isnull=False)
        .exclude(pk__in=without)
        .annotate(rank=Case(*ranks, output_field=IntegerField()))
        .order_by("-rank", "-id")
    )
    owners: dict[int, list[int]] = defaultdict(list)
    for person_id, owner_id in rows.values_list("person_id", "owner_id"):
        owners[person_id].append(owner_id)
    return owners


def _owners_of(lead: Lead, known: Mapping[int, Sequence[int]], *, as_new: bool) -> list[int]:
    """The lead's own owner comes first: who has it already works with the contact."""
    own = [lead.owner_id] if lead.owner_id and not as_new else []
    return list(dict.fromkeys([*own, *known.get(person_of(lead.contact), [])]))


def _company_owners(contacts: Iterable[int]) -> dict[int, int]:
    rows = Company.objects.filter(contacts__in=contacts, owner__isnull=False)
    return dict(rows.values_list("contacts", "owner_id"))


def read_desk(
    questions: Sequence[Question],
    *,
    at: datetime,
    pool_ids: Iterable[int] = (),
    lock: bool,
) -> Desk:
    """Return everyone who may come into question, and the pools; at most nine statements.

    With `lock` the rows of the pools are held until the end of the transaction, taken in id order,
    before anything that depends on them is read: nobody else picks from them meanwhile.
    """
    wanted = {question.rule.pool_id for question in questions if question.rule} | set(pool_ids)
    rows = RoutingPool.objects.filter(pk__in=wanted).order_by("pk")
    pools = list(rows.select_for_update() if lock else rows) if wanted else []
    owners = {owner for question in questions for owner in question.open_owner_ids}
    owners |= {q.company_owner_id for q in questions if q.company_owner_id is not None}
    members = list(
        PoolMember.objects.filter(Q(pool_id__in=wanted) | Q(user_id__in=owners)).order_by("pk")
    )
    mindful = {pool.pk for pool in pools if pool.in_working_hours}
    people = read_people(
        owners | {member.user_id for member in members},
        at=at,
        at_work_of={member.user_id for member in members if member.pool_id in mindful},
        members=members,
    )
    return Desk(people, {pool.pk: _pool(pool, members, people) for pool in pools})


def read_people(
    user_ids: Iterable[int],
    *,
    at: datetime,
    at_work_of: Iterable[int] = (),
    members: Iterable[PoolMember] = (),
) -> dict[int, Candidate]:
    """Return how each person stands now; six statements at most, two without `at_work_of`.

    Working hours are looked up only for `at_work_of`; the others count as at work.
    """
    ids, asked = set(user_ids), set(at_work_of)
    if not ids:
        return {}
    sells = Membership.objects.filter(user=OuterRef("pk")).filter(
        Q(role=Role.REP) | Q(role=Role.MANAGER, team__kind=TeamKind.SALES)
    )
    rows = User.objects.filter(pk__in=ids).annotate(sells=Exists(sells), load=load_of_owner())
    away, resting = people_away(ids, at=at), _resting(asked, at)
    capacities = _capacities(members)
    return {
        row.pk: Candidate(
            id=row.pk,
            name=row.name,
            is_active=row.is_active,
            has_joined=row.joined_at is not None,
            sells=row.sells,
            is_away=row.pk in away,
            is_at_work=row.pk not in resting,
            load=row.load,
            capacity=capacities.get(row.pk),
        )
        for row in rows
    }


def load_of_owner(user: str = "pk") -> Any:
    """Count the open handed-over leads that a person owns, as a subquery over people."""
    rows = (
        Lead.objects.filter(
            owner=OuterRef(user), disposition=Disposition.OPEN, stage__in=HANDED_OVER
        )
        .order_by()
        .values("owner")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(rows), 0)


def _capacities(members: Iterable[PoolMember]) -> dict[int, int | None]:
    """Return the most that any pool of each person lets him have; None where one has no limit."""
    limits: dict[int, list[int | None]] = defaultdict(list)
    for member in members:
        limits[member.user_id].append(member.capacity)
    return {
        user_id: None if None in known else max(limit for limit in known if limit is not None)
        for user_id, known in limits.items()
    }


def _resting(user_ids: set[int], at: datetime) -> set[int]:
    if not user_ids:
        return set()
    calendars = business_times_of_people(user_ids)
    return {user_id for user_id, calendar in calendars.items() if not calendar.is_open(at)}


def _pool(row: RoutingPool, members: Iterable[PoolMember], people: Mapping[int, Candidate]) -> Pool:
    seats = [
        Seat(
            person=people[member.user_id],
            share=Share(member.user_id, member.weight, member.credit),
            capacity=member.capacity,
        )
        for member in members
        if member.pool_id == row.pk
    ]
    return Pool(row.pk, row.name, row.in_working_hours, seats)
