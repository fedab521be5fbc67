"""Who holds how many leads, how often they were tried, and how soon."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q

from leads.enums import Disposition, LifecycleStage
from leads.models import Activity
from leads.models.activities import IS_ATTEMPT
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.balance import OPEN_STAGES
from leads.selectors.figures.cut import Span
from leads.selectors.figures.velocity import Percentile

OPEN = Q(disposition=Disposition.OPEN, closed_at=None)
WORKED = [stage for stage in OPEN_STAGES if stage not in (LifecycleStage.LEAD, LifecycleStage.MQL)]
UNTRIED = OPEN & Q(stage__in=WORKED, attempts=0)


@dataclass
class Load:
    """What one person holds now (`open`, `untried` of them accepted and never tried), and did in
    the span: `attempts` on `tried` leads; `answered` leads tried for the first time since they were
    accepted, and the median time until then. `key` None: nobody's."""

    key: int | None
    name: str
    open: int = 0
    untried: int = 0
    attempts: int = 0
    tried: int = 0
    answered: int = 0
    response: timedelta | None = None


def loads(facts: LeadFactQuerySet, span: Span, people: Collection[int] | None) -> list[Load]:
    """Return the load of each person in `people` (None: everybody) and of nobody, who holds most
    first (balance and flow); two statements.

    Leads count for who owns them now, attempts for who made them.
    """
    found = {one.key: one for one in _held(facts, span, people)}
    made = Activity.objects.filter(
        IS_ATTEMPT, span.holds("occurred_at"), Exists(facts.filter(pk=OuterRef("lead_id"))),
        actor__isnull=False,
    )  # fmt: skip
    if people is not None:
        made = made.filter(actor__in=people)
    counted = made.order_by().values_list("actor_id", "actor__name")
    for key, name, n, tried in counted.annotate(n=Count("pk"), l=Count("lead_id", distinct=True)):
        one = found.setdefault(key, Load(key, name))
        one.attempts, one.tried = n, tried
    return sorted(found.values(), key=lambda one: (one.key is None, -one.open, one.name))


def held_by(facts: LeadFactQuerySet, owner: int | None) -> LeadFactQuerySet:
    """Return the open ones of `facts` that `owner` holds (None: nobody)."""
    return facts.filter(OPEN, owner=owner) if owner else facts.filter(OPEN, owner__isnull=True)


def untried(facts: LeadFactQuerySet) -> LeadFactQuerySet:
    """Return those of `facts` that were accepted, are open and were never tried."""
    return facts.filter(UNTRIED)


def _held(facts: LeadFactQuerySet, span: Span, people: Collection[int] | None) -> list[Load]:
    answered = span.holds("first_attempt_at") & Q(first_attempt_at__gte=F("sal_at"))
    took = ExpressionWrapper(F("first_attempt_at") - F("sal_at"), output_field=DurationField())
    rows = facts.filter(OPEN | answered)
    if people is not None:
        rows = rows.filter(Q(owner__in=people) | Q(owner__isnull=True))
    counted = rows.values("owner_id", "owner__name").annotate(
        n_open=Count("pk", filter=OPEN),
        n_untried=Count("pk", filter=UNTRIED),
        n_answered=Count("pk", filter=answered),
        median=Percentile(took, 0.5, filter=answered),
    )
    return [
        Load(
            row["owner_id"], row["owner__name"] or "", row["n_open"], row["n_untried"],
            answered=row["n_answered"], response=row["median"],
        )
        for row in counted
    ]  # fmt: skip
