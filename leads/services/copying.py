"""Rows of a model written by COPY: the quickest way in, for many rows of one kind.

What a row does not say stands at the field's default, so that a new field with a default needs no
change here. Keys of other rows are told as ids.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.db import connection, models

from leads.services.sending import send

NULL = r"\N"
# In few pieces: for each one the sender waits until it may run.
PIECE = 1 << 20
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def quoted(text: str) -> str:
    """Return `text` as COPY reads it."""
    return text if text.isprintable() and "\\" not in text else text.translate(ESCAPES)


def or_null(value: object) -> object:
    """Return a number or a text that is quoted already, or how COPY writes nothing."""
    return NULL if value is None else value


@lru_cache(maxsize=65_536)
def stamp(instant: datetime | None) -> str:
    """Return an instant as COPY reads it; they repeat within a file."""
    return NULL if instant is None else str(instant)


class Copier:
    """Writes rows of `model`; each row is a line that tells `names` in this order."""

    def __init__(self, model: type[models.Model], *names: str) -> None:
        told = {field.column: field for field in model._meta.concrete_fields}
        rest = [
            field
            for column, field in told.items()
            if column not in names and not (field.primary_key and field.get_internal_type())
        ]
        columns = ", ".join(f'"{name}"' for name in (*names, *(field.column for field in rest)))
        self.sql = f"COPY {model._meta.db_table} ({columns}) FROM STDIN"
        fixed = [_default(field).replace("%", "%%") for field in rest]
        self.line = "\t".join(["%s"] * len(names) + fixed) + "\n"

    def write(self, lines: Sequence[str]) -> None:
        """Write `lines`, made by `line`, by one statement; none for none.

        Within `leads.services.sending.sending_ahead` it is written a little later.
        """
        if not lines:
            return
        told = BytesIO("".join(lines).encode())
        send(lambda cursor: cursor.copy_expert(self.sql, told, PIECE), sql=self.sql)


def _default(field: models.Field[Any, Any]) -> str:
    value = field.get_default()
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        return json.dumps(value)
    return quoted(str(value))


def next_ids(*wanted: tuple[type[models.Model], int]) -> list[list[int]]:
    """Take ids beforehand for so many rows of each model, by one statement."""
    parts = " UNION ALL ".join(
        f"SELECT {n}, nextval((SELECT pg_get_serial_sequence('{model._meta.db_table}', 'id')::regclass))"  # noqa: S608, E501  # fixed names
        " FROM generate_series(1, %s)"
        for n, (model, _count) in enumerate(wanted)
    )
    ids: list[list[int]] = [[] for _one in wanted]
    with connection.cursor() as cursor:
        cursor.execute(parts, [count for _model, count in wanted])
        for n, pk in cursor.fetchall():
            ids[n].append(pk)
    return ids
