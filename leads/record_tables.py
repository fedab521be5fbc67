"""Which tables hold something of a lead or a contact, read off the models of every floor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model


@dataclass(frozen=True)
class RecordTable:
    """A table whose rows belong to a record by `column`; `label` names its model."""

    label: str
    table: str
    column: str


@cache
def tables_of(model: type[Model]) -> tuple[RecordTable, ...]:
    """Return every table with a foreign key to `model` but its own, histories left out."""
    return tuple(sorted(set(_related(model)), key=lambda one: (one.label, one.column)))


def _related(model: type[Model]) -> Iterator[RecordTable]:
    for relation in model._meta.get_fields(include_hidden=True):
        told: Any = relation
        if not (relation.auto_created and not relation.concrete and relation.is_relation):
            continue
        if told.many_to_many or told.related_model is model:
            continue
        if told.field.db_constraint:
            row: Any = told.related_model
            yield RecordTable(row._meta.label, row._meta.db_table, told.field.column)


@cache
def deeper_tables_of(model: type[Model]) -> tuple[tuple[RecordTable, RecordTable], ...]:
    """Return each table that hangs on a table that hangs on `model`, with that one."""
    found: list[tuple[RecordTable, RecordTable]] = []
    for table in tables_of(model):
        row: type[Model] = apps.get_model(table.label)
        found += [(deeper, table) for deeper in tables_of(row)]
    return tuple(found)


@cache
def own_keys_of(model: type[Model]) -> tuple[str, ...]:
    """Return the columns by which rows of `model` point at rows of the same table."""
    fields: Any = model._meta.concrete_fields
    return tuple(field.column for field in fields if field.related_model is model)
