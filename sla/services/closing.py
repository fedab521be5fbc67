"""Periods that are over: what each commitment came to is frozen, and what was missed is answered.

A miss opens one corrective action; later closes measure what the actions of one and two periods
before brought. Whatever a lost job left out is closed by the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db import transaction

from sla.enums import Pace, PeriodKind
from sla.models import Agreement, Commitment, CommitmentShare, CorrectiveAction, PeriodResult
from sla.pace import WorkingDays
from sla.periods import Period, last_periods
from sla.selectors.book import Book, book, promised
from sla.selectors.figures import actual_of, come_to, reps_of, tally_of, verdict_on
from sla.selectors.house import House, house
from sla.selectors.measuring import Key, Tally, measure

# How far back a close looks for what was left out.
BACK = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4}
PLACES = Decimal("0.0001")
Asked = dict[int, tuple[Commitment, Sequence[Period]]]
# Lineage, first day of the missed period, and which effect.
Place = tuple[UUID, date, str]


def close_periods(*, at: datetime) -> int:
    """Freeze every period that was over by `at` and is not closed yet; return how many results.

    All or nothing, one at a time, and again without effect. The number of statements does not
    depend on how many commitments, people or periods are closed.
    """
    with transaction.atomic():
        # Two closes at once wait for each other here; nobody else writes results.
        list(Agreement.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
        home, whole = house(), book()
        asked = _left_open(whole, home, at)
        if not asked:
            return 0
        results = _Closing(home, at, measure(asked, at=at), _rep_counts(asked)).results(asked)
        rows = PeriodResult.objects.bulk_create(results)
        _answer_misses(rows, asked, at)
        _measure_effects([row for row in rows if row.user_id is None], asked)
        return len(rows)


def _left_open(whole: Book, home: House, at: datetime) -> Asked:
    """Return each commitment with the periods over by `at` that it judges and nobody closed."""
    closed = set(
        PeriodResult.objects.filter(user__isnull=True).values_list(
            "commitment__lineage", "first_on"
        )
    )
    found: dict[int, tuple[Commitment, list[Period]]] = {}
    for kind in PeriodKind:
        last = home.period_of_day(kind, home.day(at)).previous()
        for period in last_periods(last, BACK[kind]):
            for row in whole.judging(period):
                if (row.lineage, period.first_on) not in closed:
                    found.setdefault(row.pk, (row, []))[1].append(period)
    return {pk: (row, periods) for pk, (row, periods) in found.items()}


def _rep_counts(asked: Asked) -> dict[int, int]:
    return reps_of([row for row, _periods in asked.values()])


@dataclass(frozen=True)
class _Closing:
    """What was read for a close."""

    home: House
    at: datetime
    tallies: Mapping[Key, Tally]
    reps: Mapping[int, int]

    def results(self, asked: Asked) -> list[PeriodResult]:
        """Return the unsaved results of all and of each person who took a share."""
        shares: dict[int, list[CommitmentShare]] = {}
        for share in CommitmentShare.objects.filter(commitment__in=asked).order_by("pk"):
            shares.setdefault(share.commitment_id, []).append(share)
        found = []
        for row, periods in asked.values():
            for period in periods:
                days = self.home.working_days(period, self.at)
                people = tally_of(self.tallies, row, period)
                whole = sum(people.values(), start=Tally())
                reps = self.reps.get(row.pk, 1)
                whole = come_to(row, whole, days, reps, self.home.week)
                found.append(self._result(row, period, whole, promised(row), None))
                for share in shares.get(row.pk, ()):
                    own = self._own(row, people.get(share.user_id, Tally()), days)
                    found.append(self._result(row, period, own, share.target, share.user_id))
        return found

    def _own(self, row: Commitment, tally: Tally, days: WorkingDays) -> Tally:
        return come_to(row, tally, days, 1, self.home.week)

    def _result(
        self, row: Commitment, period: Period, tally: Tally, target: Decimal, user_id: int | None
    ) -> PeriodResult:
        days = self.home.working_days(period, self.at)
        actual = actual_of(row, tally)
        # Judged before it is rounded for keeping: 79.996 % is not 80 %.
        verdict = verdict_on(row, tally, target, days, is_over=True)
        return PeriodResult(
            commitment=row, user_id=user_id, first_on=period.first_on, last_on=period.last_on,
            target=target, actual=None if actual is None else _kept(actual),
            numerator=tally.numerator, denominator=tally.denominator,
            status=verdict.status, closed_at=self.at,
        )  # fmt: skip


def _kept(actual: Fraction) -> Decimal:
    return (Decimal(actual.numerator) / actual.denominator).quantize(PLACES)


def _answer_misses(rows: Sequence[PeriodResult], asked: Asked, at: datetime) -> None:
    """Open one corrective action for each miss of all together."""
    CorrectiveAction.objects.bulk_create(
        CorrectiveAction(
            commitment=asked[row.commitment_id][0], result=row, missed_on=row.first_on,
            side=asked[row.commitment_id][0].side, opened_at=at,
        )
        for row in rows
        if row.user_id is None and row.status == Pace.MISSED
    )  # fmt: skip


def _measure_effects(rows: Sequence[PeriodResult], asked: Asked) -> None:
    """Write what came one and two periods after a miss to its action; two statements."""
    later: dict[Place, Decimal | None] = {}
    for row in rows:
        commitment, periods = asked[row.commitment_id]
        period = next(one for one in periods if one.first_on == row.first_on)
        before = period.previous()
        later[commitment.lineage, before.first_on, "after_one"] = row.actual
        later[commitment.lineage, before.previous().first_on, "after_two"] = row.actual
    _write_effects(later)


def _write_effects(later: Mapping[Place, Decimal | None]) -> None:
    actions = list(
        CorrectiveAction.objects.select_related("commitment").filter(
            commitment__lineage__in={key[0] for key in later},
            missed_on__in={key[1] for key in later},
        )
    )
    changed = []
    for action in actions:
        place = action.commitment.lineage, action.missed_on
        for name in ("after_one", "after_two"):
            if (*place, name) in later:
                setattr(action, name, later[*place, name])
                changed.append(action)
    CorrectiveAction.objects.bulk_update(changed, ["after_one", "after_two"])
