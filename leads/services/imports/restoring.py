"""Fields that an import changed on known records become what they were, where they still hold
what the import wrote. What they were stands in the history of each record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from leads.enums.imports import ChangedKind
from leads.models import Company, Contact, ImportChange, Lead, Opportunity
from leads.services.imports.traces import history_of
from leads.services.indexing import index_people

MODELS: Mapping[str, Any] = {
    ChangedKind.CONTACT: Contact,
    ChangedKind.COMPANY: Company,
    ChangedKind.LEAD: Lead,
    ChangedKind.DEAL: Opportunity,
}
# Found anew from what is left of the history; a person who said no meanwhile stays heard.
NOT_HERE = ("id", "first_mql_at", "no_marketing_since", "erased_at", "merged_into_id")


def restore_fields(
    changes: Iterable[ImportChange], kind: ChangedKind, *, without: Collection[int] = ()
) -> list[int]:
    """Restore the changed records of a kind but those in `without`; return the ids restored.

    The caller has locked them. Four statements at most.
    """
    mine = [
        row
        for row in changes
        if row.kind == kind and row.first_event is not None and row.object_id not in without
    ]
    if not mine:
        return []
    before = _events([row.first_event for row in mine], kind)
    after = _next_events(mine, kind)
    rows = MODELS[kind].objects.in_bulk([row.object_id for row in mine])
    restored = []
    for change in mine:
        row, was = rows.get(change.object_id), before.get(change.first_event or 0)
        if row is None or was is None or getattr(row, "erased_at", None):
            continue
        if _restore(row, was, after.get(row.pk, row), kind):
            row.version += 1
            change.version = row.version
            restored.append(row)
    if restored:
        names = [*map(_field_name(kind), _fields(kind)), "version"]
        MODELS[kind].objects.bulk_update(restored, names)
        ImportChange.objects.bulk_update([c for c in mine if c.object_id in rows], ["version"])
    ids = [row.pk for row in restored]
    if kind == ChangedKind.CONTACT:
        index_people({row.merged_into_id or row.pk for row in restored})
    return ids


def _restore(row: Any, was: Any, left: Any, kind: ChangedKind) -> bool:
    """Put back each field that the import changed and nobody since; tell whether any was."""
    found = False
    for name in _fields(kind):
        old, new = getattr(was, name), getattr(left, name)
        if old != new and getattr(row, name) == new:
            setattr(row, name, old)
            found = True
    return found


def _events(ids: Collection[int | None], kind: ChangedKind) -> dict[int, Any]:
    return {row.pgh_id: row for row in history_of(kind).objects.filter(pgh_id__in=ids)}


def _next_events(changes: Collection[ImportChange], kind: ChangedKind) -> dict[int, Any]:
    """The next event of each record after the import's: how the import had left it."""
    last = {row.object_id: row.last_event or 0 for row in changes}
    later = history_of(kind).objects.filter(
        pgh_obj_id__in=last, pgh_id__gt=min(last.values()), pgh_label="update"
    )
    found: dict[int, Any] = {}
    for row in later.order_by("pgh_id").iterator():
        if row.pgh_id > last[row.pgh_obj_id]:
            found.setdefault(row.pgh_obj_id, row)
    return found


@cache
def _fields(kind: ChangedKind) -> tuple[str, ...]:
    kept = {field.attname for field in history_of(kind)._meta.concrete_fields}
    fields = MODELS[kind]._meta.concrete_fields
    return tuple(f.attname for f in fields if f.attname in kept and f.attname not in NOT_HERE)


def _field_name(kind: ChangedKind) -> Any:
    names = {field.attname: field.name for field in MODELS[kind]._meta.concrete_fields}
    return names.__getitem__
