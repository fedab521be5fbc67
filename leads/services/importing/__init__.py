"""History from a file: rows become contacts, leads and transitions, chunk by chunk.

A row comes in whole or not at all, with its reasons. Stage dates become history: no routing, clock
or notice follows. A row that is known already is brought forward or left alone, so the same file
twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from leads.mapping import Mapping
from leads.row_results import ChunkResult, RowProblem, RowResult, RowVerdict
from leads.services.house import House
from leads.services.importing.ahead import Ahead
from leads.services.importing.chunk import Chunk, FileChunk
from leads.services.importing.session import ImportSession
from leads.services.sending import sending_ahead, settle_keys, undisturbed

__all__ = [
    "ChunkResult",
    "ImportSession",
    "Problem",
    "Report",
    "RowProblem",
    "RowResult",
    "RowVerdict",
    "import_chunk",
    "import_history",
]

MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Problem:
    """Why a row stayed outside, or what was left out of it; the file's header is row 1."""

    row: int
    code: str
    message: str
    column: str = ""


@dataclass
class Report:
    """What an import did, or would do."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, chunk: ChunkResult) -> None:
        """Count the rows of a chunk; the first problems are kept in words."""
        self.rows += len(chunk.rows)
        for row in chunk.rows:
            setattr(self, row.verdict, getattr(self, row.verdict) + 1)
            for problem in row.problems[: MOST_PROBLEMS - len(self.problems)]:
                told = Problem(row.number, problem.code, problem.message, problem.column)
                self.problems.append(told)


def import_history(
    rows: Iterable[dict[str, str]], mapping: Mapping, *, actor: User | None, at: datetime
) -> Report:
    """Bring in `rows` by `mapping`; each chunk of 5 000 is one transaction.

    Every row is refused when `actor` lacks the right `import_history`; None is the operator of the
    machine.
    """
    report, session = Report(), ImportSession(mapping, actor=actor)
    ahead = Ahead(session, rows)
    while (chunk := ahead.take()).rows:
        report.add(_bring_in(chunk, session, at, meanwhile=ahead.read))
    return report


def import_chunk(
    rows: Sequence[tuple[int, dict[str, str]]],
    mapping: Mapping,
    *,
    actor: User | None,
    at: datetime,
    house: House | None = None,
    session: ImportSession | None = None,
) -> ChunkResult:
    """Bring in the numbered `rows`; return one result each, in order.

    All of it in one transaction, the caller's where there is one: a dry run is the caller rolling
    back. A refused row leaves nothing behind and keeps no other outside. Whoever brings in a file
    by chunks holds one `session` for all of them; it belongs to this mapping and actor. At most
    twelve statements, however many rows there are; rules of scoring ask more.
    """
    held = session or ImportSession(mapping, actor=actor, house=house)
    return _bring_in(FileChunk(held, rows), held, at)


def _bring_in(
    chunk: FileChunk,
    session: ImportSession,
    at: datetime,
    *,
    meanwhile: Callable[[], None] | None = None,
) -> ChunkResult:
    """Bring a chunk in; do `meanwhile` while the database writes."""
    result = _written(chunk, session, at, meanwhile)
    session.note(result)
    return result


def _written(
    chunk: FileChunk, session: ImportSession, at: datetime, meanwhile: Callable[[], None] | None
) -> ChunkResult:
    try:
        with undisturbed(), transaction.atomic(), sending_ahead():
            result = Chunk(session, at).bring_in(chunk)
            settle_keys()
            if meanwhile is not None:
                meanwhile()
            return result
    except IntegrityError:
        # Another transaction made one of these people between our look and our write; once it has
        # committed a second look finds him.
        with undisturbed(), transaction.atomic(), sending_ahead():
            return Chunk(session, at).bring_in(FileChunk(session, chunk.rows))
