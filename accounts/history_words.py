"""How values of a history are read: people and teams by name, choices by their word."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

NOTHING = "–"
LONGEST = 200
# Never shown, wherever a tracker should come to keep one.
SECRETS = frozenset({"password", "secret", "token", "token_hash", "key"})
NAMES = ("name", "email", "note")


class FieldChange(NamedTuple):
    """One field, before and after; after a removal there is only a before."""

    label: Any
    before: str
    after: str


def related_names(rows: Iterable[Any]) -> dict[tuple[Any, Any], str]:
    """Return how each row that `rows` point to is called: one statement a kind of thing."""
    wanted: dict[Any, set[Any]] = {}
    for row in rows:
        for field in row._meta.fields:
            value = getattr(row, field.attname)
            if isinstance(field, models.ForeignKey) and value and not _of_history(field):
                wanted.setdefault(field.related_model, set()).add(value)
    return {
        (model, pk): str(found)
        for model, pks in wanted.items()
        for pk, found in model._base_manager.in_bulk(pks).items()
    }


def name_of(row: Any, fields: Iterable[Any], names: Mapping[Any, str]) -> str:
    """Return what the thing was called: its name, else that of the person it belongs to."""
    known = {field.name: field for field in fields}
    spoken = [str(getattr(row, name)) for name in NAMES if name in known and getattr(row, name)]
    if "user" in known:
        spoken.insert(0, names.get((known["user"].related_model, row.user_id), NOTHING))
    return " · ".join(spoken[:2]) or f"#{row.pgh_obj_id}"


def field_changes(
    fields: Iterable[Any], before: Any, after: Any | None, names: Mapping[Any, str]
) -> list[FieldChange]:
    """Return the fields that differ; with no `after`, all that held something."""
    changes = []
    for field in fields:
        was = getattr(before, field.attname)
        became = getattr(after, field.attname) if after is not None else None
        empty = was in (None, "", [], {})
        if (after is None and empty) or (after is not None and was == became):
            continue
        changes.append(
            FieldChange(
                getattr(field, "verbose_name", field.name),
                read_value(field, was, names),
                read_value(field, became, names) if after is not None else "",
            )
        )
    return changes


def read_value(field: Any, value: Any, names: Mapping[Any, str]) -> str:
    """Return `value` as its field means it."""
    if field.name in SECRETS:
        return _("hidden")
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(field, models.ForeignKey):
        return names.get((field.related_model, value), f"#{value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j M Y H:i")
    if isinstance(value, date):
        return date_format(value, "j M Y")
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _of_history(field: Any) -> bool:
    return field.name in {"pgh_obj", "pgh_context"}
