"""Which rows of the record count for a commitment, and what each adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Round

from accounts.enums import Role, TeamKind
from accounts.models import Membership
from leads.enums import (
    ActivityKind,
    CloseReason,
    Decision,
    Disposition,
    LifecycleStage,
    Origin,
)
from leads.models import Activity, Feedback, Opportunity, StageTransition
from leads.models.activities import IS_ATTEMPT
from leads.models.opportunities import DealState
from sla.enums import CommitmentKind, Metric, Outcome, Side
from sla.models import Clock, Commitment

Below = Mapping[int, frozenset[int]]
NOTHING: Any = Value(0, output_field=IntegerField())
ALL = Count("pk")
WELL_RATED = 4
NOT_A_LEAD = (CloseReason.SPAM.value, CloseReason.DUPLICATE.value)
# A call of both sides: somebody of Marketing was on the same lead at the same time.
TOGETHER = timedelta(minutes=30)
COMPLETE = (
    ~Q(lead__contact__email=None)
    & Q(lead__contact__company__isnull=False)
    & ~Q(lead__contact__family_name="")
    & ~Q(lead__contact__job_title="")
    & ~Q(lead__contact__country="")
)
MET = Q(outcome=Outcome.MET)
LATE = Q(outcome=Outcome.MET_LATE) | Q(outcome=Outcome.TRANSFERRED, stopped_at__gt=F("due_at"))
ROLES = {Side.MARKETING: (Role.MARKETER,), Side.SALES: (Role.REP,),
         Side.BOTH: (Role.MARKETER, Role.REP)}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """Rows that count. `at` and `person` are the columns of when and by whom.

    `person` is None where nobody in particular answers for a row.
    """

    rows: QuerySet[Any]
    at: str
    person: str | None
    numerator: Combinable = field(default_factory=lambda: ALL)
    denominator: Combinable = field(default_factory=lambda: NOTHING)
    apart: Combinable = field(default_factory=lambda: NOTHING)


def measured(commitment: Commitment, below: Below, *, at: datetime) -> Measured:
    """Return the rows of a commitment in its scope and team; clocks are judged at `at`.

    `below` names each team with all teams below it. No statement is sent.
    """
    if commitment.is_timed:
        return _clocks(Q(commitment__lineage=commitment.lineage), at)
    found = _SOURCES[commitment.metric or commitment.kind](commitment, at)
    rows = found.rows.filter(_scope(commitment))
    if commitment.team_id is not None and found.person is not None:
        rows = rows.filter(_works_in(found.person, below[commitment.team_id]))
    return Measured(rows, found.at, found.person, found.numerator, found.denominator, found.apart)


def _scope(commitment: Commitment) -> Q:
    """Narrow by what the commitment is about; what is left empty does not narrow."""
    asked = {
        "lead__product_line": commitment.product_line_id,
        "lead__persona": commitment.persona_id,
        "lead__source": commitment.source_id,
        "lead__contact__country__iexact": commitment.country or None,
        "lead__score__gte": commitment.score_from,
        "lead__score__lt": commitment.score_below,
    }
    return Q(**{key: value for key, value in asked.items() if value is not None})


def _works_in(person: str, team_ids: frozenset[int]) -> Exists:
    return Exists(Membership.objects.filter(user=OuterRef(person), team__in=team_ids))


def _entries(*stages: str) -> QuerySet[StageTransition]:
    """Real entries into stages: neither inferred nor taken back, and no mere close."""
    rows = StageTransition.objects.filter(inferred=False, voided_by__isnull=True)
    moved = Q(from_stage__isnull=True) | ~Q(from_stage=F("to_stage"))
    return rows.filter(moved, to_stage__in=stages)


def _by_side(commitment: Commitment) -> Q:
    """What Marketing promises is counted on the leads that it brought."""
    return Q(lead__origin=Origin.MARKETING) if commitment.side == Side.MARKETING else Q()


def _volume(commitment: Commitment, at: datetime) -> Measured:
    """Entries into a stage; confirmed spam, tests and duplicates leave it."""
    confirmed = StageTransition.objects.filter(
        lead=OuterRef("lead"), voided_by__isnull=True, reason__in=NOT_A_LEAD
    ).exclude(to_disposition=Disposition.OPEN)
    rows = _entries(commitment.stage).filter(_by_side(commitment), ~Exists(confirmed))
    return Measured(rows.exclude(lead__disposition=Disposition.MERGED), "effective_at", "actor_id")


def _conversion(commitment: Commitment, at: datetime) -> Measured:
    """Entries into the second stage ÷ entries into the first, of the same period."""
    rows = _entries(commitment.stage, commitment.to_stage).filter(_by_side(commitment))
    return Measured(
        rows,
        "effective_at",
        "actor_id" if commitment.side == Side.SALES else None,
        Count("pk", filter=Q(to_stage=commitment.to_stage)),
        Count("pk", filter=Q(to_stage=commitment.stage)),
    )


def _completeness(commitment: Commitment, at: datetime) -> Measured:
    """Of the leads that entered a stage (MQL), those whose contact is complete now."""
    rows = _entries(commitment.stage or LifecycleStage.MQL).filter(_by_side(commitment))
    return Measured(rows, "effective_at", "actor_id", Count("pk", filter=COMPLETE), ALL)


def _said(commitment: Commitment, said: Q, numerator: Combinable, of: Combinable) -> Measured:
    rows = Feedback.objects.filter(said, voided_at__isnull=True)
    person = "given_by_id" if commitment.side == Side.SALES else None
    return Measured(rows, "decided_at", person, numerator, of)


def _well_rated(commitment: Commitment, at: datetime) -> Measured:
    good = Count("pk", filter=Q(fit_rating__gte=WELL_RATED))
    return _said(commitment, Q(fit_rating__isnull=False), good, ALL)


def _mean_fit(commitment: Commitment, at: datetime) -> Measured:
    return _said(commitment, Q(fit_rating__isnull=False), Sum("fit_rating"), ALL)


def _acceptance(commitment: Commitment, at: datetime) -> Measured:
    """Accepted ÷ (accepted + rejected) by decision date."""
    accepted = Count("pk", filter=Q(counts_as=Decision.ACCEPTED))
    decided = Q(counts_as__in=[Decision.ACCEPTED, Decision.REJECTED])
    return _said(commitment, decided, accepted, ALL)


def _feedback_given(commitment: Commitment, at: datetime) -> Measured:
    """Decisions that say why, how well the lead fits, or anything in words."""
    told = ~Q(reason="") | ~Q(text="") | Q(fit_rating__isnull=False)
    return _said(commitment, Q(), Count("pk", filter=told), ALL)


def _compliance(commitment: Commitment, at: datetime) -> Measured:
    """Clocks of everything that this side promises."""
    side = Q() if commitment.side == Side.BOTH else Q(commitment__side=commitment.side)
    return _clocks(side, at)


def _clocks(which: Q, at: datetime) -> Measured:
    """Met ÷ (met + missed) by due instant; cancelled apart. What is due later is not judged."""
    missed = LATE | Q(outcome__isnull=True, due_at__lt=at)
    return Measured(
        Clock.objects.filter(which, voided_at__isnull=True),
        "due_at",
        "owner_id",
        Count("pk", filter=MET),
        Count("pk", filter=MET | missed),
        Count("pk", filter=Q(outcome=Outcome.CANCELLED)),
    )


def _revenue(commitment: Commitment, at: datetime) -> Measured:
    """First wins of leads in cents of the organisation's currency; without a rate apart."""
    same_instant = Q(closed_at=OuterRef("closed_at"), pk__lt=OuterRef("pk"))
    earlier = Opportunity.objects.filter(
        Q(closed_at__lt=OuterRef("closed_at")) | same_instant,
        lead=OuterRef("lead"),
        state=DealState.WON,
    )
    rows = Opportunity.objects.filter(_by_side(commitment), ~Exists(earlier), state=DealState.WON)
    cents = Round(F("amount") * F("rate"), 2) * 100
    return Measured(
        rows,
        "closed_at",
        "owner_id",
        Sum(cents, output_field=DecimalField(max_digits=24, decimal_places=4)),
        NOTHING,
        Count("pk", filter=Q(rate__isnull=True) | Q(amount__isnull=True)),
    )


