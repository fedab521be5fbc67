"""What period commitments came to, counted from the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Organisation, Team, User
from leads.enums import ActivityKind, Cause, Decision, Direction, LifecycleStage
from leads.models import Activity, Feedback, Lead, Opportunity, StageTransition
from leads.models.opportunities import DealState
from sla.enums import CommitmentKind, Metric, Outcome, PeriodKind, Side, Told
from sla.models import Clock, Commitment
from sla.periods import Period, last_periods, period_at
from sla.selectors.measuring import Tally, measure, rows_of, total
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.sla.promising import in_force, promise

pytestmark = pytest.mark.django_db
MARCH = period_at(PeriodKind.MONTH, AT, ZoneInfo("Europe/Rome"))
DAY = timedelta(days=1)
END = MARCH.end
S: TypeAlias = LifecycleStage
K: TypeAlias = CommitmentKind
SIDES = (Side.MARKETING, Side.SALES)


def figure(kind: K, *, side: Side = Side.MARKETING, **said: Any) -> dict[str, Any]:
    """A period commitment of 10 a month unless said otherwise."""
    return promise(
        kind, side=side, minutes=None, **{"period": PeriodKind.MONTH, "target": 10, **said}
    )


def only(said: dict[str, Any]) -> Commitment:
    """The one commitment of an agreement in force."""
    return in_force(said).commitments.get()


def came_to(row: Commitment, period: Period = MARCH, at: datetime = END) -> Tally:
    """What a commitment came to."""
    return total(measure({row.pk: (row, last_periods(period, 6))}, at=at), row.pk, period)


def entry(lead: Lead, to: S, at: datetime | None, **said: Any) -> StageTransition:
    """A row of the record."""
    return StageTransition.objects.create(
        lead=lead, from_stage=S.LEAD, to_stage=to, from_disposition="OPEN", to_disposition="OPEN",
        cause=Cause.IMPORT, effective_at=at, recorded_at=AT, **said,
    )  # fmt: skip


@pytest.fixture
def lead(sales: Team, rep: User) -> Lead:
    """A lead that stays at LEAD; rows of the record are laid beside it."""
    return lead_at(S.LEAD, at=AT)


def test_volume_counts_real_entries_of_the_period(lead: Lead) -> None:
    row = only(figure(K.VOLUME, stage=S.MQL))
    first = MARCH.start
    entry(lead, S.MQL, first - timedelta(microseconds=1))
    counted = [entry(lead, S.MQL, first), entry(lead, S.MQL, END - timedelta(microseconds=1))]
    entry(lead, S.MQL, END)
    entry(lead, S.MQL, None)  # unknown: in no flow
    entry(lead, S.MQL, AT, inferred=True)
    entry(lead, S.MQL, AT, voided_by=counted[0])
    entry(lead, S.SAL, AT)
    assert came_to(row) == Tally(Decimal(2))
    assert came_to(row, MARCH.previous()) == Tally(Decimal(1))
    _how, rows = rows_of(row, MARCH, at=END)
    assert set(rows.values_list("pk", flat=True)) == {one.pk for one in counted}


def test_confirmed_spam_and_duplicates_leave_the_volume(lead: Lead) -> None:
    row = only(figure(K.VOLUME, stage=S.MQL))
    entry(lead, S.MQL, AT)
    assert came_to(row).numerator == 1
    closing = StageTransition.objects.create(
        lead=lead, from_stage=S.MQL, to_stage=S.MQL, from_disposition="OPEN",
        to_disposition="DISQUALIFIED", cause=Cause.USER, reason="spam", effective_at=AT,
        recorded_at=AT,
    )  # fmt: skip
    assert came_to(row).numerator == 0
    StageTransition.objects.filter(pk=closing.pk).update(voided_by=closing)  # overturned
    assert came_to(row).numerator == 1


def test_marketing_is_counted_on_the_leads_it_brought(lead: Lead) -> None:
    marketing, sales = (figure(K.VOLUME, stage=S.SQL, side=side) for side in SIDES)
    agreement = in_force(marketing, sales)
    entry(lead, S.SQL, AT)
    Lead.objects.filter(pk=lead.pk).update(origin="sales")
    by_side = {row.side: came_to(row).numerator for row in agreement.commitments.all()}
    assert by_side == {"MARKETING": 0, "SALES": 1}


def test_scope_narrows(lead: Lead) -> None:
    row = only(figure(K.VOLUME, stage=S.MQL, country="Italy", score_from=10, score_below=20))
    entry(lead, S.MQL, AT)
    lead.contact.country = "ITALY"
    lead.contact.save(update_fields=["country"])
    found = []
    for score in (9, 10, 19, 20):
        Lead.objects.filter(pk=lead.pk).update(score=score)
        found.append(came_to(row).numerator)
    assert found == [0, 1, 1, 0]
    Lead.objects.filter(pk=lead.pk).update(score=10)
    lead.contact.country = "Spain"
    lead.contact.save(update_fields=["country"])
    assert came_to(row).numerator == 0


def test_a_team_is_counted_by_who_did_it(lead: Lead, marketing: Team, marketer: User) -> None:
    below = Team.objects.create(name="North", kind="MARKETING", parent=marketing)
    row = only(figure(K.VOLUME, stage=S.MQL, team=below))
    entry(lead, S.MQL, AT, actor=marketer)
    assert came_to(row).numerator == 0
    marketer.memberships.update(team=below)
    assert came_to(row).numerator == 1


def said(lead: Lead, decision: Decision, counts: Decision | None, **fields: Any) -> Feedback:
    """What Sales said at AT."""
    reason = "" if decision is Decision.ACCEPTED else "wrong_fit"
    return Feedback.objects.create(
        lead=lead, decision=decision, counts_as=counts, decided_at=AT, reason=reason, **fields
    )


def test_rates_of_decisions(lead: Lead) -> None:
    said(lead, Decision.ACCEPTED, Decision.ACCEPTED, fit_rating=5)
    said(lead, Decision.ACCEPTED, Decision.ACCEPTED)
    said(lead, Decision.REJECTED, Decision.REJECTED, fit_rating=3)
    said(lead, Decision.REJECTED, Decision.ACCEPTED, fit_rating=4)  # overturned
    said(lead, Decision.RETURNED, None)
    said(lead, Decision.REJECTED, Decision.REJECTED, fit_rating=1, voided_at=AT)
    metrics = (Metric.ACCEPTANCE, Metric.FEEDBACK_GIVEN, Metric.WELL_RATED, Metric.MEAN_FIT)
    kinds = (K.RATE, K.RATE, K.QUALITY, K.QUALITY)
    agreement = in_force(
        *(figure(k, metric=m, target=1) for k, m in zip(kinds, metrics, strict=True))
    )
    found = {row.metric: came_to(row) for row in agreement.commitments.all()}
    assert found == {
        "ACCEPTANCE": Tally(Decimal(3), Decimal(4)),
        "FEEDBACK_GIVEN": Tally(Decimal(4), Decimal(5)),
        "WELL_RATED": Tally(Decimal(2), Decimal(3)),
        "MEAN_FIT": Tally(Decimal(12), Decimal(3)),
    }


def test_conversion_between_two_stages_and_completeness(lead: Lead) -> None:
    for stage in (S.MQL, S.MQL, S.MQL, S.SQL, S.SAL):
        entry(lead, stage, AT)
    agreement = in_force(
        figure(K.RATE, metric=Metric.CONVERSION, stage=S.MQL, to_stage=S.SQL, target=1),
        figure(K.RATE, metric=Metric.COMPLETENESS, target=1),
    )
    found = {row.metric: came_to(row) for row in agreement.commitments.all()}
    assert found["CONVERSION"] == Tally(Decimal(1), Decimal(3))
    assert found["COMPLETENESS"] == Tally(Decimal(0), Decimal(3))


def deal(lead: Lead, **said: Any) -> Opportunity:
    """A deal won at AT."""
    given = {"state": DealState.WON, "closed_at": AT, "currency": "EUR", "rate": Decimal(1)}
    return Opportunity.objects.create(lead=lead, **{**given, **said})


def test_revenue_is_of_first_wins_in_cents_and_tells_apart_what_has_no_rate(lead: Lead) -> None:
    row = only(figure(K.REVENUE, side=Side.BOTH))
    other, third = (lead_at(S.LEAD, email=f"{n}@acme.example", at=AT) for n in ("b", "c"))
    deal(lead, amount=Decimal("100.01"), currency="USD", rate=Decimal("0.5"))
    deal(lead, amount=Decimal(900), closed_at=AT + DAY)  # a later win is an expansion
    deal(other, amount=Decimal(300), currency="USD", rate=None)
    deal(third, amount=Decimal(7), state=DealState.LOST)
    assert came_to(row) == Tally(Decimal(5001), Decimal(0), 1)


def test_effort_counts_what_the_promised_people_did(lead: Lead, rep: User, marketer: User) -> None:
    def log(actor: User, kind: ActivityKind, at: datetime, **said: Any) -> None:
        Activity.objects.create(
            lead=lead, actor=actor, kind=kind, occurred_at=at, logged_at=at, text="x", **said
        )

    log(rep, ActivityKind.CALL, AT)
    log(rep, ActivityKind.EMAIL, AT, is_automatic=True)
    log(rep, ActivityKind.CALL, AT + 5 * DAY, direction=Direction.INBOUND)
    log(rep, ActivityKind.NOTE, AT)
    log(marketer, ActivityKind.CALL, AT + timedelta(minutes=30))
    names = (Metric.ATTEMPTS_PER_DAY, Metric.NOTES_PER_WEEK, Metric.JOINT_CALLS_PER_WEEK)
    agreement = in_force(*(figure(K.EFFORT, side=Side.SALES, metric=name) for name in names))
    found = {row.metric: came_to(row).numerator for row in agreement.commitments.all()}
    assert found == {"ATTEMPTS_PER_DAY": 1, "NOTES_PER_WEEK": 1, "JOINT_CALLS_PER_WEEK": 1}


def clock(row: Commitment, lead: Lead, n: int, **said: Any) -> Clock:
    """A clock due at AT."""
    due = said.pop("due_at", AT)
    return Clock.objects.create(
        lead=lead, commitment=row, calendar_id=Organisation.objects.get().calendar_id,
        started_at=due - DAY, due_at=due,
        risk_at=due, started_by=Told.TRANSITION, started_by_id=n, target=timedelta(hours=4), **said,
    )  # fmt: skip


def test_compliance_is_met_of_met_and_missed_by_due_instant(lead: Lead) -> None:
    agreement = in_force(
        promise(K.TIME_TO_DECIDE), figure(K.RATE, side=Side.SALES, metric=Metric.COMPLIANCE)
    )
    timed = agreement.commitments.get(kind=K.TIME_TO_DECIDE)
    late = AT + DAY
    tick = timedelta(microseconds=1)
    clock(timed, lead, 1, outcome=Outcome.MET, stopped_at=AT)
    clock(timed, lead, 2, outcome=Outcome.MET_LATE, stopped_at=late)
    clock(timed, lead, 3, outcome=Outcome.TRANSFERRED, stopped_at=late)
    clock(timed, lead, 4, outcome=Outcome.TRANSFERRED, stopped_at=AT)
    clock(timed, lead, 5, outcome=Outcome.CANCELLED, stopped_at=AT)
    clock(timed, lead, 6)
    clock(timed, lead, 7, outcome=Outcome.MET, stopped_at=AT, voided_at=AT)
    clock(timed, lead, 8, outcome=Outcome.MET, stopped_at=AT - 9 * DAY, due_at=MARCH.start - tick)
    for row in agreement.commitments.all():
        assert came_to(row) == Tally(Decimal(1), Decimal(4), 1)
        # An open clock is missed strictly after its due instant.
        assert came_to(row, at=AT).denominator == 3
        assert came_to(row, at=AT + tick).denominator == 4


@pytest.mark.parametrize("n", [1, 3])
def test_two_statements_however_many(n: int, lead: Lead, django_assert_num_queries: Any) -> None:
    kinds = [
        promise(K.TIME_TO_DECIDE),
        figure(K.VOLUME, stage=S.MQL),
        figure(K.REVENUE, side=Side.BOTH),
        figure(K.RATE, metric=Metric.ACCEPTANCE),
        figure(K.QUALITY, metric=Metric.MEAN_FIT),
        figure(K.RATE, metric=Metric.CONVERSION, stage=S.MQL, to_stage=S.SQL),
        figure(K.RATE, metric=Metric.COMPLETENESS),
        figure(K.RATE, metric=Metric.COMPLIANCE),
        figure(K.EFFORT, metric=Metric.JOINT_CALLS_PER_WEEK),
    ] * n
    rows = list(in_force(*kinds).commitments.all())
    asked = {row.pk: (row, last_periods(MARCH, 6)) for row in rows}
    with django_assert_num_queries(2):
        measure(asked, at=datetime(2026, 4, 1, tzinfo=UTC))
