"""The job of an import: chunk after chunk, from where the ledger stands.

What is to be done stands in the import and its ledger; the bell only wakes a worker. A chunk's work
and its row in the ledger are one transaction under the import's row lock, so a worker that is
killed loses one chunk, which the next one does, and two workers never do the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from leads.enums.imports import AT_WORK, ImportPhase, ImportState
from leads.import_choices import Choices, RowReader
from leads.mapping import read_mapping
from leads.models import ImportChunk, ImportRow, LeadImport
from leads.row_results import ChunkResult, RowProblem, RowResult, RowVerdict
from leads.services.importing import ImportSession, import_chunk
from leads.services.imports import traces
from leads.services.imports.ledger import LEASE, last_of, locked, note_chunk
from leads.services.imports.staging import stage_rows
from leads.services.imports.twins import Twins
from leads.services.imports.undoing import undo_chunk
from smarketing.errors import BadInput

log = structlog.get_logger(__name__)
# While a chunk is written, who posts a form waits for it: so few that it is soon his turn.
ROWS_AT_ONCE = 1_000
MOST_ATTEMPTS = 5
# Where a reason speaks of one field, its column is told.
FIELD_OF = {"bad_email": "email", "no_identity": "email", "unknown_owner": "owner"}
GIVEN_UP = _("It broke off %(n)d times at the same place and was given up: %(error)s")
NOT_MAPPED = _("This file has no mapping.")
GIVEN_UP_AS = {
    ImportState.CHECKING: ImportState.FAILED,
    ImportState.RUNNING: ImportState.PAUSED,
    ImportState.UNDOING: ImportState.CANCELLED,
}
Now = Callable[[], datetime]


def work(now: Now, *, go_on: Callable[[], bool]) -> int:
    """Take the imports that wait, one after the other, while `go_on`; return the chunks done."""
    done = 0
    while go_on() and (pk := lease(now())) is not None:
        try:
            done += _work_on(pk, now, go_on)
        except BadInput as error:
            fail(pk, str(error), at=now())
        except Exception as error:
            note_breakdown(pk, error, at=now())
            raise
        finally:
            release(pk)
    return done


@transaction.atomic
def lease(at: datetime) -> int | None:
    """Take the import that waits longest and that no living worker has; None for none."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=at)
    waiting = LeadImport.objects.filter(free, state__in=AT_WORK).order_by("id")
    one = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if one is None:
        return None
    one.attempts += one.leased_until is not None  # its worker died
    if one.attempts >= MOST_ATTEMPTS:
        _give_up(one, _("its worker died"), at)
        return None
    one.leased_until, one.heartbeat_at = at + LEASE, at
    one.save(update_fields=["attempts", "leased_until", "heartbeat_at"])
    return one.pk


def release(pk: int) -> None:
    """Give the import back for whoever comes next."""
    LeadImport.objects.filter(pk=pk).update(leased_until=None)


@transaction.atomic
def fail(pk: int, why: str, *, at: datetime) -> None:
    """End an import whose file cannot be read; nothing of it came in."""
    one = locked(pk)
    if one.state == ImportState.CHECKING:
        one.state, one.failure, one.finished_at = ImportState.FAILED, why, at
        one.save(update_fields=["state", "failure", "finished_at"])


@transaction.atomic
def note_breakdown(pk: int, error: Exception, *, at: datetime) -> None:
    """Count an error of ours; after a few at the same place the import is given up."""
    one = locked(pk)
    log.error("import_broke_off", lead_import=pk, error=str(error))
    one.attempts += 1
    if one.attempts >= MOST_ATTEMPTS and one.state in AT_WORK:
        _give_up(one, f"{type(error).__name__}", at)
    one.save(update_fields=["attempts"])


def _give_up(one: LeadImport, error: str, at: datetime) -> None:
    """A run that broke off can be resumed, an undo asked for again; a check that did ends."""
    one.failure = GIVEN_UP % {"n": MOST_ATTEMPTS, "error": error}
    is_check = one.state == ImportState.CHECKING
    one.state = GIVEN_UP_AS[ImportState(one.state)]
    one.attempts, one.leased_until = 0, None
    one.finished_at = at if is_check else one.finished_at
    one.save(update_fields=["state", "failure", "attempts", "leased_until", "finished_at"])


def _work_on(pk: int, now: Now, go_on: Callable[[], bool]) -> int:
    one = LeadImport.objects.get(pk=pk)
    if one.state == ImportState.CHECKING and one.total is None:
        stage_rows(pk, now=now, go_on=go_on)
    one.refresh_from_db()
    if one.state == ImportState.UNDOING:
        return _count(lambda: undo_chunk(pk, at=now()), go_on)
    session, twins = session_of(one), Twins()
    return _count(lambda: do_chunk(pk, at=now(), session=session, twins=twins), go_on)


