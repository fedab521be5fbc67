"""What commitments came to in periods, as counted from the record: one statement for all of them.

Each kind says which rows count (`measured`); the figure and the list of its rows are read from the
same rows, so they always agree. What happened at an unknown instant counts nowhere here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.db.models import BigIntegerField, Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast

from sla.models import Commitment
from sla.periods import Period
from sla.selectors.measured_rows import Measured, measured
from sla.selectors.rulebook import teams_below


@dataclass(frozen=True)
class Tally:
    """What was counted: numerator and denominator of rates, else the count itself.

    `apart` counts rows that are shown beside the figure and never enter it: cancelled clocks,
    deals without an exchange rate.
    """

    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)
    apart: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.apart + other.apart,
        )


@dataclass(frozen=True)
class Key:
    """Whose tally, of which period; `user_id` None where nobody is named by the row."""

    commitment_id: int
    first_on: Any
    user_id: int | None


Tallies = Mapping[Key, Tally]


def measure(
    commitments: Mapping[int, tuple[Commitment, Sequence[Period]]], *, at: datetime
) -> dict[Key, Tally]:
    """Return the tallies of each commitment in its periods by person, judged at `at`.

    Two statements, however many commitments and periods. What has no rows has no key.
    """
    if not commitments:
        return {}
    below = teams_below()
    branches = [
        _counted(measured(row, below, at=at), row, periods) for row, periods in commitments.values()
    ]
    found: dict[Key, Tally] = {}
    for pk, place, user, numerator, denominator, apart in _all(branches):
        key = Key(pk, commitments[pk][1][place].first_on, user)
        found[key] = Tally(Decimal(numerator or 0), Decimal(denominator or 0), apart or 0)
    return found


def rows_of(
    commitment: Commitment, period: Period, *, at: datetime
) -> tuple[Measured, QuerySet[Any]]:
    """Return how a commitment is counted, and the rows that its figure of `period` came from."""
    found = measured(commitment, teams_below(), at=at)
    return found, _between(found, period.start, period.end)


def total(tallies: Tallies, commitment_id: int, period: Period) -> Tally:
    """Return the tally of all people together."""
    return sum(
        (
            tally
            for key, tally in tallies.items()
            if (key.commitment_id, key.first_on) == (commitment_id, period.first_on)
        ),
        start=Tally(),
    )


def _between(found: Measured, start: datetime, end: datetime) -> QuerySet[Any]:
    return found.rows.filter(**{f"{found.at}__gte": start, f"{found.at}__lt": end})


def _counted(
    found: Measured, commitment: Commitment, periods: Sequence[Period]
) -> QuerySet[Any, Any]:
    """Group the rows of one commitment by period and person."""
    person = Cast(F(found.person) if found.person else Value(None), BigIntegerField())
    place = Case(
        *(
            When(**{f"{found.at}__gte": one.start, f"{found.at}__lt": one.end}, then=Value(n))
            for n, one in enumerate(periods)
        ),
        output_field=IntegerField(),
    )
    rows = _between(found, periods[0].start, periods[-1].end).order_by()
    counted = (
        rows.annotate(
            c_pk=Value(commitment.pk, output_field=BigIntegerField()),
            c_place=place,
            c_person=person,
        )
        .values("c_pk", "c_place", "c_person")
        .annotate(c_n=found.numerator, c_d=found.denominator, c_apart=found.apart)
        .values_list("c_pk", "c_place", "c_person", "c_n", "c_d", "c_apart")
    )
    return cast("QuerySet[Any, Any]", counted)


def _all(branches: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    first, *others = branches
    return first.union(*others, all=True) if others else first
