"""From the file to the leads: checked without a trace, brought in once, taken out whole."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from leads.enums.imports import ImportPhase, ImportState
from leads.models import Contact, ImportChunk, ImportRow, Lead, Source, StageTransition
from leads.selectors.imports import Counts, counts_of, problems_of, rejected_rows
from leads.services.imports import working
from leads.services.imports.steering import (
    discard_import,
    pause_import,
    resume_import,
    run_import,
    stop_import,
)
from leads.services.imports.working import do_chunk, lease, release
from smarketing.errors import NotAllowed, Refused
from tests.conftest import AT
from tests.leads.imports.made import PLAIN, checked, csv_file, done, go, upload

pytestmark = pytest.mark.django_db
S, P = ImportState, ImportPhase


def things() -> tuple[int, int, int, int]:
    return (
        Contact.objects.count(), Lead.objects.count(), StageTransition.objects.count(),
        Source.objects.count(),
    )  # fmt: skip


def test_a_check_counts_every_row_and_writes_nothing(marketer):
    before = things()
    one = checked(csv_file(3) + "no-address,Bea,Rossi,Acme,2026-01-05\n", marketer)
    assert (one.state, one.total) == (S.CHECKED, 4)
    assert counts_of(one, P.CHECK) == Counts(rows=4, created=3, refused=1)
    assert [(p["row"], p["column"], p["code"]) for p in problems_of(one, P.CHECK)] == [
        (5, "Email", "bad_email")
    ]
    assert things() == before


def test_a_run_brings_in_what_the_check_promised(marketer):
    one = done(csv_file(3), marketer)
    assert (one.state, counts_of(one, P.RUN)) == (S.DONE, Counts(rows=3, created=3))
    lead = Lead.objects.select_related("contact").order_by("id").first()
    assert (lead.stage, lead.lead_at.isoformat(), lead.contact.given_name) == (
        "LEAD", "2025-12-31T23:00:00+00:00", "Anna",
    )  # fmt: skip


def test_the_same_file_twice_changes_nothing(marketer):
    done(csv_file(3), marketer)
    before = things()
    again = done(csv_file(3), marketer)
    assert (counts_of(again, P.RUN), things()) == (Counts(rows=3, unchanged=3), before)


def test_a_person_twice_in_the_file_is_found_across_chunks(marketer, monkeypatch):
    monkeypatch.setattr(do_chunk.__wrapped__, "__kwdefaults__", {"size": 2})
    one = checked(csv_file(3) + "ANNA0@acme.example,Anna,Neri,Acme,\n", marketer)
    assert counts_of(one, P.CHECK) == Counts(rows=4, created=3, refused=1)
    assert problems_of(one, P.CHECK)[0]["code"] == "twice_in_file"
    assert "row 2" in problems_of(one, P.CHECK)[0]["message"]


@pytest.mark.parametrize("size", [1, 2, 5_000])
def test_of_one_person_the_first_row_that_can_comes_in(marketer, monkeypatch, size):
    monkeypatch.setattr(do_chunk.__wrapped__, "__kwdefaults__", {"size": size})
    rows = ["31/31/2026", "2099-01-05", "2026-01-05", "2026-01-06"]
    file = PLAIN + "".join(f"anna@acme.example,Anna,Neri,Acme,{day}\n" for day in rows)
    one = checked(file, marketer)
    told = [(row["row"], row["code"]) for row in problems_of(one, P.CHECK)]
    assert told == [(2, "bad_date"), (3, "in_the_future"), (5, "twice_in_file")]
    assert "row 4" in problems_of(one, P.CHECK)[-1]["message"]
    run_import(one.pk, actor=marketer, at=AT)
    go()
    assert problems_of(one, P.RUN) == problems_of(one, P.CHECK)
    assert Lead.objects.get().lead_at.isoformat() == "2026-01-04T23:00:00+00:00"


def test_a_worker_that_goes_on_where_another_died_knows_who_came_in(marketer):
    one = checked(csv_file(2) + "anna0@acme.example,Anna,Neri,Acme,\n", marketer)
    run_import(one.pk, actor=marketer, at=AT)
    for _row in range(3):
        assert do_chunk(one.pk, at=AT, size=1)  # each time another worker
    assert counts_of(one, P.RUN) == Counts(rows=3, created=2, refused=1)


def test_pause_stops_after_the_chunk_and_resume_goes_on(marketer):
    one = checked(csv_file(5), marketer)
    run_import(one.pk, actor=marketer, at=AT)
    assert do_chunk(one.pk, at=AT, size=2)
    pause_import(one.pk, actor=marketer)
    assert go() == 0
    assert Lead.objects.count() == 2
    resume_import(one.pk, actor=marketer)
    go()
    one.refresh_from_db()
    assert (one.state, counts_of(one, P.RUN)) == (S.DONE, Counts(rows=5, created=5))


def test_a_worker_that_dies_between_chunks_loses_nothing(marketer, monkeypatch):
    one = checked(csv_file(5), marketer)
    run_import(one.pk, actor=marketer, at=AT)
    assert lease(AT) == one.pk
    assert do_chunk(one.pk, at=AT, size=2)  # and then the worker is killed: nothing is released
    assert (go(AT + timedelta(seconds=120)), Lead.objects.count()) == (0, 2)
    go(AT + timedelta(seconds=121))
    one.refresh_from_db()
    assert (one.state, counts_of(one, P.RUN)) == (S.DONE, Counts(rows=5, created=5))
    assert Lead.objects.count() == 5


def test_an_error_in_a_chunk_leaves_it_undone_and_after_five_it_is_given_up(marketer, monkeypatch):
    one = checked(csv_file(5), marketer)
    run_import(one.pk, actor=marketer, at=AT)
    do_chunk(one.pk, at=AT, size=2)
    release(one.pk)
    whole = working.import_chunk

    def breaks(*args, **kwargs):
        whole(*args, **kwargs)
        raise RuntimeError("the database went away")

    monkeypatch.setattr(working, "import_chunk", breaks)
    for _attempt in range(5):
        with pytest.raises(RuntimeError):
            go()
    one.refresh_from_db()
    assert (one.state, Lead.objects.count()) == (S.PAUSED, 2)
    assert "RuntimeError" in one.failure
    monkeypatch.setattr(working, "import_chunk", whole)
    resume_import(one.pk, actor=marketer)
    go()
    assert counts_of(one, P.RUN) == Counts(rows=5, created=5)


def test_stop_and_keep_keeps_what_is_in(marketer):
    one = checked(csv_file(5), marketer)
    run_import(one.pk, actor=marketer, at=AT)
    do_chunk(one.pk, at=AT, size=2)
    stop_import(one.pk, actor=marketer, at=AT)
    go()
    one.refresh_from_db()
    assert (one.state, Lead.objects.count()) == (S.CANCELLED, 2)


def test_rejected_rows_come_back_with_their_reason_and_go_in_when_corrected(marketer):
    wrong = PLAIN + '=1+1,"Bea, ""B""",Rossi,Acme,2026-01-05\n' + csv_file(1).removeprefix(PLAIN)
    one = done(wrong, marketer)
    text = "".join(rejected_rows(one))
    lines = text.removeprefix("\ufeff").splitlines()
    assert lines[0] == "Email,First name,Last name,Company,Created,Why it was refused"
    assert lines[1].startswith('\'=1+1,"Bea, ""B""",Rossi,Acme,2026-01-05,Email: ')
    again = done(text.replace("'=1+1", "bea@acme.example"), marketer)
    assert counts_of(again, P.RUN) == Counts(rows=1, created=1)
    assert Contact.objects.get(email="bea@acme.example").given_name == 'Bea, "B"'


