"""Files and rows go when nobody needs them any more; what came of them stays."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from leads.enums.imports import ImportPhase, ImportState
from leads.models import ImportChunk, ImportRow, Lead, LeadImport
from leads.selectors.imports import rejected_rows
from leads.services.imports.pruning import KEPT, STRAY_AFTER, prune_imports
from leads.services.imports.receiving import folder
from leads.services.imports.steering import discard_import, run_import
from leads.services.imports.undoing import undo_import
from tests.conftest import AT
from tests.leads.imports.made import checked, csv_file, done, go, upload

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def files() -> int:
    return len(list(folder().iterdir()))


@pytest.fixture
def prune(django_capture_on_commit_callbacks):
    """Prune, and do what follows a commit."""

    def run(at):
        with django_capture_on_commit_callbacks(execute=True):
            return prune_imports(at=at)

    return run


def test_a_month_after_its_end_the_file_and_its_rows_are_gone(marketer, prune):
    one = done(csv_file(3) + "nobody,Bea,Rossi,Acme,\n", marketer)
    assert prune(AT + KEPT - TICK) == 0
    assert (files(), ImportRow.objects.count()) == (1, 4)
    assert prune(AT + KEPT) == 1
    assert (files(), ImportRow.objects.count(), Lead.objects.count()) == (0, 0, 3)
    one.refresh_from_db()
    assert (one.stored, one.sample, one.state) == ("", [], ImportState.DONE)
    assert ImportChunk.objects.get(phase=ImportPhase.RUN).created == 3
    assert len(list(rejected_rows(one))) == 1  # its head alone
    assert prune(AT + KEPT) == 0


def test_it_can_be_undone_all_the_same(marketer, prune):
    one = done(csv_file(3), marketer)
    prune(AT + KEPT)
    undo_import(one.pk, actor=marketer, at=AT + KEPT)
    go(AT + KEPT)
    assert Lead.objects.count() == 0


@pytest.mark.parametrize("how", [upload, checked])
def test_a_file_that_nobody_went_on_with_is_forgotten_whole(marketer, how, prune):
    how(csv_file(2), marketer)
    assert prune(AT + KEPT) == 1
    assert (LeadImport.objects.count(), ImportRow.objects.count(), files()) == (0, 0, 0)


def test_one_that_is_at_work_stays_however_old(marketer, prune):
    one = checked(csv_file(2), marketer)
    run_import(one.pk, actor=marketer, at=AT)
    assert prune(AT + 10 * KEPT) == 0
    assert (files(), ImportRow.objects.count()) == (1, 2)


def test_a_file_that_no_import_names_goes_after_a_day(marketer, prune):
    kept = upload(csv_file(1), marketer)
    for name, hours in (("fresh", 0), ("stray", 25)):
        path = folder() / name
        path.write_bytes(b"x")
        told = path.stat().st_mtime - hours * 3600
        os.utime(path, (told, told))
    assert timedelta(hours=24) == STRAY_AFTER
    prune(AT)
    assert sorted(path.name for path in folder().iterdir()) == sorted(["fresh", kept.stored])


def test_a_file_that_is_gone_can_be_discarded(marketer):
    one = checked(csv_file(1), marketer)
    LeadImport.objects.filter(pk=one.pk).update(stored="")
    discard_import(one.pk, actor=marketer)
    assert not LeadImport.objects.exists()
    assert folder().is_dir()
