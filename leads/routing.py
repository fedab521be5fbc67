"""Who gets a lead: the order of the ways, who is skipped and why. Pure: no ORM, no now.

Open owner of the contact, then owner of the company, then the first rule in order whose conditions
are met: the people of its pool take turns by weight. Nobody left means the fallback queue. The same
code decides when a lead is qualified, when a person's leads are shared out, and in a dry run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from leads.criteria import Criterion
from leads.enums import AssignmentCause
from leads.round_robin import Share, next_turn


class Skip(Enum):
    """Why somebody did not get a lead."""

    INACTIVE = "inactive"
    NOT_JOINED = "not_joined"
    NOT_IN_SALES = "not_in_sales"
    AWAY = "away"
    COOLDOWN = "cooldown"
    FULL = "full"
    OFF_HOURS = "off_hours"


class Unplaced(Enum):
    """Why a lead came into the fallback queue."""

    NO_RULE = "no_rule"
    EMPTY_POOL = "empty_pool"
    NOBODY_FREE = "nobody_free"


@dataclass(kw_only=True)
class Candidate:
    """One person as routing sees him now; `load` counts the open handed-over leads he owns.

    `capacity` is the most that any of his pools lets him have, None without a limit.
    """

    id: int
    name: str
    is_active: bool = True
    has_joined: bool = True
    sells: bool = True
    is_away: bool = False
    is_at_work: bool = True
    load: int = 0
    capacity: int | None = None

    def hindrance(self, avoid: frozenset[int], capacity: int | None) -> Skip | None:
        """Return the first thing that keeps him from one more lead, None when nothing does."""
        hindrances = (
            (not self.is_active, Skip.INACTIVE),
            (not self.has_joined, Skip.NOT_JOINED),
            (not self.sells, Skip.NOT_IN_SALES),
            (self.is_away, Skip.AWAY),
            (self.id in avoid, Skip.COOLDOWN),
            (capacity is not None and self.load >= capacity, Skip.FULL),
        )
        return next((skip for holds, skip in hindrances if holds), None)


@dataclass
class Seat:
    """A person's place in a pool: his share of the turns and the most leads he may have there."""

    person: Candidate
    share: Share
    capacity: int | None = None


