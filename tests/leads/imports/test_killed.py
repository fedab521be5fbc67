"""A real worker is killed with its hands in the second half of a file; the next one ends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.db import transaction

from leads.enums.imports import ImportPhase, ImportState
from leads.models import Contact, ImportChunk, Lead, LeadImport, StageTransition
from leads.selectors.imports import Counts, counts_of
from leads.services.imports.steering import WORK, run_import
from leads.services.imports.working import ROWS_AT_ONCE
from smarketing import time_source
from tests.jobs.killing import Worker, eventually, is_waiting, kill, worker_of
from tests.leads.imports.made import PLAIN, checked, csv_file, done, go

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = "test-killed-import"
ROWS = 2 * ROWS_AT_ONCE


@pytest.fixture
def worker(private_folder: Path) -> Iterator[Worker]:
    """A worker that does not outlive the test."""
    with worker_of(QUEUE) as process:
        yield process


def chunks(one: LeadImport) -> list[int]:
    rows = ImportChunk.objects.filter(lead_import=one, phase=ImportPhase.RUN).order_by("number")
    return list(rows.values_list("number", flat=True))


def test_a_run_killed_at_half_is_ended_by_the_next_worker(marketer, worker):
    done(PLAIN + "last@acme.example,,Neri,Acme,2026-01-05\n", marketer)
    last = Contact.objects.get()
    one = checked(csv_file(ROWS - 1) + "last@acme.example,Zoe,Neri,Acme,2026-01-05\n", marketer)
    run_import(one.pk, actor=marketer, at=time_source.now())
    with transaction.atomic():
        # The worker does the first half, and stands before the last row of the second.
        Contact.objects.select_for_update().get(pk=last.pk)
        current_app.send_task(WORK, queue=QUEUE)
        eventually(lambda: chunks(one) == [1] and is_waiting())
        kill(worker)
    assert (chunks(one), Lead.objects.count()) == ([1], ROWS_AT_ONCE + 1)

    soon = time_source.now()
    assert go(soon) == 0  # for all that is known, the dead is still at it
    go(soon + timedelta(minutes=2, seconds=1))
    one.refresh_from_db()
    assert (one.state, chunks(one)) == (ImportState.DONE, [1, 2])
    assert counts_of(one, ImportPhase.RUN) == Counts(rows=ROWS, created=ROWS - 1, updated=1)
    assert (Lead.objects.count(), StageTransition.objects.count()) == (ROWS, ROWS)
    last.refresh_from_db()
    assert (last.given_name, Contact.objects.count()) == ("Zoe", ROWS)
