"""What became of the rows of a file: one result each, in order. Pure.

Rows are counted as in the file, its header being row 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RowVerdict(StrEnum):
    """What an import did with a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row: the column as the file calls it ("" for the row as a whole)."""

    column: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row; a refused one has problems and neither lead nor contact.

    Problems of a row that came in are warnings: what was left out of it.
    """

    number: int
    verdict: RowVerdict
    problems: tuple[RowProblem, ...] = ()
    lead_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True)
class ChunkResult:
    """The results of the rows of a chunk, in their order.

    `was` is what known leads held, by column, where no history keeps it; `companies` are the ids of
    those known of which the rows say something new.
    """

    rows: Sequence[RowResult] = field(default_factory=tuple)
    was: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    companies: Sequence[int] = ()

    def count(self, verdict: RowVerdict) -> int:
        """Return how many rows had this verdict."""
        return sum(1 for row in self.rows if row.verdict is verdict)
