"""Rows of several tables inserted by one statement: a decision tells three tables, one round trip.

Part of the gate (`leads.services.gate`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models.sql import InsertQuery


def insert_together(*lists: Sequence[models.Model]) -> None:
    """Insert the rows of each list, every list of one model, and set their primary keys.

    One statement whatever the number of lists and rows; no list may point to rows of another. Empty
    lists are left out.
    """
    kinds = [rows for rows in lists if rows]
    if not kinds:
        return
    parts, params = [], []
    for n, rows in enumerate(kinds):
        sql, values = _insert_sql(rows)
        parts.append(f"t{n} AS ({sql} RETURNING id)")
        params += values
    made = [f"SELECT {n}, id FROM t{n}" for n in range(len(kinds))]  # noqa: S608  # numbers
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} {' UNION ALL '.join(made)}", params)
        _take_keys(kinds, cursor.fetchall())


def _insert_sql(rows: Sequence[models.Model]) -> tuple[str, list[Any]]:
    """Return the insert as Django would write it, without what comes back."""
    model = type(rows[0])
    for row in rows:
        row._prepare_related_fields_for_save("insert_together")  # type: ignore[attr-defined]
    query = InsertQuery(model)
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    query.insert_values(fields, list(rows))
    ((sql, values),) = query.get_compiler(connection=connection).as_sql()
    return sql, list(values)


def _take_keys(kinds: Sequence[Sequence[models.Model]], found: list[tuple[int, int]]) -> None:
    """Keys come from one sequence a table, in the order of the rows."""
    for n, rows in enumerate(kinds):
        keys = sorted(pk for kind, pk in found if kind == n)
        for row, pk in zip(rows, keys, strict=True):
            row.pk, row._state.adding, row._state.db = pk, False, connection.alias
