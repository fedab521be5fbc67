"""From what was counted to a figure and its verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from accounts.enums import Role
from accounts.models import Membership
from sla.enums import CommitmentKind, Metric, Side
from sla.models import Commitment
from sla.pace import Verdict, WorkingDays, close_count, close_rate, judge_count, judge_rate, rate
from sla.periods import Period
from sla.selectors.measured_rows import ROLES
from sla.selectors.measuring import Key, Tally
from sla.selectors.rulebook import teams_below

COUNTS = frozenset({CommitmentKind.VOLUME, CommitmentKind.REVENUE})
PER_DAY = frozenset({Metric.ATTEMPTS_PER_DAY})


def tally_of(
    tallies: Mapping[Key, Tally], row: Commitment, period: Period
) -> dict[int | None, Tally]:
    """Return what each person came to in one period."""
    return {
        key.user_id: tally
        for key, tally in tallies.items()
        if key.commitment_id == row.pk and key.first_on == period.first_on
    }


def come_to(row: Commitment, tally: Tally, days: WorkingDays, reps: int, week: int) -> Tally:
    """Return the tally of a rate with what it is divided by; effort is per rep and day or week."""
    if row.kind != CommitmentKind.EFFORT:
        return tally
    per = 1 if row.metric in PER_DAY else week
    return Tally(tally.numerator, Decimal(reps * days.elapsed) / per, tally.apart)


def actual_of(row: Commitment, tally: Tally) -> Fraction | None:
    """Return the figure in the commitment's unit; None where there is nothing to divide by."""
    if row.kind in COUNTS:
        return Fraction(tally.numerator)
    return rate(tally.numerator, tally.denominator)


def verdict_on(
    row: Commitment, tally: Tally, target: Decimal, days: WorkingDays, *, is_over: bool
) -> Verdict:
    """Judge what a commitment came to, in a period that runs or is over."""
    actual = actual_of(row, tally)
    if row.kind in COUNTS:
        counted = Fraction(tally.numerator)
        return close_count(counted, target) if is_over else judge_count(counted, target, days)
    judge = close_rate if is_over else judge_rate
    return judge(actual, target, n=tally.denominator, least_n=row.least_n)


def reps_of(rows: Sequence[Commitment]) -> dict[int, int]:
    """Return how many people each promise of effort is about; two statements, if there is one."""
    of_effort = [row for row in rows if row.kind == CommitmentKind.EFFORT]
    if not of_effort:
        return {}
    roles = [Role.REP, Role.MARKETER]
    held = list(
        Membership.objects.filter(role__in=roles, user__is_active=True).values_list(
            "user_id", "team_id", "role"
        )
    )
    below = teams_below()
    return {
        row.pk: len(
            {
                user
                for user, team, role in held
                if role in ROLES[Side(row.side)]
                and (row.team_id is None or team in below[row.team_id])
            }
        )
        for row in of_effort
    }