def _count(chunk: Callable[[], bool], go_on: Callable[[], bool]) -> int:
    done = 0
    while go_on() and chunk():
        done += 1
    return done


def session_of(one: LeadImport) -> ImportSession | None:
    """Return what all chunks of a check or a run share; one that never was mapped has none."""
    if not one.mapping:
        return None
    return ImportSession(read_mapping(one.mapping), actor=one.created_by)


@transaction.atomic
def do_chunk(
    pk: int,
    *,
    at: datetime,
    size: int = ROWS_AT_ONCE,
    session: ImportSession | None = None,
    twins: Twins | None = None,
) -> bool:
    """Do the next chunk of what the import is at; tell whether there was one."""
    one = locked(pk)
    if one.total is None or one.state not in (ImportState.CHECKING, ImportState.RUNNING):
        return False
    is_run = one.state == ImportState.RUNNING
    phase = ImportPhase.RUN if is_run else ImportPhase.CHECK
    number, last_row = last_of(one, phase)
    rows = list(one.rows.filter(number__gt=last_row).order_by("number")[:size])
    if not rows:
        _end(one, at)
        return False
    chunk = ImportChunk(lead_import=one, phase=phase, number=number + 1, done_at=at)
    _carry_out(chunk, rows, session or session_of(one), twins or Twins())
    note_chunk(one, chunk, at=at)
    return True


def _end(one: LeadImport, at: datetime) -> None:
    one.state = ImportState.DONE if one.state == ImportState.RUNNING else ImportState.CHECKED
    one.finished_at, one.failure = at, ""
    one.save(update_fields=["state", "finished_at", "failure"])


def _carry_out(
    chunk: ImportChunk, rows: Sequence[ImportRow], session: ImportSession | None, twins: Twins
) -> None:
    """Bring rows in, or for a check bring them in and take everything back."""
    one, at, is_run = chunk.lead_import, chunk.done_at, chunk.phase == ImportPhase.RUN
    if session is None:
        raise BadInput(NOT_MAPPED)
    twins.look_up(one, chunk.phase, rows)
    wrong, ready = _read(rows, RowReader(one.columns, Choices.of(one.choices)), twins)
    before = traces.begin() if is_run else None
    with transaction.atomic():
        result = import_chunk(ready, session.mapping, actor=session.actor, at=at, session=session)
        if not is_run:
            transaction.set_rollback(True)
    if before is not None:
        left = traces.Traces(result, before, at)
        chunk.made = left.made()
        left.note_changes(one, chunk.number)
    results = {row.number: row for row in (*wrong, *result.rows)}
    twins.note(rows, results)
    _count_rows(chunk, [results[row.number] for row in rows])


def _read(
    rows: Sequence[ImportRow], reader: RowReader, twins: Twins
) -> tuple[list[RowResult], list[tuple[int, dict[str, str]]]]:
    """Return the rows refused as they stand, and the others by column."""
    wrong: list[RowResult] = []
    ready: list[tuple[int, dict[str, str]]] = []
    for row in rows:
        problems = [tuple(flaw) for flaw in row.flaws or ()]
        cells: dict[str, str] = {}
        earlier = twins.came_before(row)
        if not problems and earlier is not None:
            told = _("The same person and product line stand in row %(n)d.") % {"n": earlier}
            problems = [("", "twice_in_file", told)]
        if not problems:
            cells, problems = reader.read(row.cells)
        if problems:
            told_all = tuple(RowProblem(*map(str, one)) for one in problems)
            wrong.append(RowResult(row.number, RowVerdict.REFUSED, told_all))
        else:
            ready.append((row.number, cells))
    return wrong, ready


def _count_rows(chunk: ImportChunk, results: Sequence[RowResult]) -> None:
    told = ChunkResult(tuple(results))
    choices = Choices.of(chunk.lead_import.choices)
    columns = {code: choices.column_of(name) or "" for code, name in FIELD_OF.items()}
    chunk.last_row, chunk.rows = results[-1].number, len(results)
    chunk.created = told.count(RowVerdict.CREATED)
    chunk.updated = told.count(RowVerdict.UPDATED)
    chunk.unchanged = told.count(RowVerdict.UNCHANGED)
    chunk.refused = told.count(RowVerdict.REFUSED)
    chunk.problems = [
        _told(row, problem, problem.column or columns.get(problem.code, ""))
        for row in results
        for problem in row.problems
    ]


def _told(row: RowResult, problem: RowProblem, column: str) -> dict[str, Any]:
    return {
        "row": row.number,
        "verdict": row.verdict.value,
        "column": column,
        "code": problem.code,
        "message": problem.message,
    }
