"""Which version of the agreement judges a period.

It is the one that was in force when the period began; while none was, the first one since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from sla.enums import AgreementState, PeriodKind
from sla.models import Agreement, Commitment
from sla.periods import Period


def period_kind(row: Commitment) -> PeriodKind:
    """Return how long a commitment's periods are; clocks are looked at month by month."""
    return PeriodKind(row.period) if row.period else PeriodKind.MONTH


def promised(row: Commitment) -> Decimal:
    """Return what is promised a period; of a timed kind the least compliance of its clocks."""
    if row.target is not None:
        return row.target
    return row.floor if row.floor is not None else row.agreement.compliance_floor


@dataclass(frozen=True)
class Book:
    """All versions that were ever in force, with their commitments."""

    agreements: Sequence[Agreement]
    commitments: Mapping[int, Sequence[Commitment]]

    def judging(self, period: Period) -> list[Commitment]:
        """Return the commitments that a whole period is judged by; none if it began before all."""
        version = _ruling(self.agreements, period.start)
        return self._of(version, period, period.end)

    def in_period(self, period: Period, at: datetime) -> list[Commitment]:
        """Return the commitments by which a period is judged, looked at from `at`."""
        known = [one for one in self.agreements if _since(one) <= at]
        version = _ruling(known, period.start) or _ruling(known, min(at, period.end))
        return self._of(version, period, min(at, period.end))

    def _of(self, version: Agreement | None, period: Period, at: datetime) -> list[Commitment]:
        rows = self.commitments.get(version.pk, ()) if version else ()
        return [row for row in rows if period_kind(row) == period.kind and not _ended(row, at)]


def book() -> Book:
    """Return every version that was in force, and its commitments; two statements."""
    states = [AgreementState.IN_FORCE, AgreementState.SUPERSEDED]
    agreements = list(Agreement.objects.filter(state__in=states).order_by("in_force_from", "pk"))
    found: dict[int, list[Commitment]] = {}
    rows = Commitment.objects.filter(agreement__in=agreements).select_related(
        "agreement", "team__head", "product_line", "persona", "source"
    )
    for row in rows.order_by("position", "pk"):
        found.setdefault(row.agreement_id, []).append(row)
    return Book(agreements, found)


def _since(agreement: Agreement) -> datetime:
    return cast(datetime, agreement.in_force_from)  # held by a constraint


def _ruling(agreements: Sequence[Agreement], at: datetime) -> Agreement | None:
    """Return the version in force at `at`."""
    found = [one for one in agreements if _since(one) <= at]
    return found[-1] if found else None


def _ended(row: Commitment, at: datetime) -> bool:
    return row.ended_at is not None and row.ended_at <= at
