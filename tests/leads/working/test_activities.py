"""Activities: what is logged, what it counts, what is refused, what it costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from leads.enums import ActivityKind, Direction, LifecycleStage
from leads.models import Activity, Lead
from leads.services.activities import NewActivity, log_activities, withdraw_activity
from leads.signals import activities_logged, activities_withdrawn
from smarketing.errors import BadInput, NotAllowed, NotFound, Refused
from tests.conftest import AT
from tests.leads.records import HOUR, facts, lead_at

pytestmark = pytest.mark.django_db
K, S = ActivityKind, LifecycleStage
TICK = timedelta(microseconds=1)


@pytest.fixture
def lead(rep):
    return lead_at(S.SAL, owner=rep)


def new(lead, kind=K.CALL, **fields) -> NewActivity:
    return NewActivity(lead_id=lead.pk, kind=kind, **fields)


def counts(lead) -> tuple:
    row = Lead.objects.get(pk=lead.pk)
    return row.attempts, row.first_attempt_at, row.last_activity_at


@pytest.fixture
def heard():
    """What the signals told, as (signal, ids)."""
    told = []

    def logged(sender, activities, at, **_):
        told.append(("logged", [a.lead.attempts for a in activities], at))

    def withdrawn(sender, activities, at, **_):
        told.append(("withdrawn", [a.lead.attempts for a in activities], at))

    activities_logged.connect(logged)
    activities_withdrawn.connect(withdrawn)
    yield told
    activities_logged.disconnect(logged)
    activities_withdrawn.disconnect(withdrawn)


def test_each_kind_counts_as_it_should(lead, rep):
    log_activities(
        [
            new(lead, K.CALL, connected=False, occurred_at=AT - 5 * HOUR),
            new(lead, K.EMAIL, occurred_at=AT - 4 * HOUR),
            new(lead, K.MEETING, occurred_at=AT - 3 * HOUR),
            new(lead, K.MESSAGE, occurred_at=AT - 2 * HOUR),
            new(lead, K.NOTE, text="Asked for a price", occurred_at=AT - HOUR),
            new(lead, K.EMAIL, is_automatic=True, occurred_at=AT - 9 * HOUR),
            new(lead, K.CALL, direction=Direction.INBOUND, connected=True),
        ],
        actor=rep,
        at=AT,
    )
    assert counts(lead) == (4, AT - 5 * HOUR, AT)
    assert [a.is_attempt for a in Activity.objects.order_by("occurred_at")] == [
        False, True, True, True, True, False, False,
    ]  # fmt: skip


def test_an_earlier_attempt_told_later_is_the_first(lead, rep):
    log_activities([new(lead)], actor=rep, at=AT)
    (late,) = log_activities([new(lead, occurred_at=AT - 2 * HOUR)], actor=rep, at=AT + HOUR)
    assert counts(lead) == (2, AT - 2 * HOUR, AT)
    assert (late.occurred_at, late.logged_at) == (AT - 2 * HOUR, AT + HOUR)


def test_counting_leaves_the_version_alone(lead, rep):
    before = Lead.objects.get(pk=lead.pk).version
    log_activities([new(lead)], actor=rep, at=AT)
    assert Lead.objects.get(pk=lead.pk).version == before


def test_the_world_is_told_once_a_list(lead, rep, heard):
    other = lead_at(S.SAL, owner=rep, email="bea@acme.example")
    log_activities([new(lead), new(other), new(lead)], actor=rep, at=AT)
    assert heard == [("logged", [2, 1, 2], AT)]
    assert log_activities([], actor=rep, at=AT) == []
    assert len(heard) == 1


def test_a_failing_receiver_rolls_the_whole_list_back(lead, rep):
    def fails(**_):
        raise RuntimeError("no")

    activities_logged.connect(fails)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            log_activities([new(lead)], actor=rep, at=AT)
    finally:
        activities_logged.disconnect(fails)
    assert (Activity.objects.count(), counts(lead)) == (0, (0, None, None))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": K.NOTE, "text": "  "}, "text"),
        ({"occurred_at": AT + TICK}, "occurred_at"),
        ({"occurred_at": datetime(1989, 1, 1, tzinfo=UTC)}, "occurred_at"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "a\x00b"}, "text"),
    ],
)
def test_what_says_nothing_is_refused_and_nothing_is_logged(lead, rep, wrong, field):
    before = facts(lead)
    with pytest.raises(BadInput) as refused:
        log_activities([new(lead), new(lead, **wrong)], actor=rep, at=AT)
    assert list(refused.value.fields) == [field]
    assert (Activity.objects.count(), facts(lead)) == (0, before)


def test_now_is_not_the_future(lead, rep):
    (row,) = log_activities([new(lead, occurred_at=AT)], actor=rep, at=AT)
    assert row.occurred_at == AT


def test_a_lead_that_is_not_there_stops_the_list(lead, rep):
    with pytest.raises(NotFound):
        log_activities([new(lead), NewActivity(lead_id=999_999, kind=K.CALL)], actor=rep, at=AT)
    assert (Activity.objects.count(), counts(lead)) == (0, (0, None, None))


@pytest.mark.parametrize("role", ["facilitator", "administrator", "newcomer"])
def test_only_the_two_sides_log(lead, role, request):
    with pytest.raises(NotAllowed):
        log_activities([new(lead)], actor=request.getfixturevalue(role), at=AT)
    assert Activity.objects.count() == 0


def test_whether_somebody_was_reached_is_said_of_calls_and_meetings_only(lead, rep):
    rows = log_activities(
        [new(lead, K.CALL, connected=True), new(lead, K.EMAIL, connected=True)], actor=rep, at=AT
    )
    assert [row.connected for row in rows] == [True, None]


def test_taking_back_counts_anew_and_tells(lead, rep, heard):
    first, second = log_activities([new(lead, occurred_at=AT - HOUR), new(lead)], actor=rep, at=AT)
    withdraw_activity(first.pk, actor=rep, at=AT + HOUR)
    assert counts(lead) == (1, AT, AT)
    withdraw_activity(first.pk, actor=rep, at=AT + 2 * HOUR)
    assert Activity.objects.get(pk=first.pk).deleted_at == AT + HOUR
    withdraw_activity(second.pk, actor=rep, at=AT + 2 * HOUR)
    assert counts(lead) == (0, None, None)
    assert [what for what, _n, _at in heard] == ["logged", "withdrawn", "withdrawn"]


def test_another_persons_entry_stays(lead, rep, manager_sales):
    (row,) = log_activities([new(lead)], actor=rep, at=AT)
    with pytest.raises(NotAllowed):
        withdraw_activity(row.pk, actor=manager_sales, at=AT)
    assert Activity.objects.get(pk=row.pk).deleted_at is None


def test_the_day_ends_at_midnight_of_the_house(lead, rep):
    (row,) = log_activities([new(lead)], actor=rep, at=AT)
    midnight = datetime(2026, 3, 3, 23, 0, tzinfo=UTC)  # 24:00 in Rome
    with pytest.raises(Refused) as refused:
        withdraw_activity(row.pk, actor=rep, at=midnight)
    assert refused.value.code == "too_late"
    assert counts(lead) == (1, AT, AT)
    withdraw_activity(row.pk, actor=rep, at=midnight - TICK)
    assert counts(lead) == (0, None, None)


@pytest.mark.parametrize("many", [1, 3])
def test_logging_costs_the_same_for_one_and_for_many(rep, many):
    leads = [lead_at(S.SAL, owner=rep, email=f"p{n}@acme.example") for n in range(many)]
    log_activities([new(leads[0])], actor=rep, at=AT)  # his standing is known now
    with CaptureQueriesContext(connection) as captured:
        log_activities([new(one) for one in leads], actor=rep, at=AT)
    kept = [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"]]
    assert len(kept) == 4  # lock, insert, count, clocks
    assert "FOR UPDATE" in kept[0]


def test_the_database_refuses_what_has_not_happened(lead, rep):
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.create(
            lead=lead, actor=rep, kind=K.CALL, occurred_at=AT + TICK, logged_at=AT
        )
