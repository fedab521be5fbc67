"""Rows that tell a person whom an earlier row of the file told: which of them comes in.

The first of them that can. A dry run keeps nothing from one chunk to the next, so what came in is
known by the ledger; within a chunk the rows find each other by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from leads.models import ImportRow, LeadImport
from leads.row_results import RowResult, RowVerdict

CAME_SQL = """
    SELECT coalesce(r.twin_of, r.number), min(r.number) FROM leads_importrow AS r
    WHERE r.lead_import_id = %(pk)s AND r.number < %(start)s
        AND (r.twin_of IS NOT NULL OR r.number = ANY(%(firsts)s))
        AND r.number NOT IN (
            SELECT (p ->> 'row')::int FROM leads_importchunk AS c,
                jsonb_array_elements(c.problems) AS p
            WHERE c.lead_import_id = %(pk)s AND c.phase = %(phase)s
                AND p ->> 'verdict' = 'refused')
    GROUP BY 1
"""


class Twins:
    """Held over all chunks of a check or a run; asks nothing before a chunk has such a row, then
    two statements once."""

    def __init__(self) -> None:
        self._firsts: frozenset[int] | None = None
        self._came: dict[int, int] = {}

    def look_up(self, one: LeadImport, phase: str, rows: Sequence[ImportRow]) -> None:
        """Learn what came in before `rows`, where one of them needs it."""
        if self._firsts is not None or all(row.twin_of is None for row in rows):
            return
        told = one.rows.filter(twin_of__isnull=False).values_list("twin_of", flat=True)
        self._firsts = frozenset(first for first in told.distinct() if first is not None)
        asked: dict[str, Any] = {"pk": one.pk, "phase": phase, "start": rows[0].number}
        asked["firsts"] = list(self._firsts)
        with connection.cursor() as cursor:
            cursor.execute(CAME_SQL, asked)
            self._came = dict(cursor.fetchall())

    def came_before(self, row: ImportRow) -> int | None:
        """Return the row of an earlier chunk that told the same person and came in."""
        return self._came.get(row.twin_of) if row.twin_of is not None else None

    def note(self, rows: Iterable[ImportRow], results: dict[int, RowResult]) -> None:
        """Remember which of `rows` came in, for the chunks that follow."""
        for row in rows if self._firsts is not None else ():
            first = row.number if row.twin_of is None else row.twin_of
            is_in = results[row.number].verdict is not RowVerdict.REFUSED
            if is_in and first in (self._firsts or ()):
                self._came.setdefault(first, row.number)
