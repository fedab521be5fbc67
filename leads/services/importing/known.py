"""What a row says of a lead that was known: beside its story, and as its policies allow."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from leads.enums import AttributeSubject, Disposition, LifecycleStage
from leads.lifecycle import RANK, Position
from leads.mapping import Mapping, ReadRow
from leads.models import Lead
from leads.row_results import RowProblem
from leads.services.importing.arrivals import Arrival
from leads.services.importing.cycles import Cycle
from leads.services.importing.names import Meant
from leads.services.importing.own import NOTHING, as_json, learnt

NAMED = ("source", "campaign", "persona")
# What no history keeps: an undo of the import needs it said by the import itself.
NOT_IN_HISTORY = ("owner_id", "attempts_brought", "competitor_id", "sql_type_id")
NONE_TOLD: AnyMapping[str, int | None] = {"competitor": None, "sql_type": None}
NOT_LOST = _("A competitor is kept with leads that were lost; this one was not.")
NO_SQL = _("A type is kept with leads that have come as far as SQL; this one has not.")
# What is written of a known lead, with the type that PostgreSQL reads each column as.
WRITTEN = {
    "source_id": "bigint", "campaign_id": "bigint", "persona_id": "bigint", "owner_id": "bigint",
    "attempts_brought": "integer", "competitor_id": "bigint", "sql_type_id": "bigint",
    "attributes": "jsonb",
}  # fmt: skip
PLAIN = ("source_id", "campaign_id", "persona_id", "competitor_id", "sql_type_id", "attributes")
FIELDS_SQL = f"""
    UPDATE {Lead._meta.db_table} AS old
    SET {", ".join(f"{name} = COALESCE(new.{name}, old.{name})" for name in PLAIN)},
        owner_id = COALESCE(new.owner_id, old.owner_id),
        queue_id = CASE WHEN new.owner_id IS NULL THEN old.queue_id END,
        attempts = old.attempts - old.attempts_brought
            + COALESCE(new.attempts_brought, old.attempts_brought),
        attempts_brought = COALESCE(new.attempts_brought, old.attempts_brought),
        version = old.version + 1
    FROM unnest(%s::bigint[], {", ".join(f"%s::{kind}[]" for kind in WRITTEN.values())})
        AS new(id, {", ".join(WRITTEN)})
    WHERE old.id = new.id
"""  # noqa: S608  # fixed names


def news_of(
    cycle: Cycle, row: ReadRow, meant: Meant, end: Position, mapping: Mapping
) -> dict[str, Any]:
    """Return what the row says of a known lead, which comes to `end`, that is to stand, by column.

    Only an open lead changes hands.
    """
    found: dict[str, Any] = {}
    named = {name: getattr(meant, name) for name in NAMED}
    named.update(fitting(row, meant, end, mapping))
    for name, value in named.items():
        if value is not None and mapping.takes(name, getattr(cycle, f"{name}_id"), value):
            found[f"{name}_id"] = value
    owner = meant.owner
    if owner is not None and cycle.is_open and mapping.takes("owner", cycle.owner_id, owner):
        found["owner_id"] = owner
    attempts = row.activities
    if attempts and mapping.takes("activities", cycle.attempts_brought, attempts):
        found["attempts_brought"] = attempts
    told = row.own.get(AttributeSubject.LEAD, NOTHING) if row.own else NOTHING
    own = learnt(cycle.attributes, told, AttributeSubject.LEAD, mapping) if told else None
    if own is not None:
        found["attributes"] = as_json(own)
    return found


def fitting(
    row: ReadRow, meant: Meant, end: Position, mapping: Mapping
) -> AnyMapping[str, int | None]:
    """Return competitor and type of SQL where a lead that came to `end` has such; else the row
    says that they were left out."""
    if meant.competitor is None and meant.sql_type is None:
        return NONE_TOLD
    is_lost = end.disposition is Disposition.LOST
    is_sql = RANK[end.stage] >= RANK[LifecycleStage.SQL]
    asked = (("competitor", is_lost, NOT_LOST), ("sql_type", is_sql, NO_SQL))
    found: dict[str, int | None] = {}
    for name, fits, message in asked:
        told = getattr(meant, name)
        found[name] = told if fits else None
        if told is not None and not fits:
            column = mapping.column_of(name) or name
            row.warnings.append(RowProblem(column, f"{name}_left_out", str(message)))
    return found


def what_was(cycle: Cycle, fields: AnyMapping[str, Any]) -> dict[str, Any]:
    """Return what the changed `fields` of a known lead held, of those that no history keeps."""
    was = {name: getattr(cycle, name) for name in NOT_IN_HISTORY if name in fields}
    return {**was, "queue_id": cycle.queue_id} if "owner_id" in was else was


def write_news(arrivals: Sequence[Arrival]) -> None:
    """Write what is said of known leads, by one statement; none where nothing is."""
    telling = [one for one in arrivals if one.fields]
    if not telling:
        return
    columns: list[list[Any]] = [[one.travel.lead_id for one in telling]]
    columns += [[one.fields.get(name) for one in telling] for name in WRITTEN]
    with connection.cursor() as cursor:
        cursor.execute(FIELDS_SQL, columns)