def test_a_file_that_never_ran_is_discarded_whole(marketer, private_folder):
    one = checked(csv_file(3), marketer)
    discard_import(one.pk, actor=marketer)
    assert (ImportRow.objects.count(), ImportChunk.objects.count()) == (0, 0)


def test_only_who_brings_in_history_may(marketer, rep):
    one = checked(csv_file(1), marketer)
    for refused in (
        lambda: upload(csv_file(1), rep),
        lambda: run_import(one.pk, actor=rep, at=AT),
        lambda: discard_import(one.pk, actor=rep),
    ):
        with pytest.raises(NotAllowed):
            refused()
    one.refresh_from_db()
    assert one.state == S.CHECKED


def test_a_verb_out_of_turn_is_refused(marketer):
    one = upload(csv_file(1), marketer)
    with pytest.raises(Refused, match="To be mapped"):
        run_import(one.pk, actor=marketer, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_chunk_once(marketer):
    one = checked(csv_file(40), marketer)
    run_import(one.pk, actor=marketer, at=AT)

    def worker() -> None:
        try:
            while do_chunk(one.pk, at=AT, size=5):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chunks = ImportChunk.objects.filter(phase=P.RUN).order_by("number")
    assert list(chunks.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert (Lead.objects.count(), counts_of(one, P.RUN).created) == (40, 40)
