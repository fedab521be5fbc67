"""Promises on leads that were kept, by commitment, team and person, and how late the others are.

Clocks are counted by their due instant and judged at one instant, as `measured_rows` does it for
the agreement's own figures: a clock that was handed on in time, cancelled or is due later counts
in no share.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from accounts.models import Team
from accounts.rules import Standing
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import Span
from leads.selectors.figures.velocity import Percentile
from sla.models import Clock
from sla.selectors.clocks import clocks_visible_to
from sla.selectors.measured_rows import LATE, MET

HOUR = timedelta(hours=1)
# Where a lateness changes its name, in business hours.
BORDERS = (1, 4, 8, 16, 40)


@dataclass(frozen=True)
class Kept:
    """Clocks of one group. `late` was met late or handed on late, `missed` is late and open,
    `running` is due later; `lateness` is the median of `late` in business time. `told_late` are
    those of `met` that were told of after they were due: met, and counted apart."""

    key: Any
    name: str
    met: int = 0
    late: int = 0
    missed: int = 0
    running: int = 0
    met_before: int = 0
    judged_before: int = 0
    told_late: int = 0
    lateness: timedelta | None = None

    @property
    def judged(self) -> int:
        """What the share is of."""
        return self.met + self.late + self.missed

    @property
    def share(self) -> Fraction | None:
        """Met ÷ (met + late + missed); None without any."""
        return Fraction(self.met, self.judged) if self.judged else None

    @property
    def share_before(self) -> Fraction | None:
        """The share of the span before."""
        return Fraction(self.met_before, self.judged_before) if self.judged_before else None


@dataclass(frozen=True)
class Asked:
    """Which clocks: of leads that `user` may see, of `facts` where it is given; due in `span`,
    compared with those due in `before`, judged at `at`."""

    user: Any
    standing: Standing
    facts: LeadFactQuerySet | None
    span: Span
    before: Span
    at: datetime

    @property
    def rows(self) -> QuerySet[Clock]:
        """The clocks due in either span; no statement yet."""
        rows = clocks_visible_to(self.user, self.standing).order_by()
        if self.facts is not None:
            rows = rows.filter(Exists(self.facts.filter(pk=OuterRef("lead_id"))))
        return rows.filter(self.span.holds("due_at") | self.before.holds("due_at"))


def kept_by_commitment(asked: Asked) -> dict[Any, Kept]:
    """Return the clocks of each commitment through all its versions, by lineage; one statement."""
    return {one.key: one for one in _counted(asked, asked.rows, "commitment__lineage")}


def kept_by_person(asked: Asked, people: Collection[int] | None) -> list[Kept]:
    """Return the clocks of each person in `people` (None: everybody), by name; one statement.

    What lies with nobody is left out.
    """
    rows = asked.rows.filter(owner__isnull=False)
    if people is not None:
        rows = rows.filter(owner__in=people)
    found = _counted(asked, rows, "owner_id", "owner__name")
    return sorted(found, key=lambda one: (one.name, one.key))


def kept_by_team(asked: Asked) -> list[Kept]:
    """Return the clocks of each team: the first one of their owner, else that of their queue, by
    name; two statements. `key` None: of no team."""
    names, members = _teams()
    team = Case(
        *(When(owner__in=people, then=Value(pk)) for pk, people in members.items()),
        When(owner__isnull=True, then=F("queue__team")),
        output_field=IntegerField(),
    )
    found = _counted(asked, asked.rows.annotate(of_team=team), "of_team")
    named = [Kept(**{**vars(one), "name": names.get(one.key, "")}) for one in found]
    return sorted(named, key=lambda one: (one.key is None, one.name))


@dataclass(frozen=True)
class LateBy:
    """How many clocks ended up to so many business hours late; `most` None: more than all named."""

    most: int | None
    n: int


@dataclass(frozen=True)
class Lateness:
    """How late the late ones ended, and how many are late and still open."""

    ended: Sequence[LateBy]
    still_open: int


def lateness(asked: Asked) -> Lateness:
    """Return how late the clocks due in the span are (flow); one statement."""
    counts, above = {}, Q()
    for most in BORDERS:
        counts[f"b{most}"] = Count("pk", filter=LATE & above & Q(lateness__lte=most * HOUR))
        above = Q(lateness__gt=most * HOUR)
    told = asked.rows.filter(asked.span.holds("due_at")).aggregate(
        **counts, more=Count("pk", filter=LATE & above), still=Count("pk", filter=_missed(asked))
    )
    ended = [LateBy(most, told[f"b{most}"]) for most in BORDERS]
    return Lateness([*ended, LateBy(None, told["more"])], told["still"])


def _missed(asked: Asked) -> Q:
    return Q(outcome__isnull=True, due_at__lt=asked.at)


def _counted(asked: Asked, rows: QuerySet[Clock], key: str, name: str | None = None) -> list[Kept]:
    now, before = asked.span.holds("due_at"), asked.before.holds("due_at")
    missed = _missed(asked)
    counts: dict[str, Any] = {
        "met": Count("pk", filter=now & MET),
        "late": Count("pk", filter=now & LATE),
        "missed": Count("pk", filter=now & missed),
        "running": Count("pk", filter=now & Q(outcome__isnull=True, due_at__gte=asked.at)),
        "met_before": Count("pk", filter=before & MET),
        "judged_before": Count("pk", filter=before & (MET | LATE | missed)),
        "told_late": Count("pk", filter=now & MET & Q(reported_at__gt=F("due_at"))),
        "median": Percentile(F("lateness"), 0.5, filter=now & LATE & Q(lateness__isnull=False)),
    }
    grouped = rows.values(*[one for one in (key, name) if one]).annotate(**counts)
    return [
        Kept(
            row[key], (row[name] or "") if name else "", lateness=row["median"],
            **{field: row[field] for field in counts if field != "median"},
        )
        for row in grouped
    ]  # fmt: skip


def _teams() -> tuple[Mapping[int, str], Mapping[int, list[int]]]:
    """Return the teams by name, and who has which as his first; one statement."""
    names: dict[int, str] = {}
    first: dict[int, int] = {}
    rows = Team.objects.values_list("pk", "name", "memberships__user")
    for team, name, user in rows.order_by("memberships__pk"):
        names[team] = name
        if user is not None:
            first.setdefault(user, team)
    members: dict[int, list[int]] = {}
    for user, team in first.items():
        members.setdefault(team, []).append(user)
    return names, members