def _done(commitment: Commitment, what: Q) -> Measured:
    """Activities of the people whose effort was promised."""
    does = Membership.objects.filter(user=OuterRef("actor"), role__in=ROLES[Side(commitment.side)])
    rows = Activity.objects.filter(what, Exists(does), deleted_at__isnull=True)
    return Measured(rows, "occurred_at", "actor_id")


def _attempts(commitment: Commitment, at: datetime) -> Measured:
    return _done(commitment, IS_ATTEMPT)


def _notes(commitment: Commitment, at: datetime) -> Measured:
    return _done(commitment, Q(kind=ActivityKind.NOTE))


def _joint_calls(commitment: Commitment, at: datetime) -> Measured:
    of_marketing = Membership.objects.filter(user=OuterRef("actor"), team__kind=TeamKind.MARKETING)
    beside = Activity.objects.filter(
        Exists(of_marketing),
        lead=OuterRef("lead"),
        kind__in=[ActivityKind.CALL, ActivityKind.MEETING],
        deleted_at__isnull=True,
        occurred_at__gte=OuterRef("occurred_at") - TOGETHER,
        occurred_at__lte=OuterRef("occurred_at") + TOGETHER,
    ).exclude(actor=OuterRef("actor"))
    calls = Q(kind__in=[ActivityKind.CALL, ActivityKind.MEETING])
    return _done(commitment, calls & Q(Exists(beside)))


_SOURCES: dict[str, Callable[[Commitment, datetime], Measured]] = {
    CommitmentKind.VOLUME: _volume,
    CommitmentKind.REVENUE: _revenue,
    Metric.WELL_RATED: _well_rated,
    Metric.MEAN_FIT: _mean_fit,
    Metric.ACCEPTANCE: _acceptance,
    Metric.CONVERSION: _conversion,
    Metric.FEEDBACK_GIVEN: _feedback_given,
    Metric.COMPLETENESS: _completeness,
    Metric.COMPLIANCE: _compliance,
    Metric.ATTEMPTS_PER_DAY: _attempts,
    Metric.NOTES_PER_WEEK: _notes,
    Metric.JOINT_CALLS_PER_WEEK: _joint_calls,
}
