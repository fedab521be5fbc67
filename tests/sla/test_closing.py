"""Closing periods: frozen results, corrective actions, effects, corrections."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from accounts.models import Organisation, Team, User
from leads.enums import Cause, Decision, LifecycleStage
from leads.models import Feedback, Lead, StageTransition
from sla.enums import ActionState, CommitmentKind, Metric, Pace, PeriodKind, Side
from sla.models import (
    Agreement,
    Clock,
    Commitment,
    CommitmentShare,
    CorrectiveAction,
    PeriodResult,
)
from sla.selectors.standings import standings
from sla.services.closing import close_periods
from tests.conftest import AT
from tests.leads.records import lead_at
from tests.sla.promising import in_force, promise
from tests.sla.test_faults import at_once
from tests.sla.test_measuring import END, MARCH, figure

pytestmark = pytest.mark.django_db
TICK, HOUR = timedelta(microseconds=1), timedelta(hours=1)
S, K = LifecycleStage, CommitmentKind


@pytest.fixture
def lead(sales: Team, rep: User) -> Lead:
    """A lead beside which rows of the record are laid."""
    return lead_at(S.LEAD, at=AT)


def qualified(lead: Lead, n: int, at: datetime = AT, **said: Any) -> None:
    """So many entries into MQL."""
    StageTransition.objects.bulk_create(
        StageTransition(
            lead=lead, from_stage=S.LEAD, to_stage=S.MQL, from_disposition="OPEN",
            to_disposition="OPEN", cause=Cause.IMPORT, effective_at=at, recorded_at=AT, **said,
        )
        for _n in range(n)
    )  # fmt: skip


def mqls(**said: Any) -> dict[str, Any]:
    """Ten MQLs a month."""
    return figure(K.VOLUME, stage=S.MQL, **said)


def since_march(*promises: dict[str, Any]) -> Agreement:
    """An agreement in force since the first instant of March."""
    return in_force(*promises, since=MARCH.start)


def test_closes_only_what_is_over(lead: Lead) -> None:
    since_march(mqls())
    assert close_periods(at=END - TICK) == 0
    assert close_periods(at=END) == 1
    assert close_periods(at=END) == 0
    result = PeriodResult.objects.get()
    assert (result.first_on, result.last_on) == (date(2026, 3, 1), date(2026, 3, 31))


def test_a_period_that_began_before_every_agreement_is_not_judged(lead: Lead) -> None:
    in_force(mqls(), since=MARCH.start + TICK)
    assert close_periods(at=END) == 0
    assert close_periods(at=MARCH.next().end) == 1


@pytest.mark.parametrize(
    ("n", "status", "actions"), [(9, Pace.MISSED, 1), (10, Pace.MET, 0), (11, Pace.MET, 0)]
)
def test_a_miss_opens_one_corrective_action(n: int, status: Pace, actions: int, lead: Lead) -> None:
    since_march(mqls())
    qualified(lead, n)
    close_periods(at=END)
    result = PeriodResult.objects.get()
    assert (result.actual, result.status) == (Decimal(n), status.value)
    found = list(CorrectiveAction.objects.values_list("side", "missed_on", "state"))
    assert found == [(Side.MARKETING, date(2026, 3, 1), ActionState.OPEN)] * actions


@pytest.mark.parametrize(
    ("floor", "met", "status", "actions"),
    [
        (None, 4, Pace.MET, 0),  # the agreement says 80 %
        (None, 3, Pace.MISSED, 1),
        (Decimal("0.6"), 3, Pace.MET, 0),  # its own share goes first
        (Decimal("0.6"), 2, Pace.MISSED, 1),
    ],
)
def test_compliance_under_its_floor_opens_one(
    floor: Decimal | None, met: int, status: Pace, actions: int, lead: Lead
) -> None:
    row = since_march(promise(floor=floor)).commitments.get()
    house = Organisation.objects.values_list("calendar", flat=True).get()
    for n in range(5):
        kept = n < met
        Clock.objects.create(
            lead=lead, commitment=row, calendar_id=house, started_at=AT, started_by="TRANSITION",
            started_by_id=n, target=HOUR, due_at=AT + HOUR, risk_at=AT,
            stopped_at=AT + HOUR + (timedelta(0) if kept else TICK), stopped_by="TRANSITION",
            stopped_by_id=n, outcome="MET" if kept else "MET_LATE",
        )  # fmt: skip
    close_periods(at=END)
    assert PeriodResult.objects.get().status == status
    found = list(CorrectiveAction.objects.values_list("side", "missed_on"))
    assert found == [(Side.SALES, date(2026, 3, 1))] * actions


def test_late_facts_are_corrections_and_rewrite_nothing(lead: Lead) -> None:
    row = since_march(mqls()).commitments.get()
    qualified(lead, 9)
    close_periods(at=END)
    qualified(lead, 2, END - TICK)
    close_periods(at=END + timedelta(days=1))
    (standing,) = standings(at=END, first_on=MARCH.first_on)
    assert standing.commitment == row
    assert (standing.now.actual, standing.now.correction) == (Fraction(9), Fraction(2))
    assert standing.now.is_closed
    assert standing.now.verdict is not None
    assert standing.now.verdict.status is Pace.MISSED
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        PeriodResult.objects.update(actual=11)


def test_effects_are_measured_one_and_two_periods_later(lead: Lead) -> None:
    since_march(mqls())
    april = MARCH.next()
    qualified(lead, 4)
    qualified(lead, 7, april.start)
    qualified(lead, 12, april.end)
    for period in (MARCH, april, april.next()):
        close_periods(at=period.end)
    found = CorrectiveAction.objects.order_by("missed_on")
    assert list(found.values_list("after_one", "after_two")) == [
        (Decimal(7), Decimal(12)), (Decimal(12), None),
    ]  # fmt: skip


def test_what_was_left_out_is_closed_at_once(lead: Lead) -> None:
    since_march(mqls())
    qualified(lead, 4)
    assert close_periods(at=MARCH.next().next().end) == 3
    first = CorrectiveAction.objects.order_by("missed_on")[0]
    assert (first.after_one, first.after_two) == (Decimal(0), Decimal(0))


def test_each_period_by_the_version_in_force_when_it_began(lead: Lead) -> None:
    old = since_march(mqls())
    lineage = old.commitments.get().lineage
    in_force(mqls(target=20, lineage=lineage), since=MARCH.start + TICK, number=2)
    qualified(lead, 10)
    qualified(lead, 10, END)
    close_periods(at=MARCH.next().end)
    found = PeriodResult.objects.order_by("first_on").values_list("target", "status")
    assert list(found) == [(Decimal(10), "MET"), (Decimal(20), "MISSED")]


def test_an_ended_commitment_is_not_closed(lead: Lead) -> None:
    row = since_march(mqls()).commitments.get()
    Commitment.objects.filter(pk=row.pk).update(ended_at=END)
    assert close_periods(at=MARCH.next().end) == 0
    Commitment.objects.filter(pk=row.pk).update(ended_at=END + TICK)
    assert close_periods(at=MARCH.next().end) == 1


def test_rates_keep_what_was_divided_and_say_too_few(lead: Lead) -> None:
    accepted: dict[str, Any] = {"metric": Metric.ACCEPTANCE, "target": Decimal("0.6667")}
    since_march(figure(K.RATE, **accepted), figure(K.RATE, **accepted, least_n=4))
    for counts in (Decision.ACCEPTED, Decision.ACCEPTED, Decision.REJECTED):
        Feedback.objects.create(
            lead=lead, decision=counts, counts_as=counts, decided_at=AT, reason="wrong_fit"
        )
    close_periods(at=END)
    found = PeriodResult.objects.order_by("commitment__pk").values_list(
        "numerator", "denominator", "actual", "status"
    )
    kept = (Decimal(2), Decimal(3), Decimal("0.6667"), "TOO_FEW")
    assert list(found) == [kept] * 2


def test_judged_before_it_is_rounded(lead: Lead) -> None:
    since_march(figure(K.RATE, metric=Metric.ACCEPTANCE, target=Decimal("0.6667"), least_n=3))
    for counts in (Decision.ACCEPTED, Decision.ACCEPTED, Decision.REJECTED):
        Feedback.objects.create(
            lead=lead, decision=counts, counts_as=counts, decided_at=AT, reason="wrong_fit"
        )
    close_periods(at=END)
    assert PeriodResult.objects.get().status == Pace.MISSED


def test_shares_of_people_are_frozen_beside_the_whole(lead: Lead, marketer: User) -> None:
    draft = Agreement.objects.create(number=1, created_at=AT)
    row = Commitment.objects.create(agreement=draft, **mqls())
    CommitmentShare.objects.create(commitment=row, user=marketer, target=6)
    Agreement.objects.filter(pk=draft.pk).update(
        state="IN_FORCE", in_force_from=MARCH.start, text_hash="0" * 64
    )
    qualified(lead, 5, actor=marketer)
    qualified(lead, 6)
    close_periods(at=END)
    found = PeriodResult.objects.order_by("pk").values_list("user", "target", "actual", "status")
    whole = (None, Decimal(10), Decimal(11), "MET")
    own = (marketer.pk, Decimal(6), Decimal(5), "MISSED")
    rows: list[Any] = list(found)
    assert rows == [whole, own]
    assert not CorrectiveAction.objects.exists()  # a person's share opens none


def test_the_present_stands_by_its_pace(lead: Lead) -> None:
    since_march(mqls(target=22))
    qualified(lead, 2)
    (standing,) = standings(at=AT + timedelta(days=1))
    # March 2026 has 22 working days; the 4th is the third of them.
    assert (standing.days.elapsed, standing.days.whole) == (3, 22)
    verdict = standing.now.verdict
    assert verdict is not None
    assert (verdict.status, verdict.expected) == (Pace.TOO_EARLY, Fraction(3))
    assert verdict.forecast == Fraction(44, 3)
    assert [one.period.first_on.month for one in standing.trend] == [10, 11, 12, 1, 2, 3]


@pytest.mark.parametrize("n", [1, 3])
def test_statements_do_not_grow(n: int, lead: Lead, django_assert_num_queries: Any) -> None:
    since_march(*[mqls() for _n in range(n)])
    with django_assert_num_queries(7):
        standings(at=AT)
    with django_assert_num_queries(14):
        close_periods(at=END)


def test_quarters_close_with_their_own_borders(lead: Lead) -> None:
    in_force(mqls(period=PeriodKind.QUARTER), since=datetime(2025, 12, 31, 23, tzinfo=AT.tzinfo))
    qualified(lead, 10, MARCH.start - TICK)
    assert close_periods(at=END - TICK) == 0
    close_periods(at=END)
    assert PeriodResult.objects.get().status == Pace.MET


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_freeze_each_period_once(sales: Team, rep: User) -> None:
    since_march(mqls(), mqls(period=PeriodKind.QUARTER))
    assert at_once(*[lambda: close_periods(at=END + timedelta(days=62))] * 3) == []
    results = PeriodResult.objects.values_list("commitment__lineage", "first_on")
    assert len(results) == len(set(results)) > 0
    missed = PeriodResult.objects.filter(status=Pace.MISSED).count()
    assert CorrectiveAction.objects.count() == missed
