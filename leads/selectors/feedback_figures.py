"""Figures of the decisions of Sales: acceptance, ratings, reasons; flows by decision date.

`counts_as` is what counts: an overturned rejection is an acceptance at its own date, a return and
a decision after an overturning count as neither. Undone rows never count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet

from accounts.rules import standing
from leads.enums import Decision, LifecycleStage
from leads.models import Feedback, Lead

MOST_GROUPS = 50
MOST_REASONS = 12
COUNTS = {
    "accepted": Count("pk", filter=Q(counts_as=Decision.ACCEPTED)),
    "rejected": Count("pk", filter=Q(counts_as=Decision.REJECTED)),
    "returned": Count("pk", filter=Q(decision=Decision.RETURNED)),
    "rated": Count("fit_rating"),
    "mean_rating": Avg("fit_rating"),
}
# What says why a lead came back: rejections that count, and returns.
SAYS_WHY = (Q(counts_as=Decision.REJECTED) | Q(decision=Decision.RETURNED)) & ~Q(reason="")
# key of the address: (column of the lead, column of its name); "rep" groups by who decided.
GROUPS = {
    "campaign": ("lead__campaign_id", "lead__campaign__name"),
    "persona": ("lead__persona_id", "lead__persona__name"),
    "source": ("lead__source_id", "lead__source__name"),
    "rep": ("given_by_id", "given_by__name"),
}
PENDING = {"campaign": "campaign_id", "persona": "persona_id", "source": "source_id",
           "rep": "owner_id"}  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """Decisions of one group. `pending` is a balance: MQLs that wait for a decision now."""

    key: int | None
    name: str
    accepted: int = 0
    rejected: int = 0
    returned: int = 0
    rated: int = 0
    mean_rating: float | None = None
    pending: int = 0

    @property
    def decided(self) -> int:
        """Decisions that count: the denominator of the acceptance rate."""
        return self.accepted + self.rejected

    @property
    def acceptance(self) -> Decimal | None:
        """Accepted ÷ (accepted + rejected), 0 to 1; None without a decision."""
        return Decimal(self.accepted) / self.decided if self.decided else None


@dataclass(frozen=True)
class ReasonCount:
    """How often a reason was given, and its share of all reasons (0–1)."""

    code: str
    label: str
    n: int
    share: Decimal
    returned: bool


def tallies(rows: QuerySet[Feedback], by: str, pending: Mapping[int | None, int]) -> list[Tally]:
    """Return the figures of each group, those with most decisions first; one statement."""
    key, name = GROUPS[by]
    counted = rows.order_by().values(key, name).annotate(**COUNTS)
    found = [
        Tally(
            key=row[key],
            name=row[name] or "",
            pending=pending.get(row[key], 0),
            **{field: row[field] for field in COUNTS},
        )
        for row in counted
    ]
    found.sort(key=lambda tally: (-tally.decided, -tally.returned, tally.name))
    return found[:MOST_GROUPS]


def total(rows: QuerySet[Feedback], pending: Mapping[int | None, int]) -> Tally:
    """Return the figures of all `rows` together; one statement."""
    return Tally(
        key=None, name="", pending=sum(pending.values()), **rows.order_by().aggregate(**COUNTS)
    )


def pending_decisions(
    user: Any, by: str, wanted: Mapping[str, int], people: set[int] | None
) -> dict[int | None, int]:
    """Count the open MQLs that wait for a decision now, by group; one statement.

    `wanted` narrows them as the list (`campaign`, `persona`, `source`, `rep`); `people`, unless
    None, are those whose single figures may be seen, and matter when grouped by person.
    """
    rows = Lead.objects.visible_to(user, standing(user)).open()
    rows = rows.filter(stage=LifecycleStage.MQL, returned_at__isnull=True)
    for key, value in wanted.items():
        rows = rows.filter(**{PENDING[key]: value})
    if by == "rep" and people is not None:
        rows = rows.filter(owner__in=people)
    column = PENDING[by]
    return dict(rows.order_by().values_list(column).annotate(Count("pk")))


def reasons(rows: QuerySet[Feedback], labels: Mapping[str, str]) -> list[ReasonCount]:
    """Return the reasons of rejections that count and of returns, the most frequent first."""
    counted = list(
        rows.filter(SAYS_WHY)
        .order_by()
        .values_list("reason", "decision")
        .annotate(n=Count("pk"))
        .order_by("-n", "reason")
    )
    whole = sum(n for _code, _decision, n in counted)
    return [
        ReasonCount(
            code, labels.get(code, code), n, Decimal(n) / whole, decision == Decision.RETURNED
        )
        for code, decision, n in counted[:MOST_REASONS]
    ]
