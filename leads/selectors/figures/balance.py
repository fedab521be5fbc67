"""How many open leads stood in each stage at given instants, and stand there now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, Expression, F, Func, IntegerField, Q, Value
from django.db.models.functions import Least

from leads.enums import Disposition, LifecycleStage
from leads.lifecycle import STAGES
from leads.querysets import LeadFactQuerySet
from leads.selectors.figures.cut import ENTERED
from leads.selectors.figures.funnel import passed_at

OPEN_STAGES = STAGES[:-1]  # a customer is won, and so no longer open
Balance = Mapping[LifecycleStage, int]


class Place(Func):
    """How many of the sorted `instants` lie at or before `column`; null where it is unknown."""

    function = "width_bucket"
    output_field = IntegerField()

    def __init__(self, column: str, instants: Sequence[datetime]) -> None:
        borders = Value(list(instants), output_field=ArrayField(DateTimeField()))
        super().__init__(F(column), borders)


@dataclass(frozen=True)
class Balances:
    """The balance just before each of the instants asked for, and the one that stands now."""

    past: Sequence[Balance]
    now: Balance


def balances(facts: LeadFactQuerySet, instants: Sequence[datetime]) -> Balances:
    """Return how many leads were open in each stage just before each of `instants`, which are
    sorted, and how many are open now (balance); one statement.

    What is open now counts where it stands; what was, where its known instants say.
    """
    columns = [*ENTERED.values(), "closed_at"]
    places: dict[str, Expression] = {
        f"place_{column}": Place(column, instants) for column in columns
    }
    known = facts.filter(_may_be_open(instants)).annotate(**places)
    grouped = known.values_list("stage", "disposition", *places).annotate(n=Count("pk"))
    past: list[dict[LifecycleStage, int]] = [dict.fromkeys(OPEN_STAGES, 0) for _one in instants]
    now = dict.fromkeys(OPEN_STAGES, 0)
    for stage, disposition, *entered, closed, n in grouped:
        if disposition == Disposition.OPEN and stage in now:
            now[stage] += n
        for place, balance in enumerate(past):
            stood = _stood_in(entered, closed, place)
            if stood in balance:
                balance[stood] += n
    return Balances(past, now)


def stood_in(
    facts: LeadFactQuerySet, stage: LifecycleStage | None, at: datetime
) -> LeadFactQuerySet:
    """Return those of `facts` that stood open in `stage` (None: in any) just before `at`."""
    if stage is None:
        begun = facts.annotate(born_at=Least(*(ENTERED[one] for one in OPEN_STAGES)))
        unwon = Q(customer_at=None) | Q(customer_at__gte=at)
        return begun.filter(_may_be_open([at]), unwon, born_at__lt=at)
    passed = f"passed_{stage}"
    return facts.annotate(**{passed: passed_at(stage)}).filter(
        Q(**{f"{passed}__isnull": True}) | Q(**{f"{passed}__gte": at}),
        _may_be_open([at]),
        **{f"{ENTERED[stage]}__lt": at},
    )


def open_in(facts: LeadFactQuerySet, stage: LifecycleStage | None) -> LeadFactQuerySet:
    """Return those of `facts` that are open in `stage` (None: in any) now."""
    is_open = facts.filter(disposition=Disposition.OPEN)
    return is_open.filter(stage__in=OPEN_STAGES if stage is None else [stage])


def _may_be_open(instants: Sequence[datetime]) -> Q:
    """Return the condition to be open now or just before one of `instants`: what an index finds.

    Who closed at an unknown instant counts nowhere.
    """
    is_open = Q(closed_at__isnull=True, disposition=Disposition.OPEN)
    return is_open | Q(closed_at__gte=instants[0]) if instants else is_open


def _stood_in(entered: Sequence[Any], closed: Any, place: int) -> LifecycleStage | None:
    """Return the last stage entered before the instant at `place`, unless it was closed by then."""
    if closed is not None and closed <= place:
        return None
    reached = [
        stage
        for stage, when in zip(STAGES, entered, strict=True)
        if when is not None and when <= place
    ]
    return reached[-1] if reached else None
