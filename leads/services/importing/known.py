"""What a row says of a lead that was known: beside its story, and as its policies allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from leads.enums import AttributeSubject
from leads.mapping import Mapping, ReadRow
from leads.models import Lead
from leads.services.importing.arrivals import Arrival
from leads.services.importing.cycles import Cycle
from leads.services.importing.names import Meant
from leads.services.importing.own import NOTHING, as_json, learnt

NAMED = ("source", "campaign", "persona")
# What is written of a known lead, with the type that PostgreSQL reads each column as.
WRITTEN = {
    "source_id": "bigint", "campaign_id": "bigint", "persona_id": "bigint", "owner_id": "bigint",
    "attempts_brought": "integer", "attributes": "jsonb",
}  # fmt: skip
PLAIN = ("source_id", "campaign_id", "persona_id", "attributes")
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


def news_of(cycle: Cycle, row: ReadRow, meant: Meant, mapping: Mapping) -> dict[str, Any]:
    """Return what the row says of a known lead that is to stand, by column.

    Only an open lead changes hands.
    """
    found: dict[str, Any] = {}
    for name in NAMED:
        value = getattr(meant, name)
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


def write_news(arrivals: Sequence[Arrival]) -> None:
    """Write what is said of known leads, by one statement; none where nothing is."""
    telling = [one for one in arrivals if one.fields]
    if not telling:
        return
    columns: list[list[Any]] = [[one.travel.lead_id for one in telling]]
    columns += [[one.fields.get(name) for one in telling] for name in WRITTEN]
    with connection.cursor() as cursor:
        cursor.execute(FIELDS_SQL, columns)