@dataclass
class Pool:
    """People who take turns; `turns` counts those taken since it was read."""

    id: int
    name: str
    in_working_hours: bool = False
    seats: Sequence[Seat] = ()
    turns: int = 0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Leads that meet all `conditions` go to a pool."""

    id: int
    name: str
    pool_id: int
    conditions: Sequence[Criterion] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """What routing must know of one lead; owners are named by id, the nearest first."""

    contact_id: int
    open_owner_ids: Sequence[int] = ()
    company_owner_id: int | None = None
    avoid: frozenset[int] = frozenset()
    rule: Rule | None = None


@dataclass(frozen=True)
class Skipped:
    """Somebody who came before and did not get it."""

    way: AssignmentCause
    person: Candidate
    skip: Skip

    def to_json(self) -> dict[str, Any]:
        """Return the stored form: stable codes, and the name as it was."""
        who = {"user": self.person.id, "name": self.person.name}
        return {"way": self.way.value, **who, "why": self.skip.value}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Who gets a lead and why; without an owner the fallback queue does."""

    owner_id: int | None = None
    cause: AssignmentCause
    rule: Rule | None = None
    pool: Pool | None = None
    skipped: tuple[Skipped, ...] = ()
    unplaced: Unplaced | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what `Assignment.why` keeps; empty parts are left out."""
        why = {
            "rule": self.rule.name if self.rule else None,
            "pool": self.pool.name if self.pool else None,
            "skipped": [one.to_json() for one in self.skipped],
            "unplaced": self.unplaced.value if self.unplaced else None,
        }
        return {name: value for name, value in why.items() if value}


@dataclass
class Desk:
    """Everyone who may come into question, and the pools, as read at one moment.

    Each answer counts at once: loads grow, turns are booked, and a second lead of the same contact
    follows the first.
    """

    people: dict[int, Candidate]
    pools: dict[int, Pool] = field(default_factory=dict)
    _given: dict[int, int] = field(default_factory=dict)

    def answer(self, question: Question) -> Answer:
        """Return who gets the lead."""
        skipped: list[Skipped] = []
        for way, person in self._owners(question):
            skip = person.hindrance(question.avoid, person.capacity)
            if skip is None:
                self._book(question, person)
                return Answer(owner_id=person.id, cause=way, skipped=tuple(skipped))
            skipped.append(Skipped(way, person, skip))
        if question.rule is None:
            return _queued(skipped, Unplaced.NO_RULE)
        return self._by_rule(question, question.rule, skipped)

    def share_out(self, question: Question, pool: Pool) -> Answer:
        """Return who of `pool` gets the lead, whatever rules say; same contact, same person."""
        given = self._given.get(question.contact_id)
        person = self.people[given] if given else None
        if person is None or person.hindrance(question.avoid, person.capacity):
            return self._from_pool(question, pool, None, [])
        self._book(question, person)
        return Answer(owner_id=person.id, cause=AssignmentCause.OPEN_OWNER, pool=pool)

    def _owners(self, question: Question) -> Iterable[tuple[AssignmentCause, Candidate]]:
        given = self._given.get(question.contact_id)
        open_owners = dict.fromkeys([*([given] if given else []), *question.open_owner_ids])
        for owner_id in open_owners:
            yield AssignmentCause.OPEN_OWNER, self.people[owner_id]
        company_owner = question.company_owner_id
        if company_owner is not None and company_owner not in open_owners:
            yield AssignmentCause.COMPANY_OWNER, self.people[company_owner]

    def _by_rule(self, question: Question, rule: Rule, skipped: list[Skipped]) -> Answer:
        return self._from_pool(question, self.pools[rule.pool_id], rule, skipped)

    def _from_pool(
        self, question: Question, pool: Pool, rule: Rule | None, skipped: list[Skipped]
    ) -> Answer:
        if not pool.seats:
            return _queued(skipped, Unplaced.EMPTY_POOL, rule, pool)
        free, passed = _free_seats(pool, question.avoid)
        if not free:
            return _queued([*skipped, *passed], Unplaced.NOBODY_FREE, rule, pool)
        share = next_turn([seat.share for seat in free])
        pool.turns += 1
        person = self.people[share.key]
        self._book(question, person)
        return Answer(
            owner_id=person.id,
            cause=AssignmentCause.RULE,
            rule=rule,
            pool=pool,
            skipped=(*skipped, *passed),
        )

    def _book(self, question: Question, person: Candidate) -> None:
        person.load += 1
        self._given[question.contact_id] = person.id


def _free_seats(pool: Pool, avoid: frozenset[int]) -> tuple[list[Seat], list[Skipped]]:
    """Part the seats into those who may take a turn and those who are passed over."""
    free, passed = [], []
    for seat in pool.seats:
        skip = seat.person.hindrance(avoid, seat.capacity)
        if skip is None:
            free.append(seat)
        else:
            passed.append(Skipped(AssignmentCause.RULE, seat.person, skip))
    at_work = [seat for seat in free if seat.person.is_at_work]
    if not pool.in_working_hours or not at_work:
        return free, passed
    resting = [seat.person for seat in free if not seat.person.is_at_work]
    off = [Skipped(AssignmentCause.RULE, person, Skip.OFF_HOURS) for person in resting]
    return at_work, [*passed, *off]


def _queued(
    skipped: Sequence[Skipped],
    unplaced: Unplaced,
    rule: Rule | None = None,
    pool: Pool | None = None,
) -> Answer:
    return Answer(
        cause=AssignmentCause.FALLBACK,
        rule=rule,
        pool=pool,
        skipped=tuple(skipped),
        unplaced=unplaced,
    )
