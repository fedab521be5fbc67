"""The handoff inbox: MQLs that wait for Sales' decision, the most urgent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, Value

from accounts.models import User
from accounts.rules import standing
from leads.enums import LifecycleStage, QueueKind
from leads.models import Lead, NextStep, Snooze
from leads.querysets import LeadQuerySet

MOST = 50
MOST_COUNTED = 1_000
SHOWS = ("mine", "queue", "snoozed")
TODAY = 5


@dataclass(frozen=True)
class Inbox:
    """The rows of one chip, and how many each chip holds."""

    leads: Sequence[Lead]
    counts: Mapping[str, int]
    show: str

    @property
    def more(self) -> int:
        """How many rows are not shown: the list ends at the fifty most urgent ones."""
        return max(0, self.counts[self.show] - len(self.leads))


def inbox_of(user: User, *, show: str, at: datetime) -> Inbox:
    """Return the inbox of `user` at `at`; two statements.

    `mine`: his MQLs that wait for a decision; `queue`: those that nobody has; `snoozed`: his own
    that he has hidden until later. An unknown chip is `mine`.
    """
    chosen = show if show in SHOWS else "mine"
    rows = _piles(user, at)[chosen].annotate(
        snoozed_until=Subquery(_snoozes(user, at).values("until")[:1])
    )
    return Inbox(list(urgent_first(rows)[:MOST]), _counts(user, at), chosen)


def urgent_first(rows: LeadQuerySet) -> LeadQuerySet:
    """What is due first, then what was handed over first."""
    order = (F("next_due_at").asc(nulls_last=True), F("mql_at").asc(nulls_last=True), "pk")
    related = ("contact__company", "persona", "campaign", "source", "product_line", "owner")
    return (
        rows.select_related(*related).defer("contact__search", "owner__password").order_by(*order)
    )


def visible_ids(user: User, wanted: Sequence[int]) -> list[int]:
    """Return those of `wanted` that `user` sees, in their order."""
    seen = set(
        Lead.objects.visible_to(user, standing(user)).filter(pk__in=wanted).values_list("pk")
    )
    return [pk for pk in dict.fromkeys(wanted) if (pk,) in seen]


def waiting_for(user: User, at: datetime) -> Mapping[str, Any]:
    """The top of the inbox on the Today page; three statements."""
    inbox = inbox_of(user, show="mine", at=at)
    return {"leads": inbox.leads[:TODAY], "counts": inbox.counts}


def steps_due(user: User, at: datetime) -> Mapping[str, Any]:
    """The person's next steps, the overdue first, and leads of his that nobody has tried yet."""
    steps = (
        NextStep.objects.filter(owner=user, done_at=None, dropped_at=None)
        .select_related("lead__contact__company")
        .defer("lead__contact__search")
        .order_by("due_at", "pk")[: TODAY + 3]
    )
    untried = (
        Lead.objects.open()
        .filter(owner=user, stage=LifecycleStage.SAL, attempts=0)
        .select_related("contact__company")
        .defer("contact__search")
        .order_by(F("next_due_at").asc(nulls_last=True), "stage_at", "pk")[:TODAY]
    )
    return {"steps": list(steps), "untried": list(untried)}


def _piles(user: User, at: datetime) -> dict[str, LeadQuerySet]:
    waiting = (
        Lead.objects.visible_to(user, standing(user))
        .open()
        .filter(stage=LifecycleStage.MQL, returned_at=None)
    )
    hidden = Exists(_snoozes(user, at))
    nobodys = Q(owner=None) & (Q(queue=None) | Q(queue__kind=QueueKind.FALLBACK))
    return {
        "mine": waiting.filter(~hidden, owner=user),
        "queue": waiting.filter(nobodys),
        "snoozed": waiting.filter(hidden, owner=user),
    }


def _snoozes(user: User, at: datetime) -> Any:
    return Snooze.objects.filter(lead=OuterRef("pk"), user=user, until__gt=at)


def _counts(user: User, at: datetime) -> dict[str, int]:
    """Count every chip in one statement, as far as anybody wants to know."""
    piles = [
        rows.order_by().annotate(pile=Value(name)).values_list("pile")[:MOST_COUNTED]
        for name, rows in _piles(user, at).items()
    ]
    found = Counter(pile for (pile,) in piles[0].union(*piles[1:], all=True))
    return {name: found[name] for name in SHOWS}
