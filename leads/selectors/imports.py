"""What is seen of imports: the list, one's progress, its problems, its rejected rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from leads.enums.imports import AT_WORK, ImportPhase, ImportState
from leads.formula_guard import guarded
from leads.import_choices import REFUSED_HEAD
from leads.models import ImportChunk, ImportRow, Lead, LeadImport, SavedMapping
from smarketing.errors import NotFound

KINDS_SQL = """
    SELECT p ->> 'column', p ->> 'code', count(*) AS n
    FROM leads_importchunk AS c CROSS JOIN jsonb_array_elements(c.problems) AS p
    WHERE c.lead_import_id = %s AND c.phase = %s
    GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT %s
"""
MOST_KINDS = 50
COUNTS = ("rows", "created", "updated", "unchanged", "refused")
SHOWN = 100
MOST_WORDS = 200
WORDS_SQL = """
    SELECT trim(cells ->> %s) AS word FROM leads_importrow WHERE lead_import_id = %s
    GROUP BY word ORDER BY count(*) DESC, word LIMIT %s
"""
AFTER_RUN = (
    ImportState.RUNNING, ImportState.PAUSED, ImportState.DONE, ImportState.CANCELLED,
    ImportState.UNDOING, ImportState.UNDONE,
)  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """Rows of a phase by verdict."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def come_in(self) -> int:
        """Rows that begin a lead or bring one forward."""
        return self.created + self.updated


@dataclass(frozen=True)
class Progress:
    """How far an import is in what it does now, in rows."""

    phase: ImportPhase
    done: int
    total: int | None
    counts: Counts

    @property
    def label(self) -> str:
        """What is being done, in words."""
        return str(self.phase.label)


def the_import(pk: int) -> LeadImport:
    """Return one import with who made it; raise NotFound."""
    found = LeadImport.objects.select_related("created_by", "undone_by").filter(pk=pk).first()
    if found is None:
        raise NotFound("no such import")
    return found


def with_sums_of_run(rows: QuerySet[LeadImport]) -> QuerySet[LeadImport]:
    """Return the imports, each with the counts of its run."""
    run = Q(chunks__phase=ImportPhase.RUN)
    sums = {f"sum_{name}": Sum(f"chunks__{name}", filter=run, default=0) for name in COUNTS}
    return rows.annotate(**sums)


def counts_of(one: LeadImport, phase: ImportPhase) -> Counts:
    """Return the sums of a phase's ledger."""
    sums = one.chunks.filter(phase=phase).aggregate(**{n: Sum(n, default=0) for n in COUNTS})
    return Counts(**sums)


def phase_of(one: LeadImport) -> ImportPhase:
    """Return what the import does now, or did last."""
    if one.state in (ImportState.UNDOING, ImportState.UNDONE):
        return ImportPhase.UNDO
    if one.state in AFTER_RUN:
        return ImportPhase.RUN
    return ImportPhase.STAGE if one.total is None else ImportPhase.CHECK


def progress_of(one: LeadImport) -> Progress:
    """Return how far the import is; one statement, two while rows are taken out."""
    phase = phase_of(one)
    counts = counts_of(one, phase)
    total = one.total
    if phase == ImportPhase.UNDO:
        total = counts_of(one, ImportPhase.RUN).created
    return Progress(phase, counts.rows, total, counts)


def is_moving(one: LeadImport) -> bool:
    """Tell whether a job is at it, so that the page asks again."""
    return one.state in AT_WORK


def problems_of(one: LeadImport, phase: ImportPhase) -> list[dict[str, Any]]:
    """Return the first problems of a phase in the order of the rows."""
    told: list[dict[str, Any]] = []
    chunks = _with_problems(one, phase).values_list("problems", flat=True)
    for problems in chunks.iterator(chunk_size=20):
        told += problems[: SHOWN - len(told)]
        if len(told) >= SHOWN:
            break
    return told


def kinds_of_problems(one: LeadImport, phase: ImportPhase) -> list[tuple[str, str, int]]:
    """Return (column, code, rows) of every kind of problem, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(KINDS_SQL, [one.pk, phase.value, MOST_KINDS])
        return [(column, code, n) for column, code, n in cursor.fetchall()]


def _with_problems(one: LeadImport, phase: ImportPhase) -> QuerySet[ImportChunk]:
    return one.chunks.filter(phase=phase).exclude(problems=[]).order_by("number")


def rejected_rows(one: LeadImport) -> Iterator[str]:
    """Yield the lines of a CSV file: every refused row as it stood, and why in a last column.

    The cells are guarded against being run; such a file can be corrected and uploaded again.
    """
    heads = [head for head in one.columns if head != REFUSED_HEAD]
    places = [one.columns.index(head) for head in heads]
    yield "\ufeff" + _line([*heads, REFUSED_HEAD])
    phase = ImportPhase.RUN if one.state in AFTER_RUN else ImportPhase.CHECK
    for problems in _with_problems(one, phase).values_list("problems", flat=True).iterator():
        reasons = _reasons(problems)
        rows = ImportRow.objects.filter(lead_import=one, number__in=reasons).order_by("number")
        for row in rows:
            yield _line([*(row.cells[place] for place in places), reasons[row.number]])


def _reasons(problems: list[dict[str, Any]]) -> dict[int, str]:
    reasons: dict[int, list[str]] = {}
    for problem in problems:
        if problem["verdict"] == "refused":
            where = f"{problem['column']}: " if problem["column"] else ""
            said = problem["message"]
            told = said if said.startswith(where) else f"{where}{said}"
            reasons.setdefault(problem["row"], []).append(told)
    return {row: " ".join(told) for row, told in reasons.items()}


def _line(cells: list[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow([guarded(cell) for cell in cells])
    return line.getvalue()


def saved_mapping(one: LeadImport) -> SavedMapping | None:
    """Return the mapping kept for files with these heads."""
    return SavedMapping.objects.filter(fingerprint=one.fingerprint).first()


def words_in(one: LeadImport, place: int) -> list[str]:
    """Return the words of a column in all rows that were read so far, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(WORDS_SQL, [place, one.pk, MOST_WORDS])
        return [word for (word,) in cursor.fetchall()]


def leads_named(ids: Sequence[int]) -> list[Lead]:
    """Return these leads with their people, in the order of their numbers; one statement."""
    return list(Lead.objects.filter(pk__in=ids).select_related("contact").order_by("id"))
