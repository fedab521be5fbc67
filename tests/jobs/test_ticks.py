"""A periodic job runs once a period, however often the bell rings."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from jobs import services, tasks
from jobs.models import Heartbeat, JobOutcome, JobRun
from jobs.ticks import claim_slot, single_tick, slot_of

MINUTE = timedelta(minutes=1)
ON_THE_MINUTE = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("offset", "slots_later"),
    [
        (timedelta(0), 0),
        (MINUTE - timedelta(microseconds=1), 0),
        (MINUTE, 1),
        (-timedelta(microseconds=1), -1),
    ],
)
def test_a_slot_is_a_half_open_period(offset: timedelta, slots_later: int) -> None:
    assert slot_of(ON_THE_MINUTE + offset, MINUTE) - slot_of(ON_THE_MINUTE, MINUTE) == slots_later


@pytest.mark.django_db
def test_the_second_ring_of_a_period_does_nothing() -> None:
    runs: list[datetime] = []

    @single_tick("sweep", MINUTE)
    def sweep(at: datetime) -> int:
        runs.append(at)
        return 7

    with time_machine.travel(ON_THE_MINUTE, tick=False):
        assert [sweep(), sweep()] == [7, None]
    with time_machine.travel(ON_THE_MINUTE + MINUTE, tick=False):
        assert sweep() == 7

    assert runs == [ON_THE_MINUTE, ON_THE_MINUTE + MINUTE]
    kept = list(JobRun.objects.order_by("slot").values_list("outcome", "done", "finished_at"))
    assert kept == [
        (JobOutcome.DONE, 7, ON_THE_MINUTE),
        (JobOutcome.DONE, 7, ON_THE_MINUTE + MINUTE),
    ]


@pytest.mark.django_db
def test_a_failure_is_kept_with_its_reason_and_raised() -> None:
    @single_tick("sweep", MINUTE)
    def sweep(at: datetime) -> int:
        raise ValueError("no such calendar")

    with time_machine.travel(ON_THE_MINUTE, tick=False), pytest.raises(ValueError, match="no such"):
        sweep()

    run = JobRun.objects.get()
    assert (run.outcome, run.error) == (JobOutcome.FAILED, "ValueError: no such calendar")


@pytest.mark.django_db(transaction=True)
def test_of_eight_parallel_claims_one_gets_the_slot() -> None:
    together = threading.Barrier(8)
    claimed: list[bool] = []

    def claim() -> None:
        together.wait()
        claimed.append(claim_slot("sweep", 1, at=ON_THE_MINUTE) is not None)
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(claimed) == [False] * 7 + [True]
    assert JobRun.objects.count() == 1


@pytest.mark.django_db
def test_the_database_refuses_a_run_that_ended_without_an_end() -> None:
    with pytest.raises(IntegrityError, match="job_run_finished_iff_ended"), transaction.atomic():
        JobRun.objects.create(
            job="sweep", slot=1, started_at=ON_THE_MINUTE, outcome=JobOutcome.DONE
        )
    assert JobRun.objects.count() == 0


@pytest.mark.django_db
def test_a_heartbeat_is_one_row_that_moves_on() -> None:
    services.record_heartbeat("worker", at=ON_THE_MINUTE)
    with time_machine.travel(ON_THE_MINUTE + MINUTE, tick=False):
        assert tasks.heartbeat() == 1
    assert list(Heartbeat.objects.values_list("name", "beat_at")) == [
        ("worker", ON_THE_MINUTE + MINUTE)
    ]


@pytest.mark.django_db
def test_runs_are_forgotten_after_fourteen_days_and_not_before() -> None:
    kept = JobRun.objects.create(job="sweep", slot=2, started_at=ON_THE_MINUTE)
    JobRun.objects.create(job="sweep", slot=1, started_at=ON_THE_MINUTE - timedelta(microseconds=1))
    assert services.prune_job_runs(at=ON_THE_MINUTE + services.KEEP_RUNS) == 1
    assert list(JobRun.objects.all()) == [kept]
