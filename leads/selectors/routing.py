"""Routing as its pages show it: pools with loads, rules in words, a rehearsal, a lead's owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from accounts.models import User
from accounts.rules import standing
from accounts.selectors.people import people_away
from leads.criteria import read_criteria
from leads.criteria_words import Lexicon, say
from leads.enums import LifecycleStage
from leads.models import Assignment, Lead, PoolMember, RoutingPool, RoutingRule
from leads.models.leads import BEGAN_AT
from leads.routing import Answer
from leads.routing_words import headline, reasons
from leads.selectors.avoiding import reps_to_avoid
from leads.selectors.desk import HANDED_OVER, questions_of, read_desk, read_people
from leads.selectors.house import funnel_settings

REHEARSED = 20
MOST_ASSIGNMENTS = 50
NOT_HANDED_OVER = (LifecycleStage.LEAD, LifecycleStage.MQL)


@dataclass(frozen=True)
class MemberCard:
    """A person of a pool: his share and how he stands now."""

    user_id: int
    name: str
    weight: int
    capacity: int | None
    load: int
    skip: str = ""
    is_away: bool = False

    @property
    def is_full(self) -> bool:
        """Tell whether he has as many open leads as the pool lets him."""
        return self.capacity is not None and self.load >= self.capacity

    @property
    def used(self) -> int | None:
        """How much of his capacity is used, in per cent; None without a limit."""
        if self.capacity is None:
            return None
        return min(100, round(100 * self.load / self.capacity)) if self.capacity else 100


@dataclass(frozen=True)
class PoolCard:
    """A pool with its people and the rules that lead to it."""

    pool: RoutingPool
    members: Sequence[MemberCard]
    rules: Sequence[str]

    @property
    def has_somebody_free(self) -> bool:
        """Tell whether anyone could take a lead now."""
        return any(not member.skip for member in self.members)


@dataclass(frozen=True)
class RuleCard:
    """A rule and its conditions in words; one without conditions takes every lead."""

    rule: RoutingRule
    conditions: Sequence[str]


def pool_cards(at: datetime) -> list[PoolCard]:
    """Return every pool by name, its people by name; five statements."""
    pools = list(RoutingPool.objects.prefetch_related("rules"))
    members = list(PoolMember.objects.order_by("user__name", "user_id"))
    people = read_people({member.user_id for member in members}, at=at)
    cards: dict[int, list[MemberCard]] = {pool.pk: [] for pool in pools}
    for member in members:
        person = people[member.user_id]
        skip = person.hindrance(frozenset(), member.capacity)
        cards[member.pool_id].append(
            MemberCard(
                user_id=person.id,
                name=person.name,
                weight=member.weight,
                capacity=member.capacity,
                load=person.load,
                skip=skip.value if skip else "",
                is_away=person.is_away,
            )
        )
    return [
        PoolCard(pool, cards[pool.pk], [rule.name for rule in pool.rules.all()]) for pool in pools
    ]


def rule_cards(lexicon: Lexicon) -> list[RuleCard]:
    """Return the rules in their order, with their conditions in words; one statement."""
    return [
        RuleCard(rule, [say(one, lexicon) for one in read_criteria(rule.conditions)])
        for rule in RoutingRule.objects.select_related("pool")
    ]


@dataclass(frozen=True)
class Rehearsed:
    """Who would get a lead, and why."""

    lead: Lead
    owner: User | None
    answer: Answer

    @property
    def headline(self) -> str:
        """The way in a few words."""
        return headline(self.answer.cause, self.answer.to_json())

    @property
    def reasons(self) -> list[str]:
        """What lies behind it."""
        return reasons(self.answer.to_json())


def rehearse_routing(user: Any, *, at: datetime, n: int = REHEARSED) -> list[Rehearsed]:
    """Return who would get the newest `n` leads that `user` sees and Sales has not accepted yet.

    As if they were qualified one after the other now, by the code that does it; nothing is locked
    or written. A constant number of statements.
    """
    rows = Lead.objects.visible_to(user, standing(user)).open().filter(stage__in=NOT_HANDED_OVER)
    related = ("contact__company", "owner", "source", "campaign", "product_line")
    leads = list(
        rows.select_related(*related)
        .defer("contact__search", "owner__password")
        .order_by(BEGAN_AT.desc(), F("id").desc())[:n]
    )
    if not leads:
        return []
    avoid = reps_to_avoid(leads, settings=funnel_settings(), at=at)
    questions = questions_of(leads, at=at, avoid=avoid, as_new=True)
    desk = read_desk(questions, at=at, lock=False)
    for lead in leads:  # what is to be given anew fills nobody's hands
        holder = desk.people.get(lead.owner_id or 0)
        if holder is not None and lead.stage in HANDED_OVER:
            holder.load -= 1
    answers = [desk.answer(question) for question in questions]
    owners = User.objects.in_bulk({answer.owner_id for answer in answers if answer.owner_id})
    return [
        Rehearsed(lead, owners.get(answer.owner_id or 0), answer)
        for lead, answer in zip(leads, answers, strict=True)
    ]


@dataclass(frozen=True)
class Handled:
    """One assignment as it is told."""

    row: Assignment

    @property
    def headline(self) -> str:
        """The cause in a few words."""
        return headline(self.row.cause, self.row.why, to_person=self.row.owner_id is not None)

    @property
    def reasons(self) -> list[str]:
        """What lies behind it."""
        return reasons(self.row.why)


def assignments_of(lead: Lead) -> list[Handled]:
    """Return who had the lead, the newest first, undone ones included; one statement."""
    rows = lead.assignments.select_related("owner", "queue", "from_owner", "actor")
    return [Handled(row) for row in rows.order_by("-assigned_at", "-id")[:MOST_ASSIGNMENTS]]


@dataclass(frozen=True)
class Taker:
    """Somebody who may get leads: what he has, and whether he is here."""

    user: User
    load: int
    is_away: bool


def takers(people: Sequence[User], *, at: datetime) -> list[Taker]:
    """Return how much each of `people` has and whether he is away; three statements."""
    found = read_people({person.pk for person in people}, at=at)
    away = people_away([person.pk for person in people], at=at)
    return [Taker(person, found[person.pk].load, person.pk in away) for person in people]
